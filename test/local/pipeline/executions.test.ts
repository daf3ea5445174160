import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Members } from '../../../local/endpoint/operations.ts';
import type { ActionProvider } from '../../../local/pipeline/provider.ts';
import { ended, executions, failureOf, heldProvider, type Life, short, storyOf, testBed } from './harness.ts';

let bed: ReturnType<typeof testBed>;

beforeEach(() => {
  bed = testBed();
});
afterEach(() => bed.close());

const created = async (life: Life, definition: Members = short()): Promise<string> => {
  life.call('CreatePipeline', { pipeline: definition });
  const [execution = ''] = executions(life);
  await ended(life, execution);
  return execution;
};

const started = (life: Life, input: Members = {}): string =>
  life.call('StartPipelineExecution', { name: 'shop', ...input }).pipelineExecutionId;

const statusOf = (life: Life, pipelineExecutionId: string): Members =>
  life.call('GetPipelineExecution', { pipelineName: 'shop', pipelineExecutionId }).pipelineExecution;

const stageOf = (life: Life, name = 'Deploy'): Members =>
  life.call('GetPipelineState', { name: 'shop' }).stageStates.find((stage: Members) => stage.stageName === name);

const commitOf = (life: Life, execution: string): unknown => statusOf(life, execution).artifactRevisions[0]?.revisionId;

describe('starting an execution', () => {
  it('of a commit that is named takes that commit, not the newest', async () => {
    const first = bed.push({ a: '1' });
    bed.push({ a: '2' });
    const life = bed.open();
    await created(life);
    const sourceRevisions = [{ actionName: 'Source', revisionType: 'COMMIT_ID', revisionValue: first }];
    const execution = started(life, { sourceRevisions });
    expect(await ended(life, execution)).toBe('Succeeded');
    expect(commitOf(life, execution)).toBe(first);
    expect(statusOf(life, execution).trigger).toMatchObject({ triggerType: 'StartPipelineExecution' });
  });

  it('twice with one token starts one', async () => {
    bed.push({ a: '1' });
    const life = bed.open();
    await created(life);
    const token = { clientRequestToken: 'production-shop-5-1' };
    expect(started(life, token)).toBe(started(life, token));
    expect(executions(life)).toHaveLength(2);
  });

  it.each([
    ['that does not exist', '0123456789012345678901234567890123456789', /could not be read from repository 'shop'/],
    ['that is an option', '--output=/tmp/x', /is no commit id/],
    ['that is a branch', 'main', /is no commit id/],
  ])('of a commit %s fails in the source action, with the reason', async (_what, revisionValue, message) => {
    bed.push({ a: '1' });
    const life = bed.open();
    await created(life);
    const execution = started(life, {
      sourceRevisions: [{ actionName: 'Source', revisionType: 'COMMIT_ID', revisionValue }],
    });
    expect(await ended(life, execution)).toBe('Failed');
    expect(failureOf(life, execution)).toMatchObject({
      action: 'Source',
      errorDetails: { code: 'ConfigurationError', message: expect.stringMatching(message) },
    });
  });

  it('on a branch that does not exist fails in the source action, with the reason', async () => {
    const life = bed.open();
    const execution = await created(life);
    expect(failureOf(life, execution).errorDetails.message).toContain("no branch 'main'");
  });

  it.each([
    ['a pipeline that is not there', { name: 'other' }, 'PipelineNotFoundException'],
    ['a token of another form', { clientRequestToken: 'a b' }, 'ValidationException'],
    [
      'a source action that is not there',
      { sourceRevisions: [{ actionName: 'Sauce', revisionType: 'COMMIT_ID', revisionValue: 'a' }] },
      'ValidationException',
    ],
    [
      'a revision of another type',
      { sourceRevisions: [{ actionName: 'Source', revisionType: 'S3_OBJECT_KEY', revisionValue: 'a' }] },
      'ValidationException',
    ],
    ['variables', { variables: [{ name: 'a', value: 'b' }] }, 'ValidationException'],
  ])('is refused with %s', async (_what, input, code) => {
    bed.push({ a: '1' });
    const life = bed.open();
    await created(life);
    expect(life.refusal('StartPipelineExecution', { name: 'shop', ...input }).code).toBe(code);
  });
});

