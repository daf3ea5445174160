import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
} from '@aws-sdk/client-codedeploy';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { CreateDocumentCommand, DescribeAutomationExecutionsCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../functions/support/aws-clients.ts';
import { environmentFrom } from '../../../functions/support/environment.ts';
import { createEyes, type TargetClients } from '../../../functions/support/eyes.ts';
import { createTargetClients } from '../../../functions/support/reads.ts';
import { createActions } from '../../../functions/take-step/actions.ts';
import { createHands } from '../../../functions/take-step/hands.ts';
import type { ActionConfig } from '../../../shared/config/config.ts';
import { aimOf } from '../../../shared/ladder/actions.ts';
import type { ActResult } from '../../../shared/ladder/input.ts';
import type { Intent, TargetReading } from '../../../shared/ladder/intents.ts';
import { type ActReadings, mayAct } from '../../../shared/ladder/may-act.ts';
import { nothingKnown, shop } from '../../harness/ladder.ts';
import { pace, type Recorder, startRecorder } from '../../local/recorder/harness.ts';

const now = '2026-11-21T12:00:00.000Z';
/** the incident opened after all that is deployed here */
const later = '2026-11-21T23:00:00.000Z';
const alarms = { 'shop-smoke': { value: 'fail' as const, at: now, reason: '' } };

const clientsOn = ({ url }: Recorder) => ({
  ...clientConfig({ ...environmentFrom({ AWS_REGION: 'us-east-1' }), endpoint: url }),
  maxAttempts: 1,
});

/** Hands and eyes on a recorder, over the wire; the answers to what acts can be lost after they were given. */
const handsOn = (recorder: Recorder) => {
  const clients = createTargetClients(clientsOn(recorder));
  const broken = breakable(clients);
  const hands = createActions(createHands(clients));
  const eyes = createEyes(createTargetClients(clientsOn(recorder)));
  const act = (form: ActionConfig, actKey = 'production/shop#4.1', avoid: string[] = []) => {
    const aim = { actKey, level: 'service', avoid, deadline: '2026-11-21T13:00:00.000Z', ...aimOf(form, shop()) };
    const intent = aim as object as Intent;
    let target: TargetReading | undefined;
    const look = async (): Promise<ActReadings> => {
      const seen = { traffic: null, instances: null, ...(await eyes.before(shop(), intent, null)) };
      target = seen.target ?? undefined;
      return { released: true, alarms, readAt: now, ...seen };
    };
    const claim = () => ({ holder: 'me', attempt: '1', instances: [], at: now, ...(target && { target }) });
    return {
      look,
      may: async () => mayAct(intent, await look(), now, shop(), { ...nothingKnown, openedAt: later }),
      start: async (seen?: ActReadings) => hands.start(shop(), intent, seen ?? (await look())),
      readBack: () => hands.readBack(shop(), intent, claim()),
      after: ({ execution, instances, operation }: ActResult) =>
        eyes.after({ intent, claim: claim(), execution, instances, ...(operation !== undefined && { operation }) }),
    };
  };
  return { act, ...broken };
};

/** Puts itself before every client: loses answers, or answers itself. */
const breakable = (clients: TargetClients) => {
  let instead: ((call: () => Promise<unknown>) => Promise<unknown>) | null = null;
  for (const client of Object.values(clients)) {
    const { send } = client as { send: (command: object) => Promise<unknown> };
    const broken = (command: object) => {
      const call = () => send.call(client, command);
      return instead === null ? call() : instead(call);
    };
    Object.assign(client, { send: broken });
  }
  const error = (name: string, status: number) =>
    Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
  return {
    whole: () => void (instead = null),
    loseAnswers: () => void (instead = async (call) => (await call(), Promise.reject(new Error('socket hang up')))),
    loseCalls: () => void (instead = () => Promise.reject(new Error('socket hang up'))),
    answer: (name: string, status = 400) => void (instead = () => Promise.reject(error(name, status))),
  };
};

let recorder: Recorder;
let hands: ReturnType<typeof handsOn>;
beforeEach(async () => {
  recorder = await startRecorder({ fails: ['web:3', 'broken.zip', 'shop-broken'] });
  hands = handsOn(recorder);
});
afterEach(() => recorder.stop());

const setUp = {
  ecs: async () => {
    const { ecs } = recorder;
    await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }));
    for (const image of ['one', 'two', 'three'])
      await ecs.send(
        new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [{ name: 'web', image }] }),
      );
    const made = { cluster: 'shop', serviceName: 'web', taskDefinition: 'web:1', desiredCount: 2 };
    await ecs.send(new CreateServiceCommand(made));
    recorder.pass(3 * pace);
    await rollOut('web:2');
    recorder.pass(3 * pace);
  },
  codedeploy: async () => {
    const { codedeploy } = recorder;
    await codedeploy.send(new CreateApplicationCommand({ applicationName: 'shop' }));
    await codedeploy.send(new CreateDeploymentGroupCommand({ ...group, serviceRoleArn: 'arn:x' }));
    await deploy('good.zip');
    recorder.pass(3 * pace);
  },
  lambda: async () => {
    const { lambda } = recorder;
    await lambda.send(new CreateFunctionCommand({ FunctionName: 'shop', Role: 'arn:x', Code: {} }));
    for (let version = 1; version <= 3; version += 1)
      await lambda.send(new PublishVersionCommand({ FunctionName: 'shop' }));
    await lambda.send(new CreateAliasCommand({ FunctionName: 'shop', Name: 'live', FunctionVersion: '3' }));
  },
  ssm: async () => {
    for (const Name of ['shop-rebuild', 'shop-broken'])
      await recorder.ssm.send(new CreateDocumentCommand({ Name, DocumentType: 'Automation', Content: '{}' }));
  },
};

