import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Members } from '../../../local/endpoint/operations.ts';
import { created, createdUpTo, ended, type Life, stageOf, started, statusOf, storyOf, testBed } from './harness.ts';

let bed: ReturnType<typeof testBed>;

beforeEach(() => {
  bed = testBed();
  bed.push({ a: '1' });
});
afterEach(() => bed.close());

const stop = (life: Life, pipelineExecutionId: string, more: Members = {}): Members =>
  life.call('StopPipelineExecution', { pipelineName: 'shop', pipelineExecutionId, ...more });
const refusalOf = (life: Life, pipelineExecutionId: string, more: Members = {}): string =>
  life.refusal('StopPipelineExecution', { pipelineName: 'shop', pipelineExecutionId, ...more }).code;

const inDeploy = () => createdUpTo(bed, 'EscalatorDeploy');

describe('StopPipelineExecution', () => {
  it('lets what runs finish, begins nothing else, and then has stopped', async () => {
    const { held, life, execution } = await inDeploy();
    expect(stop(life, execution, { reason: 'it hangs' })).toEqual({ pipelineExecutionId: execution });
    expect(statusOf(life, execution).status).toBe('Stopping');
    expect(stageOf(life).latestExecution).toMatchObject({ status: 'Stopping' });
    await held.release();
    await vi.waitFor(() => expect(statusOf(life, execution).status).toBe('Stopped'));
    expect(stageOf(life).latestExecution).toMatchObject({ status: 'Stopped' });
    await expect
      .poll(() => storyOf(life, execution).slice(-6))
      .toEqual([
        'Deploy/Deploy STARTED',
        'pipeline STOPPING',
        'Deploy STOPPING',
        'Deploy/Deploy SUCCEEDED',
        'Deploy STOPPED',
        'pipeline STOPPED',
      ]);
    const [summary] = life.call('ListPipelineExecutions', { pipelineName: 'shop' }).pipelineExecutionSummaries;
    expect(summary).toMatchObject({ status: 'Stopped', stopTrigger: { reason: 'it hangs' } });
  });

  it('that abandons is over at once, and what it left running changes nothing any more', async () => {
    const { held, life, execution } = await inDeploy();
    stop(life, execution, { abandon: true });
    expect(statusOf(life, execution).status).toBe('Stopped');
    expect(stageOf(life).actionStates[0].latestExecution).toMatchObject({ status: 'Abandoned' });
    const story = storyOf(life, execution);
    await held.release();
    const next = started(life);
    await held.release();
    expect(await ended(life, next)).toBe('Succeeded');
    expect(storyOf(life, execution).slice(0, story.length)).toEqual(story);
    expect(statusOf(life, execution).status).toBe('Stopped');
  });

  it('asked for again is refused, except to abandon; so is it of what is over or of no execution', async () => {
    const { life, execution } = await inDeploy();
    stop(life, execution);
    expect(refusalOf(life, execution)).toBe('DuplicatedStopRequestException');
    stop(life, execution, { abandon: true });
    expect(refusalOf(life, execution)).toBe('PipelineExecutionNotStoppableException');
    expect(refusalOf(life, randomUUID())).toBe('PipelineExecutionNotStoppableException');
    expect(refusalOf(life, execution, { reason: 'x'.repeat(201) })).toBe('ValidationException');
    expect(life.refusal('StopPipelineExecution', { pipelineName: 'no', pipelineExecutionId: execution }).code).toBe(
      'PipelineNotFoundException',
    );
  });

  it('keeps the stage until it has stopped: nothing is rolled back into it, nor retried, meanwhile', async () => {
    const { held, life, execution } = await inDeploy();
    await held.release();
    await ended(life, execution);
    const second = started(life);
    await vi.waitFor(() => expect(held.waiting()).toBe(1));
    stop(life, second);
    const stage = { pipelineName: 'shop', stageName: 'Deploy' };
    expect(life.refusal('RollbackStage', { ...stage, targetPipelineExecutionId: execution }).code).toBe(
      'UnableToRollbackStageException',
    );
    const retry = { ...stage, pipelineExecutionId: second, retryMode: 'FAILED_ACTIONS' };
    expect(life.refusal('RetryStageExecution', retry).code).toBe('ConflictException');
  });

  it('goes on after a restart: what ran is run again, and then it has stopped', async () => {
    const { life, execution } = await inDeploy();
    stop(life, execution);
    await life.kill();
    const again = bed.open();
    await vi.waitFor(() => expect(statusOf(again, execution).status).toBe('Stopped'));
  });
});

describe('a stage transition', () => {
  const door = (life: Life, operation: string, more: Members = {}): Members =>
    life.call(operation, {
      pipelineName: 'shop',
      stageName: 'Deploy',
      transitionType: 'Inbound',
      reason: 'an audit',
      ...more,
    });

  it('that is closed lets nothing in, says by whom and why, and lets the newest in when it is opened', async () => {
    const life = bed.open();
    await created(life);
    door(life, 'DisableStageTransition');
    const [older, newer] = [started(life), started(life)];
    await vi.waitFor(() => expect(statusOf(life, older).status).toBe('Superseded'));
    await vi.waitFor(() => expect(stageOf(life).inboundExecution).toMatchObject({ pipelineExecutionId: newer }));
    expect(stageOf(life).inboundTransitionState).toMatchObject({
      enabled: false,
      disabledReason: 'an audit',
      lastChangedBy: 'arn:aws:iam::111122223333:user/local',
      lastChangedAt: expect.any(Date) as Date,
    });
    door(life, 'EnableStageTransition');
    expect(await ended(life, newer)).toBe('Succeeded');
    expect(stageOf(life).inboundTransitionState).toEqual({ enabled: true });
  });

  it('out of a stage is the one into the next', async () => {
    const life = bed.open();
    await created(life);
    door(life, 'DisableStageTransition', { stageName: 'Source', transitionType: 'Outbound' });
    expect(stageOf(life).inboundTransitionState.enabled).toBe(false);
    door(life, 'EnableStageTransition', { stageName: 'Source', transitionType: 'Outbound' });
    expect(stageOf(life).inboundTransitionState.enabled).toBe(true);
  });

  it('does not keep a rollback out, and stays closed over a restart', async () => {
    const life = bed.open();
    const target = await created(life);
    door(life, 'DisableStageTransition');
    const rollback = { pipelineName: 'shop', stageName: 'Deploy', targetPipelineExecutionId: target };
    expect(await ended(life, life.call('RollbackStage', rollback).pipelineExecutionId)).toBe('Succeeded');
    await life.kill();
    expect(stageOf(bed.open()).inboundTransitionState.enabled).toBe(false);
  });

  it.each([
    ['StageNotFoundException', { stageName: 'Depoly' }],
    ['PipelineNotFoundException', { pipelineName: 'no' }],
    ['ValidationException', { transitionType: 'Sideways' }],
    ['ValidationException', { reason: 'see: ticket_1' }],
    ['ValidationException', { reason: 'x'.repeat(301) }],
  ])('is refused as %s for %o', async (code, more) => {
    const life = bed.open();
    await created(life);
    const input = { pipelineName: 'shop', stageName: 'Deploy', transitionType: 'Inbound', reason: 'an audit', ...more };
    expect(life.refusal('DisableStageTransition', input).code).toBe(code);
  });
});
