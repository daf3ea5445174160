import {
  CreateClusterCommand,
  CreateServiceCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { onRecorder, readBackUnheard, readBackUnsent } from '../../harness/acting.ts';
import { pace, type Recorder } from '../../local/recorder/harness.ts';

const web = { cluster: 'shop', service: 'web' };
const restart = { type: 'restart-service', ...web } as const;
const back = { type: 'previous-task-definition', ...web } as const;
const stop = { type: 'stop-service-deployment', ...web } as const;

const runsWebTwo = async (recorder: Recorder) => {
  const { ecs } = recorder;
  await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }));
  for (const image of ['one', 'two', 'three'])
    await ecs.send(
      new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [{ name: 'web', image }] }),
    );
  const made = { cluster: 'shop', serviceName: 'web', taskDefinition: 'web:1', desiredCount: 2 };
  await ecs.send(new CreateServiceCommand(made));
  recorder.pass(3 * pace);
  await ecs.send(new UpdateServiceCommand({ ...web, taskDefinition: 'web:2' }));
  recorder.pass(3 * pace);
};

const on = onRecorder(runsWebTwo);
const rollOut = (taskDefinition: string) => on.recorder.ecs.send(new UpdateServiceCommand({ ...web, taskDefinition }));
const rollouts = async () =>
  (await on.recorder.ecs.send(new ListServiceDeploymentsCommand(web))).serviceDeployments ?? [];

describe('restart-service', () => {
  it('starts new tasks of the same task definition, and is done when they are steady', async () => {
    const act = on.hands.act(restart);
    expect(await act.may()).toEqual({ may: 'act' });
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started', operation: expect.stringMatching(/^ecs-svc\//) });
    expect(await act.after(result)).toMatchObject({ status: 'running' });
    expect(await act.may()).toMatchObject({ may: 'wait' });
    on.recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    expect(await rollouts()).toHaveLength(3);
  });

  it('whose answer is lost is found by the tasks that are new, and is not done again', async () => {
    const act = on.hands.act(restart);
    expect(await readBackUnheard(on.hands, act)).toMatchObject({ outcome: 'started', operation: expect.any(String) });
    expect(await rollouts()).toHaveLength(3);
  });

  it('that never reached ECS did not begin', async () => {
    const act = on.hands.act(restart);
    expect(await readBackUnsent(on.hands, act)).toMatchObject({ outcome: 'not-started' });
  });

  it('failed when something else was deployed in its place', async () => {
    const act = on.hands.act(restart);
    const result = await act.start();
    await rollOut('web:1');
    on.recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'failed' });
  });
});

describe('previous-task-definition', () => {
  it('goes back to the newest older one that ran steadily, not to what never did', async () => {
    await rollOut('web:3');
    on.recorder.pass(2 * pace);
    await rollOut('web:2');
    on.recorder.pass(3 * pace);
    const act = on.hands.act(back);
    expect((await act.look()).target).toMatchObject({ taskDefinition: 'web:2', previous: 'web:1' });
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started', reason: expect.stringContaining('diverged') });
    on.recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    expect(await act.may()).toMatchObject({ may: 'not', reason: expect.stringContaining('nothing to go back to') });
  });

  it('never goes back to what was gone back from lately', async () => {
    expect((await on.hands.act(back).look()).target).toMatchObject({ previous: 'web:1' });
    expect((await on.hands.act(back, 'production/shop#4.1', ['web:1']).look()).target).toMatchObject({
      previous: null,
    });
  });

  it('whose answer is lost is found by what the service is made of; done again it changes nothing', async () => {
    const act = on.hands.act(back);
    expect(await readBackUnheard(on.hands, act)).toMatchObject({
      outcome: 'started',
      reason: expect.stringContaining('web:1'),
    });
    expect(await rollouts()).toHaveLength(3);
  });

  it('that never reached ECS did not begin', async () => {
    const act = on.hands.act(back);
    expect(await readBackUnsent(on.hands, act)).toMatchObject({ outcome: 'not-started' });
  });
});

describe('stop-service-deployment', () => {
  it('takes back what is under way, and is done when ECS has', async () => {
    await rollOut('web:3');
    on.recorder.pass(pace);
    const act = on.hands.act(stop);
    expect(await act.may()).toEqual({ may: 'act' });
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started' });
    expect(await act.after(result)).toMatchObject({ status: 'running' });
    expect(await act.may()).toMatchObject({ may: 'wait', reason: expect.stringContaining('ROLLBACK_REQUESTED') });
    on.recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    expect(await act.may()).toMatchObject({ may: 'already' });
  });

  it('that ended in the moment before is looked at again', async () => {
    await rollOut('web:1');
    const act = on.hands.act(stop);
    const seen = await act.look();
    on.recorder.pass(3 * pace);
    expect(await act.start(seen)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('ConflictException'),
    });
    expect(await act.may()).toMatchObject({ may: 'already' });
  });

  it('whose answer is lost is found by the deployment that no longer goes on', async () => {
    await rollOut('web:3');
    const act = on.hands.act(stop);
    expect(await readBackUnsent(on.hands, act)).toMatchObject({ outcome: 'not-started' });
    expect(await readBackUnheard(on.hands, act)).toMatchObject({ outcome: 'started' });
  });
});

describe('an ECS service', () => {
  it('that is not there is told apart from one that cannot be read', async () => {
    expect(await on.hands.act({ ...restart, cluster: 'other' }).may()).toMatchObject({
      may: 'not',
      reason: expect.stringContaining('ClusterNotFound'),
    });
    const other = on.hands.act({ ...restart, service: 'api' });
    expect(await other.may()).toEqual({ may: 'not', reason: 'ECS service shop/api is MISSING' });
  });
});
