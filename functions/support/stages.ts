import { type CodePipelineClient, GetPipelineExecutionCommand, type StageState } from '@aws-sdk/client-codepipeline';
import type { StageReading } from '../../shared/ladder/actions/pipeline.ts';
import type { RetryStage, StopExecution } from '../../shared/ladder/intents.ts';
import type { TargetReadings } from '../../shared/ladder/may-act.ts';
import type { Eye } from './eyes.ts';
import { readInStage, readStage, readStatus } from './pipelines.ts';
import { readTraffic } from './traffic.ts';

/** What is seen of a stage whose failed actions are to run again. */
export const retryBefore =
  (client: CodePipelineClient): Eye<RetryStage>['before'] =>
  (_ladder, intent, running) =>
    look(client, intent, running);

/** What became of the act. */
export const retryAfter =
  (client: CodePipelineClient): Eye<RetryStage>['after'] =>
  async ({ intent, execution }) =>
    execution === null ? null : readInStage(client, intent, execution);

/** What is seen of an execution that is to be stopped: it is, as soon as it is over, however it ended. */
export const stopBefore =
  (client: CodePipelineClient): Eye<StopExecution>['before'] =>
  (_ladder, intent, running) =>
    look(client, intent, running);

/** What became of the act. */
export const stopAfter =
  (client: CodePipelineClient): Eye<StopExecution>['after'] =>
  async ({ intent, operation }) => {
    if (operation === undefined) return null;
    const status = (await readStatus(client, intent, operation)) ?? 'unknown';
    const isOver = ['Stopped', 'Succeeded', 'Failed', 'Cancelled', 'Superseded'].includes(status);
    return { status: isOver ? 'done' : 'running', reason: `execution ${operation} is ${status}` };
  };

type Stage = { pipeline: string; stage: string };

const look = async (
  client: CodePipelineClient,
  of: Stage,
  running: string | null,
): Promise<Partial<TargetReadings>> => ({
  traffic: await readTraffic(client, of, running),
  target: await readTarget(client, of).catch(() => null),
});

/** A stage with what came there last; null where the pipeline has no such stage. */
export const readTarget = async (
  client: CodePipelineClient,
  { pipeline, stage: name }: Stage,
): Promise<StageReading | null> => {
  const stage = await readStage(client, pipeline, name);
  if (stage === undefined) return null;
  const { pipelineExecutionId: execution, status } = stage.latestExecution ?? {};
  if (execution === undefined || status === undefined) return { of: 'stage', latest: null };
  const answer = await client.send(
    new GetPipelineExecutionCommand({ pipelineName: pipeline, pipelineExecutionId: execution }),
  );
  const { artifactRevisions, executionType } = answer.pipelineExecution ?? {};
  const commit = artifactRevisions?.[0]?.revisionId ?? null;
  const rollback = executionType === 'ROLLBACK';
  return { of: 'stage', latest: { execution, status, commit, rollback, changedAt: changedAt(stage) } };
};

const changedAt = ({ actionStates = [] }: StageState): string | null =>
  actionStates
    .flatMap(({ latestExecution }) => latestExecution?.lastStatusChange?.toISOString() ?? [])
    .toSorted()
    .at(-1) ?? null;
