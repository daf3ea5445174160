import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Members } from '../../../local/endpoint/operations.ts';
import type { ActionProvider } from '../../../local/pipeline/provider.ts';
import {
  created,
  createdUpTo,
  ended,
  type Life,
  short,
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
    const { held, life, execution: target } = await createdUpTo(bed, 'EscalatorDeploy');
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
    const { held, life, execution: first } = await createdUpTo(bed, 'EscalatorSmoke');
    const refusal = (id: string, mode?: string): string => life.refusal('RetryStageExecution', retry(id, mode)).code;
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
