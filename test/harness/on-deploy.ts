/** An intent on the stage that puts releases of the shop there, but for what is to be done to it. */
export const onDeploy = {
  actKey: 'production/shop#4.1',
  level: 'deploy',
  target: 'shop/Deploy',
  deadline: '2026-11-21T13:00:00.000Z',
  pipeline: 'shop',
  stage: 'Deploy',
};
