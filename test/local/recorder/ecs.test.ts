import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pace, type Recorder, startRecorder } from './harness.ts';

let recorder: Recorder;
beforeEach(async () => {
  recorder = await startRecorder({ fails: ['web:2'] });
  const { ecs } = recorder;
  await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }));
  for (const image of ['good', 'bad', 'better'])
    await ecs.send(
      new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [{ name: 'web', image }] }),
    );
});
afterEach(() => recorder.stop());

const create = (more: Partial<CreateServiceCommandInput> = {}) =>
  recorder.ecs.send(
    new CreateServiceCommand({
      cluster: 'shop',
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 2,
      ...more,
    }),
  );
const update = (more: Partial<UpdateServiceCommandInput>) =>
  recorder.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'web', ...more }));
const service = async () => {
  const { services } = await recorder.ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  return services?.[0];
};
const deployments = async () =>
  (await recorder.ecs.send(new ListServiceDeploymentsCommand({ cluster: 'shop', service: 'web' })))
    .serviceDeployments ?? [];
const statuses = async () => (await deployments()).map(({ status }) => status);
const shortOf = (arn: string | undefined) => arn?.split('/').at(-1);
const stop = async (arn: string | undefined) =>
  recorder.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' }));

describe('a service of ECS', () => {
  it('is rolled out in time: pending, in progress, successful', async () => {
    await create();
    expect(await statuses()).toEqual(['PENDING']);
    recorder.pass(pace);
    expect(await statuses()).toEqual(['IN_PROGRESS']);
    expect((await service())?.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }]);
    recorder.pass(2 * pace);
    expect(await statuses()).toEqual(['SUCCESSFUL']);
    expect(await service()).toMatchObject({
      status: 'ACTIVE',
      deploymentController: { type: 'ECS' },
      taskDefinition: 'arn:aws:ecs:us-east-1:000000000000:task-definition/web:1',
      deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
    });
  });

  it('gets a new deployment by a new task definition or by force, and none by the one it has', async () => {
    await create();
    recorder.pass(3 * pace);
    await update({ taskDefinition: 'web:1' });
    expect(await deployments()).toHaveLength(1);
    await update({ forceNewDeployment: true });
    expect(await statuses()).toEqual(['PENDING', 'SUCCESSFUL']);
    recorder.pass(3 * pace);
    await update({ taskDefinition: 'web' });
    expect(shortOf((await service())?.taskDefinition)).toBe('web:3');
    expect(await statuses()).toEqual(['PENDING', 'SUCCESSFUL', 'SUCCESSFUL']);
  });

  it('whose new tasks never become steady goes on for ever without a circuit breaker, and is stopped by a newer one', async () => {
    await create();
    recorder.pass(3 * pace);
    await update({ taskDefinition: 'web:2' });
    recorder.pass(1_000 * pace);
    expect(await statuses()).toEqual(['IN_PROGRESS', 'SUCCESSFUL']);
    await update({ taskDefinition: 'web:1' });
    expect(await statuses()).toEqual(['PENDING', 'STOPPED', 'SUCCESSFUL']);
  });

  it('whose circuit breaker rolls back says so, and has the task definition of before', async () => {
    await create({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } });
    recorder.pass(3 * pace);
    await update({ taskDefinition: 'web:2' });
    recorder.pass(3 * pace);
    const [newest] = await deployments();
    expect(newest?.status).toBe('ROLLBACK_IN_PROGRESS');
    const { serviceDeployments } = await recorder.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [newest?.serviceDeploymentArn ?? ''] }),
    );
    expect(serviceDeployments).toMatchObject([
      { deploymentCircuitBreaker: { status: 'TRIGGERED' }, rollback: { startedAt: recorder.now() } },
    ]);
    expect(shortOf((await service())?.taskDefinition)).toBe('web:1');
    recorder.pass(2 * pace);
    expect(await statuses()).toEqual(['ROLLBACK_SUCCESSFUL', 'SUCCESSFUL']);
  });

  it('names its revisions, each with the task definition it is made of', async () => {
    await create();
    recorder.pass(3 * pace);
    const [only] = await deployments();
    const { serviceRevisions, failures } = await recorder.ecs.send(
      new DescribeServiceRevisionsCommand({
        serviceRevisionArns: [only?.targetServiceRevisionArn ?? '', 'arn:aws:ecs:us-east-1:1:service-revision/a/b/c'],
      }),
    );
    expect(serviceRevisions?.map(({ taskDefinition }) => shortOf(taskDefinition))).toEqual(['web:1']);
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  });

  it('is kept: a process that is started anew finds it where it was', async () => {
    await create();
    await recorder.restart();
    recorder.pass(3 * pace);
    expect(await statuses()).toEqual(['SUCCESSFUL']);
  });
});

describe('StopServiceDeployment', () => {
  it('rolls back what is under way, and goes on doing so when asked again', async () => {
    await create();
    recorder.pass(3 * pace);
    await update({ taskDefinition: 'web:2' });
    recorder.pass(pace);
    const [newest] = await deployments();
    await stop(newest?.serviceDeploymentArn);
    expect(await statuses()).toEqual(['ROLLBACK_REQUESTED', 'SUCCESSFUL']);
    recorder.pass(pace);
    await stop(newest?.serviceDeploymentArn);
    expect(await statuses()).toEqual(['ROLLBACK_IN_PROGRESS', 'SUCCESSFUL']);
    recorder.pass(2 * pace);
    expect(await statuses()).toEqual(['ROLLBACK_SUCCESSFUL', 'SUCCESSFUL']);
    expect(shortOf((await service())?.taskDefinition)).toBe('web:1');
  });

  it('fails to go back where nothing ran before', async () => {
    await create();
    await stop((await deployments())[0]?.serviceDeploymentArn);
    recorder.pass(3 * pace);
    expect(await statuses()).toEqual(['ROLLBACK_FAILED']);
  });

  it('is refused for a deployment that is over, or is not there', async () => {
    await create();
    recorder.pass(3 * pace);
    const [only] = await deployments();
    await expect(stop(only?.serviceDeploymentArn)).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(stop(`${only?.serviceDeploymentArn}x`)).rejects.toMatchObject({
      name: 'ServiceDeploymentNotFoundException',
    });
  });
});

describe('ECS refuses', () => {
  it('a cluster or service that is not there, by its own exceptions', async () => {
    await expect(update({ cluster: 'none' })).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
    await expect(update({})).rejects.toMatchObject({ name: 'ServiceNotFoundException' });
    const { failures } = await recorder.ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  });

  it('to update a service that was deleted', async () => {
    await create();
    await recorder.ecs.send(new DeleteServiceCommand({ cluster: 'shop', service: 'web' }));
    await expect(update({ forceNewDeployment: true })).rejects.toMatchObject({ name: 'ServiceNotActiveException' });
  });

  it('a new deployment of a service that CodeDeploy deploys', async () => {
    await create({ deploymentController: { type: 'CODE_DEPLOY' } });
    await expect(update({ forceNewDeployment: true })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('Use AWS CodeDeploy'),
    });
    await expect(update({ taskDefinition: 'web:3' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('a task definition that is not there', async () => {
    await create();
    await expect(update({ taskDefinition: 'web:9' })).rejects.toMatchObject({ name: 'ClientException' });
    const unknown = new DescribeTaskDefinitionCommand({ taskDefinition: 'api' });
    await expect(recorder.ecs.send(unknown)).rejects.toMatchObject({ name: 'ClientException' });
  });
});
