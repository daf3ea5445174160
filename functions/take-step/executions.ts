import {
  type CodePipelineClient,
  ListPipelineExecutionsCommand,
  type ListPipelineExecutionsOutput,
  type PipelineExecutionSummary,
} from '@aws-sdk/client-codepipeline';
import type { ActResult } from '../../shared/ladder/input.ts';
import type { Intent } from '../../shared/ladder/intents.ts';
import type { Claim } from './actions.ts';
import { result } from './answers.ts';

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
export const isSureRefusal = (error: unknown): boolean => sureRefusals.includes(errorName(error) ?? '');

/** AWS takes letters, digits and hyphens. */
export const tokenOf = (intent: Intent): string => intent.actKey.replaceAll(/[^a-zA-Z0-9]/g, '-');

/** CodePipeline's clock and ours may differ by this much. */
const clockSlackMs = 2_000;

/** What became of a call whose answer was lost: the newest execution since the claim that is what it would have started. */
export const readBackFrom = async (
  client: CodePipelineClient,
  pipelineName: string,
  claim: Claim,
  isOurs: (execution: PipelineExecutionSummary) => boolean,
): Promise<ActResult> => {
  const { pipelineExecutionSummaries = [] } = await client.send(
    new ListPipelineExecutionsCommand({ pipelineName, maxResults: 50 }),
  );
  const since = Date.parse(claim.at) - clockSlackMs;
  const ours = pipelineExecutionSummaries.find(
    (execution) => (execution.startTime?.getTime() ?? 0) >= since && isOurs(execution),
  );
  return ours?.pipelineExecutionId === undefined
    ? result('not-started', 'no execution was started for it')
    : result('started', 'found by reading back', { execution: ours.pipelineExecutionId });
};

/** How far back an execution is looked for: CodePipeline keeps them for a year. */
const pagesAtMost = 10;

/** An execution as CodePipeline lists it, with all that it was made of; null where it is not among the newest 1,000. */
export const findExecution = async (
  client: CodePipelineClient,
  pipelineName: string,
  id: string,
): Promise<PipelineExecutionSummary | null> => {
  let nextToken: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const listed: ListPipelineExecutionsOutput = await client.send(
      new ListPipelineExecutionsCommand({ pipelineName, maxResults: 100, nextToken }),
    );
    const found = listed.pipelineExecutionSummaries?.find(({ pipelineExecutionId }) => pipelineExecutionId === id);
    if (found !== undefined) return found;
    nextToken = listed.nextToken;
    if (nextToken === undefined) return null;
  }
  return null;
};

/** Whether somebody asked for the execution by name, as Escalator does; a push did not. */
export const isAskedFor = ({ trigger }: PipelineExecutionSummary): boolean =>
  trigger?.triggerType === 'StartPipelineExecution';

export const errorName = (error: unknown): string | null => (error instanceof Error ? error.name : null);
export const errorMessage = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
