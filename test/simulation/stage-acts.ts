import {
  ConflictException,
  DuplicatedStopRequestException,
  NotLatestPipelineExecutionException,
  PipelineExecutionNotFoundException,
  PipelineExecutionNotStoppableException,
  RetryStageExecutionCommand,
  StageNotRetryableException,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { deploy, leave, stageEvent } from './pipelines.ts';
import type { World } from './world.ts';

/** What CodePipeline does, where it is asked to, with what is in a stage, or was there last. */
export const answerStage = (world: World, command: unknown): object | null => {
  if (command instanceof RetryStageExecutionCommand) return retry(world, command.input);
  if (command instanceof StopPipelineExecutionCommand) return stop(world, command.input);
  return null;
};

const $metadata = { httpStatusCode: 400 };

const retry = (world: World, { pipelineName, pipelineExecutionId }: RetryStageExecutionCommand['input']): object => {
  const pipeline = world.pipeline(pipelineName);
  const { execution, status } = pipeline.lastInStage ?? {};
  if (pipeline.inStage !== null) throw new ConflictException({ message: 'the stage is in progress', $metadata });
  if (execution === undefined || execution.id !== pipelineExecutionId)
    throw new NotLatestPipelineExecutionException({ message: 'another execution came', $metadata });
  if (status !== 'Failed') throw new StageNotRetryableException({ message: `the stage is ${status}`, $metadata });
  execution.status = 'InProgress';
  execution.attempt += 1;
  deploy(world, pipeline, execution, 'RESUMED');
  return { pipelineExecutionId };
};

/** What runs is let finish, or is left; then the execution is over. */
const stop = (
  world: World,
  { pipelineName, pipelineExecutionId, abandon }: StopPipelineExecutionCommand['input'],
): object => {
  const pipeline = world.pipeline(pipelineName);
  const execution = pipeline.executions.find(({ id }) => id === pipelineExecutionId);
  if (execution === undefined)
    throw new PipelineExecutionNotFoundException({ message: 'no such execution', $metadata });
  if (execution.status === 'Stopping')
    throw new DuplicatedStopRequestException({ message: 'it is being stopped', $metadata });
  if (execution.status !== 'InProgress' || pipeline.inStage !== execution)
    throw new PipelineExecutionNotStoppableException({ message: `it is ${execution.status}`, $metadata });
  const { time, chance } = world;
  execution.status = 'Stopping';
  pipeline.lastInStage = { execution, status: 'Stopping', changedAt: time.now() };
  world.tell(stageEvent(world, pipeline, execution, 'STOPPING'));
  const lasts = abandon === true ? chance.between(500, 5_000) : chance.between(5_000, 120_000);
  time.at(time.now() + lasts, () => leave(world, pipeline, execution, 'Stopped'));
  return { pipelineExecutionId };
};
