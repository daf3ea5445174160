import type { Execution } from './execution.ts';
import { occupies } from './machine.ts';
import type { Definition } from './store.ts';
import type { Refusal } from './structure.ts';

/**
 * Whether a stage may be rolled back to an execution, by the rules of RollbackStage: V2 only, never the source stage,
 * not while the stage runs; the target succeeded there, under the current structure, and is no rollback itself.
 *
 * @param target null when no execution has the id
 * @param active the pipeline's executions that are InProgress
 */
export const refuseRollback = (
  { name, version, structure }: Definition,
  stage: string,
  target: Execution | null,
  active: Execution[],
): { refused: Refusal } | { target: Execution } => {
  const unable = (message: string) => ({ refused: { code: 'UnableToRollbackStageException', message } });
  if (structure.pipelineType !== 'V2') return unable(`Pipeline '${name}' is of type V1; rollback needs V2.`);
  if (structure.stages[0]?.name === stage)
    return unable(`Stage '${stage}' is the source stage, which cannot be rolled back.`);
  if (target === null || target.pipeline !== name)
    return refuse('PipelineExecutionNotFoundException', `Pipeline '${name}' does not have that execution.`);
  if (target.version !== version)
    return refuse(
      'PipelineExecutionOutdatedException',
      `Execution '${target.id}' ran on version ${target.version} of the pipeline; the current version is ${version}.`,
    );
  if (target.type === 'ROLLBACK') return unable(`Execution '${target.id}' is a rollback itself.`);
  if (target.stages[stage]?.status !== 'Succeeded')
    return unable(`Execution '${target.id}' did not succeed in stage '${stage}'.`);
  const running = active.find((execution) => occupies(execution, stage));
  if (running !== undefined) return unable(`Stage '${stage}' is running, in execution '${running.id}'.`);
  return { target };
};

const refuse = (code: string, message: string): { refused: Refusal } => ({ refused: { code, message } });

/**
 * Whether a stage of an execution may be retried, by the rules of RetryStageExecution: the stage failed, the
 * execution was the last to enter it, and the structure is still the one it ran on.
 *
 * @param latest the execution that entered the stage last
 * @returns the refusal, or null
 */
export const refuseRetry = (
  { version }: Definition,
  stage: string,
  execution: Execution,
  latest: Execution | null,
): Refusal | null => {
  const run = execution.stages[stage];
  const notRetryable = (message: string): Refusal => ({ code: 'StageNotRetryableException', message });
  if (run === undefined) return notRetryable(`Execution '${execution.id}' has not entered stage '${stage}'.`);
  if (latest !== null && latest.id !== execution.id)
    return {
      code: 'NotLatestPipelineExecutionException',
      message: `Execution '${execution.id}' is not the latest in stage '${stage}'; '${latest.id}' is.`,
    };
  if (run.status === 'InProgress' || run.status === 'Stopping')
    return { code: 'ConflictException', message: `Stage '${stage}' is still running.` };
  if (run.status !== 'Failed')
    return notRetryable(`Stage '${stage}' is ${run.status}; only a failed stage is retried.`);
  if (execution.version !== version)
    return notRetryable(`The pipeline was changed since: version ${execution.version} then, ${version} now.`);
  return null;
};

/**
 * Whether an execution may be stopped, by the rules of StopPipelineExecution: it is under way. One that is being
 * stopped already may be told to abandon what runs, and nothing else.
 *
 * @param execution null when the pipeline has no execution of the id
 * @returns the refusal, or null
 */
export const refuseStop = (execution: Execution | null, abandon: boolean): Refusal | null => {
  if (execution?.status === 'InProgress' || (execution?.status === 'Stopping' && abandon)) return null;
  if (execution?.status === 'Stopping')
    return { code: 'DuplicatedStopRequestException', message: `Execution '${execution.id}' is being stopped already.` };
  const found =
    execution === null ? 'there is no such execution' : `execution '${execution.id}' is ${execution.status}`;
  return { code: 'PipelineExecutionNotStoppableException', message: `It cannot be stopped: ${found}.` };
};
