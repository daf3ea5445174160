import type { CodePipelineClient, StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { describe, expect, it } from 'vitest';
import { createRedeploy } from '../../../functions/take-step/redeploy.ts';
import type { Redeploy } from '../../../shared/ladder/intents.ts';
import type { ActReadings } from '../../../shared/ladder/may-act.ts';
import { shop } from '../../harness/ladder.ts';
import { onDeploy } from '../../harness/on-deploy.ts';

const commit = 'ab'.repeat(20);
const config = 'cd'.repeat(20);
const release = { id: 'production/shop@x-1', execution: 'x-1', commit } as Redeploy['release'];
const intent: Redeploy = {
  ...onDeploy,
  action: 'redeploy',
  release,
  forCause: null,
};
const readings: ActReadings = { released: true, alarms: {}, readAt: '', traffic: null, instances: null };
const claim = { holder: 'me', attempt: '1', instances: [] };
const refuses = (name: string, message = 'no') => Object.assign(new Error(message), { name });
const tooOld = refuses('PipelineExecutionOutdatedException', 'it ran on another version');

type Answers = { [command: string]: object | Error | ((input: { nextToken?: string }) => object) };

/** CodePipeline that answers each call in one way; what it was asked, in order. */
const world = (answers: Answers) => {
  const asked: { name: string; input: object }[] = [];
  const client = {
    send: (command: { constructor: { name: string }; input: { nextToken?: string } }) => {
      const name = command.constructor.name.replace('Command', '');
      asked.push({ name, input: command.input });
      const answer = answers[name] ?? {};
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve(typeof answer === 'function' ? answer(command.input) : answer);
    },
  } as unknown as CodePipelineClient;
  return {
    asked,
    calls: () => asked.map(({ name }) => name),
    start: () => createRedeploy(client).start(shop(), intent, readings),
    readBack: () => createRedeploy(client).readBack(shop(), intent, { ...claim, at: '2026-11-21T12:30:00.000Z' }),
  };
};

const made = {
  pipelineExecutionSummaries: [
    { pipelineExecutionId: 'x-2', sourceRevisions: [] },
    {
      pipelineExecutionId: 'x-1',
      sourceRevisions: [
        { actionName: 'App', revisionId: commit },
        { actionName: 'Settings', revisionId: config },
        { actionName: 'Image', revisionId: 'sha256:0f' },
        { actionName: 'Data', revisionId: 'v.1' },
      ],
    },
  ],
};

describe('redeploying a release', () => {
  it('rolls the stage back to its execution, where CodePipeline takes that, and says so', async () => {
    const test = world({ RollbackStage: { pipelineExecutionId: 'r-1' } });
    expect(await test.start()).toMatchObject({ outcome: 'started', execution: 'r-1', reason: 'RollbackStage to x-1' });
    expect(test.calls()).toEqual(['RollbackStage']);
  });

  it('builds all its revisions again where it does not, and says why', async () => {
    const test = world({
      RollbackStage: tooOld,
      ListPipelineExecutions: made,
      StartPipelineExecution: { pipelineExecutionId: 's-1' },
    });
    expect(await test.start()).toMatchObject({
      outcome: 'started',
      execution: 's-1',
      reason: `StartPipelineExecution at ${commit}, since PipelineExecutionOutdatedException: it ran on another version`,
    });
    const { input } = test.asked.at(-1) as { input: StartPipelineExecutionCommand['input'] };
    expect(input).toEqual({
      name: 'shop',
      clientRequestToken: 'production-shop-4-1',
      sourceRevisions: [
        { actionName: 'App', revisionType: 'COMMIT_ID', revisionValue: commit },
        { actionName: 'Settings', revisionType: 'COMMIT_ID', revisionValue: config },
        { actionName: 'Image', revisionType: 'IMAGE_DIGEST', revisionValue: 'sha256:0f' },
        { actionName: 'Data', revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: 'v.1' },
      ],
    });
  });

  it('looks for them page by page, and no further than a thousand executions back', async () => {
    const pages = world({
      RollbackStage: tooOld,
      ListPipelineExecutions: ({ nextToken }) => (nextToken === 'p2' ? made : { nextToken: 'p2' }),
      StartPipelineExecution: { pipelineExecutionId: 's-1' },
    });
    expect(await pages.start()).toMatchObject({ outcome: 'started' });
    const endless = world({ RollbackStage: tooOld, ListPipelineExecutions: () => ({ nextToken: 'more' }) });
    expect(await endless.start()).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('knows no execution x-1 any more') as string,
    });
    const listed = ({ asked }: typeof endless) => asked.filter(({ name }) => name === 'ListPipelineExecutions');
    expect(listed(endless)).toHaveLength(10);
    expect(listed(endless)[0]?.input).toMatchObject({ maxResults: 100 }); // as many as AWS takes
    const short = world({ RollbackStage: tooOld, ListPipelineExecutions: { pipelineExecutionSummaries: [] } });
    expect(await short.start()).toMatchObject({ outcome: 'refused' });
    expect(listed(short)).toHaveLength(1);
  });

  it('calls a person where neither can be, with both reasons', async () => {
    const test = world({
      RollbackStage: tooOld,
      ListPipelineExecutions: made,
      StartPipelineExecution: refuses('ValidationException', 'no such revision'),
    });
    expect(await test.start()).toMatchObject({
      outcome: 'refused',
      reason:
        'PipelineExecutionOutdatedException: it ran on another version; and it cannot be built again: ValidationException: no such revision',
    });
    const other = { pipelineExecutionSummaries: [{ pipelineExecutionId: 'x-1', sourceRevisions: [] }] };
    const unsure = world({ RollbackStage: tooOld, ListPipelineExecutions: other });
    expect(await unsure.start()).toMatchObject({ outcome: 'refused' });
    const sourceRevisions = [{ actionName: 'App', revisionId: config }];
    const madeOfOther = { pipelineExecutionSummaries: [{ pipelineExecutionId: 'x-1', sourceRevisions }] };
    const elsewhere = world({ RollbackStage: tooOld, ListPipelineExecutions: madeOfOther });
    expect(await elsewhere.start()).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining(`execution x-1 was not made of ${commit}`) as string,
    });
    expect([...unsure.calls(), ...elsewhere.calls()]).not.toContain('StartPipelineExecution');
  });

  it('ends the step where CodePipeline surely did nothing, and is read back where nobody knows', async () => {
    const sure = world({ RollbackStage: refuses('StageNotFoundException', 'no such stage') });
    expect(await sure.start()).toMatchObject({ outcome: 'failed', reason: 'StageNotFoundException: no such stage' });
    const lost = world({ RollbackStage: refuses('TimeoutError', 'socket hang up') });
    await expect(lost.start()).rejects.toThrow('socket hang up');
    const rebuilt = { RollbackStage: tooOld, ListPipelineExecutions: made };
    const busy = world({ ...rebuilt, StartPipelineExecution: refuses('ConflictException', 'not now') });
    expect(await busy.start()).toMatchObject({ outcome: 'deferred', reason: 'ConflictException: not now' });
    const gone = world({ ...rebuilt, StartPipelineExecution: refuses('TimeoutError', 'socket hang up') });
    await expect(gone.start()).rejects.toThrow('socket hang up');
  });

  it('waits while the stage is busy, and while somebody closed the way a run from the beginning takes', async () => {
    const stage = { stageName: 'Deploy', latestExecution: { status: 'InProgress', pipelineExecutionId: 'x-3' } };
    const busy = world({
      RollbackStage: refuses('UnableToRollbackStageException'),
      GetPipelineState: { stageStates: [stage] },
    });
    expect(await busy.start()).toMatchObject({ outcome: 'deferred', reason: 'the stage is busy with execution x-3' });
    const closed = { stageName: 'Test', inboundTransitionState: { enabled: false } };
    const shut = world({ RollbackStage: tooOld, GetPipelineState: { stageStates: [closed] } });
    expect(await shut.start()).toMatchObject({ outcome: 'deferred', reason: 'the way into stage Test is closed' });
    expect([...busy.calls(), ...shut.calls()]).not.toContain('StartPipelineExecution');
  });
});