describe('a branch that moves', () => {
  it('starts one execution of the commit, however often the movement is told', async () => {
    const first = bed.push({ a: '1' });
    const life = bed.open();
    await created(life);
    bed.push({ a: '2' });
    const change = { repository: 'shop', branch: 'main', commit: first, id: '1-new' };
    life.onSourceChange(change);
    life.onSourceChange(change);
    const [execution = '', ...others] = executions(life);
    expect(others).toHaveLength(1);
    await ended(life, execution);
    expect(commitOf(life, execution)).toBe(first);
    expect(statusOf(life, execution).trigger).toEqual({
      triggerType: 'CloudWatchEvent',
      triggerDetail: expect.stringContaining('rule/codepipeline-shop-main'),
    });
  });

  it('starts nothing when it is another branch, another repository, or was deleted', async () => {
    const commit = bed.push({ a: '1' });
    const life = bed.open();
    await created(life);
    life.onSourceChange({ repository: 'shop', branch: 'topic', commit, id: '1' });
    life.onSourceChange({ repository: 'shed', branch: 'main', commit, id: '2' });
    life.onSourceChange({ repository: 'shop', branch: 'main', commit: null, id: '3' });
    expect(executions(life)).toHaveLength(1);
  });
});

describe('mode SUPERSEDED', () => {
  it('lets a newer execution overtake the one that waits for a busy stage, and says so', async () => {
    bed.push({ a: '1' });
    const held = heldProvider();
    const life = bed.open({ EscalatorDeploy: held.provider });
    life.call('CreatePipeline', { pipeline: short() });
    await vi.waitFor(() => expect(held.waiting()).toBe(1));
    const second = started(life);
    await vi.waitFor(() => expect(stageOf(life).inboundExecution?.pipelineExecutionId).toBe(second));
    const third = started(life);
    expect(await ended(life, second)).toBe('Superseded');
    expect(statusOf(life, second).statusSummary).toContain(third);
    await expect.poll(() => storyOf(life, second).at(-1)).toBe('pipeline SUPERSEDED');
    await held.release();
    await held.release();
    expect(await ended(life, third)).toBe('Succeeded');
    expect(held.jobs.map(({ execution }) => execution)).not.toContain(second);
    expect(executions(life)).toHaveLength(3);
  });
});

describe('a failing action', () => {
  it('fails its stage and execution, runs nothing after it, and carries its reason', async () => {
    bed.push({ a: '1' });
    const smoke = vi.fn<ActionProvider>();
    const life = bed.open({
      EscalatorDeploy: async () => ({ status: 'Failed', summary: 'it never answered', errorCode: 'RevisionOutOfSync' }),
      EscalatorSmoke: smoke,
    });
    const execution = await created(life);
    expect(statusOf(life, execution).status).toBe('Failed');
    expect(smoke).not.toHaveBeenCalled();
    const errorDetails = { code: 'RevisionOutOfSync', message: 'it never answered' };
    expect(failureOf(life, execution)).toMatchObject({ action: 'Deploy', errorDetails });
    expect(stageOf(life)).toMatchObject({
      latestExecution: { pipelineExecutionId: execution, status: 'Failed', type: 'STANDARD' },
      actionStates: [{ latestExecution: { status: 'Failed', errorDetails } }, { actionName: 'Smoke' }],
    });
  });

  it('that throws has failed with what was thrown', async () => {
    bed.push({ a: '1' });
    const life = bed.open({ EscalatorDeploy: () => Promise.reject(new Error('no port is free')) });
    const execution = await created(life);
    expect(failureOf(life, execution).errorDetails).toEqual({ code: 'JobFailed', message: 'no port is free' });
  });

  it('with an endless summary is cut to what the API holds', async () => {
    bed.push({ a: '1' });
    const life = bed.open({ EscalatorDeploy: async () => ({ status: 'Failed', summary: 'x'.repeat(10_000) }) });
    const execution = await created(life);
    expect(failureOf(life, execution).externalExecutionSummary).toHaveLength(2_048);
  });
});

/** Deploys what it is given; remembers the commits. */
const recording = () => {
  const deployed: { commit: string; rollback: boolean; inputDir: string }[] = [];
  const provider: ActionProvider = async ({ commit, rollback, inputDir }) => {
    deployed.push({ commit, rollback, inputDir });
    return { status: 'Succeeded', summary: '' };
  };
  return { deployed, provider };
};