const group = { applicationName: 'shop', deploymentGroupName: 'blue' };
const rollOut = (taskDefinition: string) =>
  recorder.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'web', taskDefinition }));
const deploy = async (key: string) => {
  const revision = { revisionType: 'S3' as const, s3Location: { bucket: 'b', key, bundleType: 'zip' as const } };
  return (await recorder.codedeploy.send(new CreateDeploymentCommand({ ...group, revision }))).deploymentId;
};
const rollouts = async () =>
  (await recorder.ecs.send(new ListServiceDeploymentsCommand({ cluster: 'shop', service: 'web' })))
    .serviceDeployments ?? [];

const web = { cluster: 'shop', service: 'web' };
const restart = { type: 'restart-service', ...web } as const;
const back = { type: 'previous-task-definition', ...web } as const;
const stop = { type: 'stop-service-deployment', ...web } as const;

describe('restart-service', () => {
  beforeEach(setUp.ecs);

  it('starts new tasks of the same task definition, and is done when they are steady', async () => {
    const act = hands.act(restart);
    expect(await act.may()).toEqual({ may: 'act' });
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started', operation: expect.stringMatching(/^ecs-svc\//) });
    expect(await act.after(result)).toMatchObject({ status: 'running' });
    expect(await act.may()).toMatchObject({ may: 'wait' });
    recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    expect(await rollouts()).toHaveLength(3);
  });

  it('whose answer is lost is found by the tasks that are new, and is not done again', async () => {
    const act = hands.act(restart);
    hands.loseAnswers();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'started', operation: expect.any(String) });
    expect(await rollouts()).toHaveLength(3);
  });

  it('that never reached ECS did not begin', async () => {
    const act = hands.act(restart);
    hands.loseCalls();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'not-started' });
  });

  it('failed when something else was deployed in its place', async () => {
    const act = hands.act(restart);
    const result = await act.start();
    await rollOut('web:1');
    recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'failed' });
  });
});

