import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  GetDeploymentCommand,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pace, type Recorder, startRecorder } from './harness.ts';

let recorder: Recorder;
const group = { applicationName: 'shop', deploymentGroupName: 'blue' };
beforeEach(async () => {
  recorder = await startRecorder({ fails: ['broken.zip'], hangs: ['slow.zip'] });
  await recorder.codedeploy.send(new CreateApplicationCommand({ applicationName: 'shop' }));
  const autoRollbackConfiguration = { enabled: true, events: ['DEPLOYMENT_FAILURE' as const] };
  await recorder.codedeploy.send(
    new CreateDeploymentGroupCommand({ ...group, serviceRoleArn: 'arn:x', autoRollbackConfiguration }),
  );
});
afterEach(() => recorder.stop());

const deploy = async (key: string) => {
  const revision = { revisionType: 'S3' as const, s3Location: { bucket: 'b', key, bundleType: 'zip' as const } };
  const { deploymentId } = await recorder.codedeploy.send(new CreateDeploymentCommand({ ...group, revision }));
  return deploymentId ?? '';
};
const get = async (deploymentId: string) =>
  (await recorder.codedeploy.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo;
const stop = (deploymentId: string, autoRollbackEnabled = true) =>
  recorder.codedeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled }));
const list = async () => (await recorder.codedeploy.send(new ListDeploymentsCommand(group))).deployments ?? [];

describe('a deployment of CodeDeploy', () => {
  it('goes through its states in time', async () => {
    const id = await deploy('good.zip');
    expect(await get(id)).toMatchObject({ status: 'Created', creator: 'user', createTime: recorder.now() });
    recorder.pass(pace);
    expect(await get(id)).toMatchObject({ status: 'InProgress' });
    recorder.pass(2 * pace);
    expect(await get(id)).toMatchObject({ status: 'Succeeded', completeTime: recorder.now() });
  });

  it('that fails is rolled back by a deployment of its own, where its group says so', async () => {
    const good = await deploy('good.zip');
    recorder.pass(3 * pace);
    const bad = await deploy('broken.zip');
    recorder.pass(4 * pace);
    const failed = await get(bad);
    const rollback = failed?.rollbackInfo?.rollbackDeploymentId ?? '';
    expect(failed).toMatchObject({ status: 'Failed', errorInformation: { code: 'HEALTH_CONSTRAINTS' } });
    expect(await list()).toEqual([rollback, bad, good]);
    expect(await get(rollback)).toMatchObject({
      status: 'InProgress',
      creator: 'codeDeployRollback',
      rollbackInfo: { rollbackTriggeringDeploymentId: bad },
      revision: { s3Location: { key: 'good.zip' } },
    });
  });

  it('is the only one in its group while it is under way', async () => {
    await deploy('good.zip');
    await expect(deploy('good.zip')).rejects.toMatchObject({ name: 'DeploymentLimitExceededException' });
  });

  it('may never end by itself, until it is stopped', async () => {
    const id = await deploy('slow.zip');
    recorder.pass(1_000 * pace);
    expect(await get(id)).toMatchObject({ status: 'InProgress' });
    await stop(id, false);
    recorder.pass(pace);
    expect(await get(id)).toMatchObject({ status: 'Stopped' });
  });

  it('is kept, and listed by its state', async () => {
    const id = await deploy('good.zip');
    await recorder.restart();
    const running = new ListDeploymentsCommand({ ...group, includeOnlyStatuses: ['Created', 'InProgress'] });
    expect((await recorder.codedeploy.send(running)).deployments).toEqual([id]);
    recorder.pass(3 * pace);
    expect((await recorder.codedeploy.send(running)).deployments).toEqual([]);
    const { deploymentGroupInfo } = await recorder.codedeploy.send(new GetDeploymentGroupCommand(group));
    expect(deploymentGroupInfo).toMatchObject({
      autoRollbackConfiguration: { enabled: true },
      lastSuccessfulDeployment: { deploymentId: id },
    });
  });
});

describe('StopDeployment', () => {
  it('stops, and deploys what last succeeded where that is asked for', async () => {
    await deploy('good.zip');
    recorder.pass(3 * pace);
    const bad = await deploy('broken.zip');
    recorder.pass(pace);
    expect(await stop(bad)).toMatchObject({ status: 'Pending' });
    expect(await stop(bad)).toMatchObject({ status: 'Pending' });
    recorder.pass(pace);
    const stopped = await get(bad);
    expect(stopped).toMatchObject({ status: 'Stopped' });
    expect(await list()).toHaveLength(3);
    recorder.pass(3 * pace);
    const back = await get(stopped?.rollbackInfo?.rollbackDeploymentId ?? '');
    expect(back).toMatchObject({ status: 'Succeeded', revision: { s3Location: { key: 'good.zip' } } });
  });

  it('without a rollback leaves what was deployed', async () => {
    const id = await deploy('good.zip');
    await stop(id, false);
    recorder.pass(pace);
    const stopped = await get(id);
    expect([stopped?.status, stopped?.rollbackInfo]).toEqual(['Stopped', undefined]);
    expect(await list()).toEqual([id]);
  });

  it('is refused for one that is over, is not there, or has no id', async () => {
    const id = await deploy('good.zip');
    recorder.pass(3 * pace);
    await expect(stop(id)).rejects.toMatchObject({ name: 'DeploymentAlreadyCompletedException' });
    await expect(stop('d-ABCDEFGHI')).rejects.toMatchObject({ name: 'DeploymentDoesNotExistException' });
    await expect(stop('nonsense')).rejects.toMatchObject({ name: 'InvalidDeploymentIdException' });
  });
});

it('CodeDeploy refuses applications and groups that are not there', async () => {
  const unknown = (more: object) => recorder.codedeploy.send(new ListDeploymentsCommand({ ...group, ...more }));
  await expect(unknown({ applicationName: 'x' })).rejects.toMatchObject({ name: 'ApplicationDoesNotExistException' });
  await expect(unknown({ deploymentGroupName: 'x' })).rejects.toMatchObject({
    name: 'DeploymentGroupDoesNotExistException',
  });
});