describe('RollbackStage', () => {
  const rollBack = (life: Life, targetPipelineExecutionId: string, stageName = 'Deploy'): Members =>
    life.call('RollbackStage', { pipelineName: 'shop', stageName, targetPipelineExecutionId });
  const refusalOf = (life: Life, targetPipelineExecutionId: string, stageName = 'Deploy'): string =>
    life.refusal('RollbackStage', { pipelineName: 'shop', stageName, targetPipelineExecutionId }).code;

  it('runs the stage again with the artifacts of the target, and ends there', async () => {
    const good = bed.push({ a: 'good' });
    const { deployed, provider } = recording();
    const life = bed.open({ EscalatorDeploy: provider });
    const target = await created(life);
    bed.push({ a: 'bad' });
    await ended(life, started(life));
    const { pipelineExecutionId } = rollBack(life, target);
    expect(await ended(life, pipelineExecutionId)).toBe('Succeeded');
    expect(deployed.at(-1)).toEqual({ commit: good, rollback: true, inputDir: deployed[0]?.inputDir });
    expect(statusOf(life, pipelineExecutionId)).toMatchObject({
      executionType: 'ROLLBACK',
      rollbackMetadata: { rollbackTargetPipelineExecutionId: target },
      trigger: { triggerType: 'ManualRollback' },
      artifactRevisions: [{ name: 'SourceOutput', revisionId: good }],
    });
    await expect
      .poll(() => storyOf(life, pipelineExecutionId))
      .toEqual([
        'pipeline STARTED',
        'Deploy STARTED',
        'Deploy/Deploy STARTED',
        'Deploy/Deploy SUCCEEDED',
        'Deploy/Smoke STARTED',
        'Deploy/Smoke SUCCEEDED',
        'Deploy SUCCEEDED',
        'pipeline SUCCEEDED',
      ]);
    expect(stageOf(life).latestExecution).toEqual({ pipelineExecutionId, status: 'Succeeded', type: 'ROLLBACK' });
  });

  it('is refused to a rollback, to an unknown execution, for the source stage, and for an unknown one', async () => {
    bed.push({ a: '1' });
    const life = bed.open();
    const target = await created(life);
    const { pipelineExecutionId } = rollBack(life, target);
    await ended(life, pipelineExecutionId);
    expect(refusalOf(life, pipelineExecutionId)).toBe('UnableToRollbackStageException');
    expect(refusalOf(life, randomUUID())).toBe('PipelineExecutionNotFoundException');
    expect(refusalOf(life, target, 'Source')).toBe('UnableToRollbackStageException');
    expect(refusalOf(life, target, 'Depoly')).toBe('StageNotFoundException');
    expect(refusalOf(life, 'not an id')).toBe('ValidationException');
  });

  it('is refused to an execution that failed in the stage', async () => {
    bed.push({ a: '1' });
    const life = bed.open({ EscalatorDeploy: async () => ({ status: 'Failed', summary: '' }) });
    expect(refusalOf(life, await created(life))).toBe('UnableToRollbackStageException');
  });

  it('is refused once the structure was changed', async () => {
    bed.push({ a: '1' });
    const life = bed.open();
    const target = await created(life);
    expect(life.call('UpdatePipeline', { pipeline: short() }).pipeline.version).toBe(2);
    expect(refusalOf(life, target)).toBe('PipelineExecutionOutdatedException');
  });

  it('is refused while the stage runs, and in a pipeline of type V1', async () => {
    bed.push({ a: '1' });
    const held = heldProvider();
    const life = bed.open({ EscalatorDeploy: held.provider });
    life.call('CreatePipeline', { pipeline: short() });
    const [target = ''] = executions(life);
    await held.release();
    await ended(life, target);
    const running = started(life);
    await vi.waitFor(() => expect(held.waiting()).toBe(1));
    expect(refusalOf(life, target)).toBe('UnableToRollbackStageException');
    await held.release();
    await ended(life, running);
    life.call('UpdatePipeline', { pipeline: { ...short(), pipelineType: 'V1' } });
    expect(refusalOf(life, target)).toBe('UnableToRollbackStageException');
  });
});

