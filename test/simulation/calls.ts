import { SetInstanceHealthCommand } from '@aws-sdk/client-auto-scaling';
import {
  RetryStageExecutionCommand,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import type { Execution, Pipeline } from './pipelines.ts';

/** Whether a call changes anything: all others only read. */
export const isAct = (command: object): boolean => acts.has(command.constructor);

const acts = new Set<unknown>([
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  RetryStageExecutionCommand,
  StopPipelineExecutionCommand,
  SetInstanceHealthCommand,
]);

/** Whether it would be done twice if it were called twice: the contract `none`. */
export const isNone = (command: object): boolean =>
  command instanceof RollbackStageCommand || command instanceof RetryStageExecutionCommand;

/** The commit that a call puts into the stage of a pipeline; undefined where it puts none there. */
export const commitPut = ({ executions }: Pipeline, command: object): string | undefined => {
  const commitOf = (wanted: string | undefined) => executions.find(({ id }) => id === wanted)?.commit;
  if (command instanceof RollbackStageCommand) return commitOf(command.input.targetPipelineExecutionId);
  if (command instanceof RetryStageExecutionCommand) return commitOf(command.input.pipelineExecutionId);
  return command instanceof StartPipelineExecutionCommand
    ? command.input.sourceRevisions?.[0]?.revisionValue
    : undefined;
};

/** The execution that a call stops, where that carries what never was here; null where it stops none, or no such one. */
export const newerStopped = ({ executions }: Pipeline, command: object): Execution | null => {
  if (!(command instanceof StopPipelineExecutionCommand)) return null;
  const stopped = executions.find(({ id }) => id === command.input.pipelineExecutionId);
  const wasHere = executions.some(({ commit, reached }) => reached && commit === stopped?.commit);
  return stopped === undefined || stopped.rollbackTo !== null || wasHere ? null : stopped;
};