describe('a rollback whose answer was lost', () => {
  const rollback = (id: string, startTime: string, target = 'x-1') => ({
    pipelineExecutionId: id,
    startTime: new Date(startTime),
    executionType: 'ROLLBACK',
    rollbackMetadata: { rollbackTargetPipelineExecutionId: target },
  });
  const found = (...pipelineExecutionSummaries: object[]) =>
    world({ ListPipelineExecutions: { pipelineExecutionSummaries } }).readBack();

  it('is the one to the same target that began since the claim, by clocks two seconds apart', async () => {
    const [late, atOnce] = ['2026-11-21T12:30:05.000Z', '2026-11-21T12:29:58.000Z'];
    expect(await found(rollback('r-1', late))).toMatchObject({ outcome: 'started', execution: 'r-1' });
    expect(await found(rollback('r-1', atOnce))).toMatchObject({ outcome: 'started', execution: 'r-1' });
  });

  it('is none that began before the claim, nor one to another target: it was never begun', async () => {
    const earlier = rollback('r-0', '2026-11-21T12:29:57.999Z');
    const other = rollback('r-2', '2026-11-21T12:30:05.000Z', 'x-7');
    expect(await found(earlier, other)).toMatchObject({ outcome: 'not-started', execution: null });
    expect(await found()).toMatchObject({ outcome: 'not-started' });
  });

  it('or a run from the beginning that was asked for by name, of its very commit: a push may bring that too', async () => {
    const run = (triggerType: string, revisionId: string) => ({
      pipelineExecutionId: 's-1',
      startTime: new Date('2026-11-21T12:30:05.000Z'),
      trigger: { triggerType },
      sourceRevisions: [
        { actionName: 'Settings', revisionId: config },
        { actionName: 'App', revisionId },
      ],
    });
    expect(await found(run('StartPipelineExecution', commit))).toMatchObject({ outcome: 'started', execution: 's-1' });
    expect(await found(run('CloudWatchEvent', commit))).toMatchObject({ outcome: 'not-started' });
    expect(await found(run('StartPipelineExecution', 'ef'.repeat(20)))).toMatchObject({ outcome: 'not-started' });
  });
});
