import {
  type CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  PipelineExecutionNotFoundException,
  PipelineNotFoundException,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { ExecutionReading, OutcomeReading } from '../../shared/ladder/input.ts';
import type { Redeploy, StartPipeline } from '../../shared/ladder/intents.ts';
import type { Eye } from './eyes.ts';
import { readTraffic } from './traffic.ts';

/** What an execution is: a rollback, and to what, or an ordinary one, and of which commit. Null when there is none. */
export const readExecution = async (
  client: CodePipelineClient,
  pipelineName: string,
  pipelineExecutionId: string,
): Promise<ExecutionReading | null> => {
  try {
    const answer = await client.send(new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }));
    const execution = answer.pipelineExecution;
    if (execution === undefined) return null;
    return {
      rollback: execution.executionType === 'ROLLBACK',
      target: execution.rollbackMetadata?.rollbackTargetPipelineExecutionId ?? null,
      commit: execution.artifactRevisions?.[0]?.revisionId ?? null,
    };
  } catch (error) {
    if (error instanceof PipelineExecutionNotFoundException || error instanceof PipelineNotFoundException) return null;
    throw error;
  }
};

/** What is seen of a stage that a release is put into again. */
export const redeployBefore =
  (client: CodePipelineClient): Eye<Redeploy>['before'] =>
  async (_service, intent, running) => ({ traffic: await readTraffic(client, intent, running) });

/** What became of the act. */
export const redeployAfter =
  (client: CodePipelineClient): Eye<Redeploy>['after'] =>
  async ({ intent, execution }) =>
    execution === null ? null : readInStage(client, intent, execution);

/** What is seen of a pipeline that is run from its beginning. */
export const runBefore =
  (client: CodePipelineClient): Eye<StartPipeline>['before'] =>
  async (_service, { pipeline }) => ({ traffic: await readTraffic(client, { pipeline, stage: null }, null) });

/** What became of the act. */
export const runAfter =
  (client: CodePipelineClient): Eye<StartPipeline>['after'] =>
  async ({ intent, execution }) =>
    execution === null ? null : readRun(client, intent, execution);

/** How an execution stands in a stage: what the stage says, else what the execution says. */
export const readInStage = async (
  client: CodePipelineClient,
  intent: { pipeline: string; stage: string },
  execution: string,
): Promise<OutcomeReading> => {
  const stage = await readStage(client, intent.pipeline, intent.stage);
  const latest = stage?.latestExecution;
  const status =
    latest?.pipelineExecutionId === execution ? latest.status : await readStatus(client, intent, execution);
  if (status === 'Succeeded') return { status: 'done', reason: 'the stage succeeded' };
  return isOver(status)
    ? { status: 'failed', reason: failureOf(stage) ?? `the stage is ${status}` }
    : { status: 'running', reason: status ?? 'not begun' };
};

export const readStage = async (client: CodePipelineClient, name: string, stageName: string) =>
  (await client.send(new GetPipelineStateCommand({ name }))).stageStates?.find(
    (stage) => stage.stageName === stageName,
  );

export const readStatus = async (
  client: CodePipelineClient,
  intent: { pipeline: string },
  pipelineExecutionId: string,
) =>
  (await client.send(new GetPipelineExecutionCommand({ pipelineName: intent.pipeline, pipelineExecutionId })))
    .pipelineExecution?.status;

/** How a run of a pipeline stands. */
const readRun = async (
  client: CodePipelineClient,
  intent: StartPipeline,
  execution: string,
): Promise<OutcomeReading> => {
  const status = await readStatus(client, intent, execution);
  if (status === 'Succeeded') return { status: 'done', reason: 'the pipeline succeeded' };
  return isOver(status)
    ? { status: 'failed', reason: `the execution is ${status}` }
    : { status: 'running', reason: status ?? 'not begun' };
};

const isOver = (status: string | undefined): boolean =>
  ['Failed', 'Stopped', 'Cancelled', 'Superseded'].includes(status ?? '');

/** The stage itself says no reason; its failing action does. */
const failureOf = (stage: StageState | undefined): string | null => {
  const failed = stage?.actionStates?.find((action) => action.latestExecution?.status === 'Failed');
  const message = failed?.latestExecution?.errorDetails?.message;
  return message === undefined ? null : withoutSecrets(message);
};
