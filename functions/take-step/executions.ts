import {
  type CodePipelineClient,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
} from '@aws-sdk/client-codepipeline';
import type { Intent } from '../../shared/ladder/events.ts';

/** Refusals that are sure: nothing was started. */
const sureRefusals = [
  'ConflictException',
  'PipelineNotFoundException',
  'StageNotFoundException',
  'PipelineExecutionNotFoundException',
  'ValidationException',
  'InvalidArgumentException',
  'ConcurrentPipelineExecutionsLimitExceededException',
  'ThrottlingException',
];

/** Whether an error says for sure that nothing was started. */
export const isSureRefusal = (error: unknown): boolean => sureRefusals.includes(nameOf(error) ?? '');

/** AWS takes letters, digits and hyphens. */
export const tokenOf = (intent: Intent): string => intent.actKey.replaceAll(/[^a-zA-Z0-9]/g, '-');

/** The newest executions of a pipeline, newest first. */
export const newest = async (client: CodePipelineClient, pipelineName: string): Promise<PipelineExecutionSummary[]> => {
  const answer = await client.send(new ListPipelineExecutionsCommand({ pipelineName, maxResults: 50 }));
  return answer.pipelineExecutionSummaries ?? [];
};

/** CodePipeline's clock and ours may differ by this much. */
const clockSlackMs = 2_000;

/** Whether an execution may have been started by whoever made a claim. */
export const startedSince = (execution: PipelineExecutionSummary, claimedAt: string): boolean =>
  (execution.startTime?.getTime() ?? 0) >= Date.parse(claimedAt) - clockSlackMs;

export const nameOf = (error: unknown): string | null => (error instanceof Error ? error.name : null);
export const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