describe('RetryStageExecution', () => {
  const retry = (pipelineExecutionId: string, retryMode = 'FAILED_ACTIONS'): Members => ({
    pipelineName: 'shop',
    stageName: 'Deploy',
    pipelineExecutionId,
    retryMode,
  });
  /** Fails the smoke check as often as told, then succeeds. */
  const failing = (times: number): ActionProvider => {
    let left = times;
    return async () => ({ status: (left -= 1) >= 0 ? 'Failed' : 'Succeeded', summary: 'smoke' });
  };

  it('of the failed actions runs those again, in attempt 2, and the execution goes on', async () => {
    bed.push({ a: '1' });
    const { deployed, provider } = recording();
    const life = bed.open({ EscalatorDeploy: provider, EscalatorSmoke: failing(1) });
    const execution = await created(life);
    expect(life.call('RetryStageExecution', retry(execution))).toEqual({ pipelineExecutionId: execution });
    expect(await ended(life, execution)).toBe('Succeeded');
    expect(deployed).toHaveLength(1);
    await expect
      .poll(() => storyOf(life, execution).slice(-6))
      .toEqual([
        'pipeline RESUMED',
        'Deploy RESUMED',
        'Deploy/Smoke STARTED',
        'Deploy/Smoke SUCCEEDED',
        'Deploy SUCCEEDED',
        'pipeline SUCCEEDED',
      ]);
    const resumed = life.events.find(({ detail }) => detail.state === 'RESUMED' && detail.stage === 'Deploy');
    expect(resumed?.detail).toMatchObject({ 'pipeline-execution-attempt': 2 });
    expect(resumed?.detail).not.toHaveProperty('start-time');
    expect(resumed?.detail).toHaveProperty('stage-last-retry-attempt-time');
    expect(stageOf(life).retryStageMetadata).toMatchObject({ manualStageRetryAttempt: 1 });
  });

  it('of all actions runs all of them again', async () => {
    bed.push({ a: '1' });
    const { deployed, provider } = recording();
    const life = bed.open({ EscalatorDeploy: provider, EscalatorSmoke: failing(1) });
    const execution = await created(life);
    life.call('RetryStageExecution', retry(execution, 'ALL_ACTIONS'));
    expect(await ended(life, execution)).toBe('Succeeded');
    expect(deployed).toHaveLength(2);
  });

  it('may fail again, and be retried again', async () => {
    bed.push({ a: '1' });
    const life = bed.open({ EscalatorSmoke: failing(2) });
    const execution = await created(life);
    life.call('RetryStageExecution', retry(execution));
    expect(await ended(life, execution)).toBe('Failed');
    life.call('RetryStageExecution', retry(execution));
    expect(await ended(life, execution)).toBe('Succeeded');
  });

  it('is refused where nothing failed, where another came after, while it runs, and after a change', async () => {
    bed.push({ a: '1' });
    const held = heldProvider();
    const life = bed.open({ EscalatorSmoke: held.provider });
    const refusal = (id: string, mode?: string): string => life.refusal('RetryStageExecution', retry(id, mode)).code;
    life.call('CreatePipeline', { pipeline: short() });
    const [first = ''] = executions(life);
    await vi.waitFor(() => expect(held.waiting()).toBe(1));
    expect(refusal(first)).toBe('ConflictException');
    await held.release('Failed');
    await ended(life, first);
    const second = started(life);
    await held.release();
    await ended(life, second);
    expect(refusal(first)).toBe('NotLatestPipelineExecutionException');
    expect(refusal(second)).toBe('StageNotRetryableException');
    expect(refusal(second, 'SOME_ACTIONS')).toBe('ValidationException');
    expect(refusal(randomUUID())).toBe('PipelineExecutionNotFoundException');
    const third = started(life);
    await held.release('Failed');
    await ended(life, third);
    life.call('UpdatePipeline', { pipeline: short() });
    expect(refusal(third)).toBe('StageNotRetryableException');
  });
});

