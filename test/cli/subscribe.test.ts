import { CreateQueueCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, startTopics, type TopicsHere } from '../local/topics/harness.ts';
import { startWorld, type World } from './harness.ts';

const queue = 'arn:aws:sqs:us-east-1:000000000000:ada';

describe('escalator subscribe', () => {
  let topics: TopicsHere;
  let world: World;
  let arn: string;
  beforeAll(async () => {
    [topics, world] = await Promise.all([startTopics(), startWorld()]);
    arn = await topics.topic();
    await new SQSClient(topics.endpoint.config).send(new CreateQueueCommand({ QueueName: 'ada' }));
    world.answers['/api/about'] = { aws: topics.endpoint.url, topics: { devs: arn }, developers: 'devs' };
  });
  afterAll(async () => {
    await Promise.all([topics.remove(), world.close()]);
  });

  const listed = async () => {
    const { out } = await world.run('subscriptions', '--json');
    return (JSON.parse(out.join('\n')) as { items: { arn: string; endpoint: string; filter: string | null }[] }).items;
  };

  it('subscribes to what is mine, and by other words the same address to something else', async () => {
    const { code, out } = await world.run('subscribe', '--author', 'ada@example.com', '--endpoint', queue);
    expect([code, out]).toEqual([0, [`${queue} is subscribed to devs, and gets {"author":["ada@example.com"]}`]]);
    await world.run('subscribe', '--pusher', 'ada', '--only', 'stopped', '--endpoint', queue);
    expect(await listed()).toMatchObject([{ endpoint: queue, filter: '{"pusher":["ada"],"change":["stopped"]}' }]);
    await world.run('subscribe', '--endpoint', queue);
    expect(await listed()).toMatchObject([{ endpoint: queue, filter: null }]);
  });

  it('gets by its filter what is its own, and nothing else', async () => {
    await world.run('subscribe', '--author', 'ada@example.com', '--endpoint', queue);
    for (const author of ['bob@example.com', 'ada@example.com']) await publish(topics, arn, `by ${author}`, { author });
    const sqs = new SQSClient(topics.endpoint.config);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'ada' }));
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    expect(Messages.map(({ Body = '' }) => (JSON.parse(Body) as { Message: string }).Message)).toEqual([
      'by ada@example.com',
    ]);
  });

  it('says that an address by which somebody must agree first gets nothing yet', async () => {
    const { err } = await world.run('subscribe', '--endpoint', 'http://127.0.0.1:1/');
    expect(err.join()).toContain('it is to be confirmed');
    const { out } = await world.run('subscriptions');
    expect(out.join('\n')).toMatch(/http:\/\/127\.0\.0\.1:1\/ +nothing: not confirmed yet/);
  });

  it('ends a subscription', async () => {
    const mine = (await listed()).find(({ endpoint }) => endpoint === queue);
    const { code, out } = await world.run('unsubscribe', mine?.arn ?? '');
    expect([code, out]).toEqual([0, [`${mine?.arn} is ended`]]);
    expect((await listed()).map(({ endpoint }) => endpoint)).toEqual(['http://127.0.0.1:1/']);
  });

  it.each([
    [['--endpoint', 'nowhere'], 2, /ESC-007 nothing is known that has the address "nowhere"; say --protocol/],
    [['--endpoint', queue, '--topic', 'sre'], 2, /ESC-011 there is no topic "sre"; there are devs/],
    [['--endpoint', queue, '--only', 'all'], 2, /ESC-007 --only "all" cannot be; wanted: some of rolled-back/],
    [['--endpoint', 'x', '--protocol', 'pigeon'], 1, /ESC-057 SNS refused: InvalidParameter/],
  ])('says what is wrong with %j', async (args, code, why) => {
    const said = await world.run('subscribe', ...args);
    expect([said.code, said.err.join()]).toEqual([code, expect.stringMatching(why)]);
  });

  it('says that developers have no topic, where they have none', async () => {
    world.answers['/api/about'] = { topics: {}, developers: null };
    const { code, err } = await world.run('subscriptions');
    expect([code, err]).toEqual([2, ['ESC-011 developers have no topic; say alerts.developers.to, or --topic']]);
  });
});