describe('previous-task-definition', () => {
  beforeEach(setUp.ecs);

  it('goes back to the newest older one that ran steadily, not to what never did', async () => {
    await rollOut('web:3');
    recorder.pass(2 * pace);
    await rollOut('web:2');
    recorder.pass(3 * pace);
    const act = hands.act(back);
    expect((await act.look()).target).toMatchObject({ taskDefinition: 'web:2', previous: 'web:1' });
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started', reason: expect.stringContaining('diverged') });
    recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    expect(await act.may()).toMatchObject({ may: 'not', reason: expect.stringContaining('nothing to go back to') });
  });

  it('never goes back to what was gone back from lately', async () => {
    expect((await hands.act(back).look()).target).toMatchObject({ previous: 'web:1' });
    expect((await hands.act(back, 'production/shop#4.1', ['web:1']).look()).target).toMatchObject({ previous: null });
  });

  it('whose answer is lost is found by what the service is made of; done again it changes nothing', async () => {
    const act = hands.act(back);
    hands.loseAnswers();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'started', reason: expect.stringContaining('web:1') });
    expect(await rollouts()).toHaveLength(3);
  });

  it('that never reached ECS did not begin', async () => {
    const act = hands.act(back);
    hands.loseCalls();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'not-started' });
  });
});

describe('stop-service-deployment', () => {
  beforeEach(setUp.ecs);

  it('takes back what is under way, and is done when ECS has', async () => {
    await rollOut('web:3');
    recorder.pass(pace);
    const act = hands.act(stop);
    expect(await act.may()).toEqual({ may: 'act' });
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started' });
    expect(await act.after(result)).toMatchObject({ status: 'running' });
    expect(await act.may()).toMatchObject({ may: 'wait', reason: expect.stringContaining('ROLLBACK_REQUESTED') });
    recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    expect(await act.may()).toMatchObject({ may: 'already' });
  });

  it('that ended in the moment before is looked at again', async () => {
    await rollOut('web:1');
    const act = hands.act(stop);
    const seen = await act.look();
    recorder.pass(3 * pace);
    expect(await act.start(seen)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('ConflictException'),
    });
    expect(await act.may()).toMatchObject({ may: 'already' });
  });

  it('whose answer is lost is found by the deployment that no longer goes on', async () => {
    await rollOut('web:3');
    const act = hands.act(stop);
    hands.loseCalls();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'not-started' });
    hands.loseAnswers();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'started' });
  });
});

describe('an ECS service', () => {
  it('that is not there is told apart from one that cannot be read', async () => {
    expect(await hands.act(restart).may()).toMatchObject({
      may: 'not',
      reason: expect.stringContaining('ClusterNotFound'),
    });
    await setUp.ecs();
    const other = hands.act({ ...restart, service: 'api' });
    expect(await other.may()).toEqual({ may: 'not', reason: 'ECS service shop/api is MISSING' });
  });
});

describe('stop-deployment', () => {
  beforeEach(setUp.codedeploy);
  const form = { type: 'stop-deployment', application: 'shop', group: 'blue' } as const;

  it('stops, and is done when the rollback succeeded', async () => {
    expect(await hands.act(form).may()).toMatchObject({ may: 'already' });
    await deploy('broken.zip');
    const act = hands.act(form);
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started', operation: expect.stringMatching(/^d-/) });
    recorder.pass(pace);
    expect(await act.after(result)).toMatchObject({ status: 'running' });
    expect(await act.may()).toMatchObject({ may: 'wait', reason: expect.stringContaining('rolls back already') });
    recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
  });

  it('whose answer is lost is found by the deployment that is being rolled back, and one that goes on did not begin', async () => {
    await deploy('broken.zip');
    const act = hands.act(form);
    hands.loseCalls();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'not-started' });
    hands.loseAnswers();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'started', operation: expect.any(String) });
  });

  it('of a group that is not there is refused', async () => {
    const other = hands.act({ ...form, group: 'green' });
    expect(await other.may()).toMatchObject({ may: 'not', reason: expect.stringContaining('DoesNotExist') });
  });
});