describe('reading', () => {
  it('executions comes in pages, newest first, and may be those that succeeded in a stage', async () => {
    bed.push({ a: '1' });
    let deployments = 0;
    const life = bed.open({
      EscalatorDeploy: async () => ({ status: (deployments += 1) % 2 === 0 ? 'Failed' : 'Succeeded', summary: '' }),
    });
    const ids = [await created(life)];
    for (let count = 0; count < 3; count += 1) {
      const id = started(life);
      await ended(life, id);
      ids.unshift(id);
    }
    const page = (input: Members): Members => life.call('ListPipelineExecutions', { pipelineName: 'shop', ...input });
    const idsOf = (answer: Members): string[] =>
      answer.pipelineExecutionSummaries.map((each: Members) => each.pipelineExecutionId as string);
    const first = page({ maxResults: 3 });
    const rest = page({ maxResults: 3, nextToken: first.nextToken });
    expect([...idsOf(first), ...idsOf(rest)]).toEqual(ids);
    expect(rest.nextToken).toBeUndefined();
    const succeeded = page({ filter: { succeededInStage: { stageName: 'Deploy' } } });
    expect(idsOf(succeeded)).toEqual([ids[1], ids[3]]);
    expect(first.pipelineExecutionSummaries[0]).toMatchObject({
      status: 'Failed',
      executionType: 'STANDARD',
      executionMode: 'SUPERSEDED',
      startTime: expect.any(Date),
      sourceRevisions: [{ actionName: 'Source', revisionId: commitOf(life, ids[0] ?? '') }],
    });
    expect(life.refusal('ListPipelineExecutions', { pipelineName: 'shop', nextToken: 'x' }).code).toBe(
      'InvalidNextTokenException',
    );
    expect(life.refusal('ListPipelineExecutions', { pipelineName: 'shop', maxResults: 101 }).code).toBe(
      'ValidationException',
    );
  });

  it('actions comes in pages, newest first, of one execution or of all', async () => {
    bed.push({ a: '1' });
    const life = bed.open();
    const execution = await created(life);
    await ended(life, started(life));
    const list = (input: Members): Members => life.call('ListActionExecutions', { pipelineName: 'shop', ...input });
    const names = (answer: Members): string[] =>
      answer.actionExecutionDetails.map((each: Members) => each.actionName as string);
    expect(names(list({}))).toEqual(['Smoke', 'Deploy', 'Source', 'Smoke', 'Deploy', 'Source']);
    const filter = { pipelineExecutionId: execution };
    const first = list({ filter, maxResults: 2 });
    expect(names(first)).toEqual(['Smoke', 'Deploy']);
    expect(names(list({ filter, maxResults: 2, nextToken: first.nextToken }))).toEqual(['Source']);
    expect(
      life.refusal('ListActionExecutions', { pipelineName: 'shop', filter: { pipelineExecutionId: randomUUID() } })
        .code,
    ).toBe('PipelineExecutionNotFoundException');
  });

  it('a pipeline gives its structure as it was taken, by version', async () => {
    const life = bed.open();
    await created(life);
    life.call('UpdatePipeline', { pipeline: { ...short(), roleArn: 'arn:aws:iam::111122223333:role/other' } });
    expect(life.call('GetPipeline', { name: 'shop' })).toMatchObject({
      pipeline: { name: 'shop', version: 2, roleArn: 'arn:aws:iam::111122223333:role/other' },
      metadata: { pipelineArn: 'arn:aws:codepipeline:eu-west-1:111122223333:shop', created: expect.any(Date) },
    });
    expect(life.call('GetPipeline', { name: 'shop', version: 1 }).pipeline).toMatchObject({ ...short(), version: 1 });
    expect(life.refusal('GetPipeline', { name: 'shop', version: 3 }).code).toBe('PipelineVersionNotFoundException');
    expect(life.call('ListPipelines').pipelines).toMatchObject([{ name: 'shop', version: 2, pipelineType: 'V2' }]);
  });

  it('a name that is taken is refused, a deleted pipeline is gone with its history', async () => {
    bed.push({ a: '1' });
    const life = bed.open();
    const pipelineExecutionId = await created(life);
    expect(life.refusal('CreatePipeline', { pipeline: short() }).code).toBe('PipelineNameInUseException');
    life.call('DeletePipeline', { name: 'shop' });
    expect(life.refusal('GetPipelineState', { name: 'shop' }).code).toBe('PipelineNotFoundException');
    expect(life.refusal('UpdatePipeline', { pipeline: short() }).code).toBe('PipelineNotFoundException');
    life.call('CreatePipeline', { pipeline: short() });
    expect(life.refusal('GetPipelineExecution', { pipelineName: 'shop', pipelineExecutionId }).code).toBe(
      'PipelineExecutionNotFoundException',
    );
  });

  it('a definition that is refused changes nothing', async () => {
    const life = bed.open();
    expect(life.refusal('CreatePipeline', { pipeline: { ...short(), stages: [] } }).code).toBe(
      'InvalidStructureException',
    );
    expect(life.call('ListPipelines').pipelines).toEqual([]);
  });
});
