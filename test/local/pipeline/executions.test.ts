import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActionProvider } from '../../../local/pipeline/provider.ts';
import {
  commitOf,
  created,
  createdUpTo,
  ended,
  executions,
  failureOf,
  stageOf,
  started,
  statusOf,
  storyOf,
  testBed,
} from './harness.ts';

let bed: ReturnType<typeof testBed>;

beforeEach(() => {
  bed = testBed();
});
afterEach(() => bed.close());

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
    const { held, life } = await createdUpTo(bed, 'EscalatorDeploy');
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
