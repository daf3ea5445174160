import { describe, expect, it } from 'vitest';
import { createActions } from '../../../functions/take-step/actions.ts';
import { createHands } from '../../../functions/take-step/hands.ts';
import type { ActionConfig } from '../../../shared/config/config.ts';
import { aimOf } from '../../../shared/ladder/actions.ts';
import type { Intent, TargetReading } from '../../../shared/ladder/intents.ts';
import { ecsService } from '../../harness/ecs.ts';
import { shop } from '../../harness/ladder.ts';

const called: string[] = [];
const client = {
  send: (command: object) => {
    called.push(command.constructor.name);
    return Promise.reject(new Error('it was called'));
  },
};
const services = ['autoScaling', 'codePipeline', 'codeDeploy', 'ecs', 'lambda', 'ssm'];
const hands = createActions(createHands(Object.fromEntries(services.map((name) => [name, client])) as never));

const base = { actKey: 'production/shop#4.1', level: 'l', avoid: [], deadline: '2026-11-21T13:00:00.000Z' };
const intentOf = (form: ActionConfig): Intent => ({ ...base, ...aimOf(form, shop()) }) as object as Intent;
const start = (form: ActionConfig, target: TargetReading | null, instances: string[] | null = null) => {
  called.length = 0;
  const read = { released: true, alarms: {}, readAt: '', traffic: null, instances } as const;
  return hands.start(shop(), intentOf(form), { ...read, ...(target && { target }) });
};
const readBack = (form: ActionConfig, target?: TargetReading) => {
  called.length = 0;
  const claim = { holder: 'me', attempt: '1', instances: [], at: '2026-11-21T12:30:00.000Z' };
  return hands.readBack(shop(), intentOf(form), { ...claim, ...(target && { target }) });
};

const onService = { cluster: 'shop', service: 'web' };
const back: ActionConfig = { type: 'previous-task-definition', ...onService };
const web = ecsService({ previous: null });
const alias: ActionConfig = { type: 'previous-version', function: 'shop', alias: 'live' };
const live: TargetReading = { of: 'alias', version: '7', revision: 'r', weighted: [], previous: null };
const stopExecution: ActionConfig = { type: 'stop-execution', abandon: false };
const stopDeployment: ActionConfig = { type: 'stop-deployment', application: 'shop', group: 'blue' };

describe('a hand for which nothing was read that it could act on', () => {
  it.each<[string, ActionConfig, TargetReading | null, string]>([
    ['goes back to no task definition', back, web, 'ECS service shop/web has no task definition before'],
    ['stops no rollout', { ...back, type: 'stop-service-deployment' }, web, 'no deployment of ECS service shop/web'],
    ['stops no deployment', stopDeployment, null, 'no deployment is under way in shop/blue'],
    ['points no alias back', alias, live, 'alias shop:live has no version before'],
    ['points none back that was not read', alias, null, 'alias shop:live has no version before'],
    ['stops no execution', stopExecution, null, 'nothing was read of stage Deploy'],
    ['stops none where no execution is', stopExecution, { of: 'nothing', reason: '' }, 'nothing was read of stage'],
    ['retries no stage', { type: 'retry-stage' }, null, 'nothing was read of stage'],
    ['replaces no instance', { type: 'replace-instances', group: 'shop-asg' }, null, 'shop-asg has no instance'],
  ])('%s: it calls nobody, and says why', async (_, form, target, reason) => {
    expect(await start(form, target)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining(reason) as string,
    });
    expect(called).toEqual([]);
  });

  it.each<[string, ActionConfig, string]>([
    ['a deployment', stopDeployment, 'shop/blue cannot be read back'],
    ['an execution', stopExecution, 'which execution was to be stopped is not known'],
  ])('knows nothing of %s whose stopping was not answered', async (_, form, reason) => {
    expect(await readBack(form)).toMatchObject({ outcome: 'unknown', reason });
    expect(called).toEqual([]);
  });

  it('knows nothing of a group that cannot be read: what was given up there may be gone', async () => {
    const reason = 'the instances of shop-asg cannot be read';
    const form: ActionConfig = { type: 'replace-instances', group: 'shop-asg' };
    expect(await readBack(form)).toMatchObject({ outcome: 'unknown', reason });
    expect(called).toEqual(['DescribeAutoScalingGroupsCommand']);
  });
});