describe('previous-version', () => {
  beforeEach(setUp.lambda);
  const form = { type: 'previous-version', function: 'shop', alias: 'live' } as const;
  const alias = () => recorder.lambda.send(new GetAliasCommand({ FunctionName: 'shop', Name: 'live' }));
  const point = (FunctionVersion: string) =>
    recorder.lambda.send(new UpdateAliasCommand({ FunctionName: 'shop', Name: 'live', FunctionVersion }));

  it('points the alias to the version before, at once', async () => {
    const act = hands.act(form);
    expect(await act.may()).toEqual({ may: 'act' });
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started', reason: expect.stringContaining('version 2') });
    expect((await alias()).FunctionVersion).toBe('2');
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    await point('3');
    expect(await act.after(result)).toMatchObject({ status: 'failed' });
  });

  it('never points to what was gone back from lately', async () => {
    expect((await hands.act(form, 'production/shop#4.1', ['2']).look()).target).toMatchObject({ previous: '1' });
    const none = hands.act(form, 'production/shop#4.1', ['2', '1']);
    expect(await none.may()).toMatchObject({ may: 'not' });
  });

  it('never overwrites what somebody changed in between', async () => {
    const act = hands.act(form);
    const seen = await act.look();
    await point('1');
    expect(await act.start(seen)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('PreconditionFailed'),
    });
    expect((await alias()).FunctionVersion).toBe('1');
  });

  it('whose answer is lost is found by where the alias points', async () => {
    const act = hands.act(form);
    hands.loseCalls();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'not-started' });
    hands.loseAnswers();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'started' });
    await point('1');
    expect(await act.readBack()).toMatchObject({ outcome: 'unknown' });
  });
});

describe('run-automation', () => {
  beforeEach(setUp.ssm);
  const form = {
    type: 'run-automation' as const,
    document: 'shop-rebuild',
    role: null,
    parameters: { A: ['1'] },
  } satisfies ActionConfig;
  const executions = async () =>
    (await recorder.ssm.send(new DescribeAutomationExecutionsCommand({}))).AutomationExecutionMetadataList;

  it('runs the document once under one intent, and is done when that succeeded', async () => {
    const act = hands.act(form);
    const result = await act.start();
    expect((await act.start()).operation).toBe(result.operation);
    expect(await executions()).toHaveLength(1);
    expect(await act.after(result)).toMatchObject({ status: 'running' });
    expect(await act.may()).toMatchObject({ may: 'wait' });
    recorder.pass(2 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    expect((await hands.act(form, 'production/shop#9.1').start()).operation).not.toBe(result.operation);
  });

  it('failed with what the document says', async () => {
    const act = hands.act({ ...form, document: 'shop-broken' });
    const result = await act.start();
    recorder.pass(2 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'failed', reason: expect.stringContaining('Step fails') });
  });

  it('whose answer is lost is found by its tag', async () => {
    const act = hands.act(form);
    hands.loseCalls();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'not-started' });
    hands.loseAnswers();
    await expect(act.start()).rejects.toThrow('socket hang up');
    hands.whole();
    expect(await act.readBack()).toMatchObject({ outcome: 'started' });
    expect(await hands.act(form, 'production/shop#9.1').readBack()).toMatchObject({ outcome: 'not-started' });
  });
});

describe('a refusal', () => {
  beforeEach(setUp.ssm);
  const form = { type: 'run-automation', document: 'shop-rebuild', role: null, parameters: {} } as const;

  it.each([
    ['AccessDeniedException', 400, 'failed'],
    ['ThrottlingException', 400, 'deferred'],
    ['TooManyRequestsException', 429, 'deferred'],
    ['AutomationExecutionLimitExceededException', 400, 'deferred'],
  ])('%s (%i) is %s', async (name, status, outcome) => {
    hands.answer(name, status);
    expect(await hands.act(form).start()).toMatchObject({ outcome });
  });

  it.each([
    ['InternalServerError', 500],
    ['RequestTimeout', 408],
  ])('is not %s (%i): it may have had its effect', async (name, status) => {
    hands.answer(name, status);
    await expect(hands.act(form).start()).rejects.toThrow(name);
  });

  it('that nobody foresaw is told at once: nothing was done, and trying again helps nobody', async () => {
    const denied = Object.assign(new Error('not authorized'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    const fails = { start: () => Promise.reject(denied), readBack: () => Promise.reject(denied) };
    const actions = createActions({ redeploy: fails } as never);
    const intent = { action: 'redeploy' } as Intent;
    const reason = 'AccessDeniedException: not authorized';
    expect(await actions.start(shop(), intent, {} as never)).toMatchObject({ outcome: 'refused', reason });
    expect(await actions.readBack(shop(), intent, {} as never)).toMatchObject({
      outcome: 'unknown',
      reason: `what became of it cannot be read: ${reason}`,
    });
  });
});