it('an instance that is given up is so at once: no grace period keeps it', async () => {
  const asked: object[] = [];
  const autoScaling = { send: ({ input }: { input: object }) => (asked.push(input), Promise.resolve({})) };
  const intent = intentOf({ type: 'replace-instances', group: 'shop-asg' });
  const read = { released: true, alarms: {}, readAt: '', traffic: null } as const;
  await createActions(createHands({ autoScaling } as never)).start(shop(), intent, { ...read, instances: ['i-1'] });
  expect(asked).toEqual([{ InstanceId: 'i-1', HealthStatus: 'Unhealthy', ShouldRespectGracePeriod: false }]);
});

it.each([
  ['all of them are gone', [], 'started'],
  ['one of them still serves: giving it up twice is harmless', ['i-1'], 'not-started'],
])('instances that were all to be given up, and whose answer was lost: %s', async (_, serving, outcome) => {
  const Instances = serving.map((InstanceId) => ({ InstanceId, LifecycleState: 'InService', HealthStatus: 'Healthy' }));
  const autoScaling = { send: () => Promise.resolve({ AutoScalingGroups: [{ Instances }] }) };
  const intent = intentOf({ type: 'replace-instances', group: 'shop-asg' });
  const claim = { holder: 'me', attempt: '1', instances: ['i-1', 'i-2'], at: '2026-11-21T12:30:00.000Z' };
  const actions = createActions(createHands({ autoScaling } as never));
  expect(await actions.readBack(shop(), intent, claim)).toMatchObject({ outcome });
});

it('a document is given what fails by its name in the parameter that takes it, and nothing where that is all', async () => {
  const asked: { Parameters?: unknown }[] = [];
  const ssm = { send: ({ input }: { input: object }) => (asked.push(input), Promise.resolve({})) };
  const failing = { parameter: 'Ids', per: 'InstanceId' };
  const given = { document: 'reboot', role: null, parameters: { Zone: ['a'] } };
  const run = async (form: object, targets?: string[]) => {
    const intent = intentOf({ type: 'run-automation', ...given, ...form });
    const read = { released: true, alarms: {}, readAt: '', traffic: null, instances: null } as const;
    const actions = createActions(createHands({ ssm } as never));
    await actions.start(shop(), { ...intent, ...(targets && { targets }) }, read);
    return asked.at(-1)?.Parameters;
  };
  expect(await run({ failing }, ['i-1', 'i-2'])).toEqual({ Zone: ['a'], Ids: ['i-1', 'i-2'] });
  expect(await run({ failing })).toEqual({ Zone: ['a'] });
  expect(await run({}, ['i-1'])).toEqual({ Zone: ['a'] });
});

it('nothing is known of a stage whose retry was not answered, where what was in it then is not known, or what is', async () => {
  const stageStates = [{ stageName: 'Deploy', latestExecution: { pipelineExecutionId: 'x-1', status: 'Failed' } }];
  const latest = { execution: 'x-1', status: 'Failed', commit: null, rollback: false, changedAt: null };
  const back = async (states: object[], target?: TargetReading) => {
    const codePipeline = { send: () => Promise.resolve({ stageStates: states }) };
    const actions = createActions(createHands({ codePipeline } as never));
    const claim = { holder: 'me', attempt: '1', instances: [], at: '2026-11-21T12:30:00.000Z' };
    return actions.readBack(shop(), intentOf({ type: 'retry-stage' }), { ...claim, ...(target && { target }) });
  };
  const unknown = { outcome: 'unknown', reason: 'what was in the stage is not known' };
  expect(await back(stageStates)).toMatchObject(unknown);
  expect(await back([], { of: 'stage', latest })).toMatchObject(unknown);
  expect(await back(stageStates, { of: 'stage', latest })).toMatchObject({ outcome: 'not-started' });
});
