import {
  type CodePipelineClient,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  PipelineNotFoundException,
} from '@aws-sdk/client-codepipeline';
import type { CheckReading } from '../../shared/ladder/input.ts';

/** Of so many of its newest executions one has ended, or it says nothing. */
const executionsAtMost = 20;

/**
 * How a pipeline, or a stage of it, ended last. Null where it says nothing new: it runs, or was stopped.
 */
export const readResult = async (
  client: CodePipelineClient,
  { pipeline, stage }: { pipeline: string; stage: string | null },
  now: () => Date,
): Promise<CheckReading | null> => {
  try {
    return stage === null ? await ofPipeline(client, pipeline) : await ofStage(client, pipeline, stage, now);
  } catch (error) {
    if (error instanceof PipelineNotFoundException) return unknown(now, `there is no pipeline ${pipeline}`);
    throw error;
  }
};

const unknown = (now: () => Date, reason: string): CheckReading => ({
  value: 'unknown',
  at: now().toISOString(),
  reason,
});

const ofPipeline = async (client: CodePipelineClient, pipelineName: string): Promise<CheckReading | null> => {
  const answer = await client.send(new ListPipelineExecutionsCommand({ pipelineName, maxResults: executionsAtMost }));
  const ended = (answer.pipelineExecutionSummaries ?? []).find(({ status }) => valueOf(status) !== null);
  const value = valueOf(ended?.status);
  if (ended === undefined || value === null) return null;
  const at = ended.lastUpdateTime ?? ended.startTime ?? new Date(0);
  return { value, at: at.toISOString(), reason: `execution ${ended.pipelineExecutionId} ${words[value]}` };
};

const ofStage = async (
  client: CodePipelineClient,
  name: string,
  stageName: string,
  now: () => Date,
): Promise<CheckReading | null> => {
  const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name }));
  const stage = stageStates.find((one) => one.stageName === stageName);
  if (stage === undefined) return unknown(now, `pipeline ${name} has no stage ${stageName}`);
  const value = valueOf(stage.latestExecution?.status);
  if (value === null) return null;
  const changes = (stage.actionStates ?? []).map(({ latestExecution }) => latestExecution?.lastStatusChange?.getTime());
  const at = new Date(Math.max(0, ...changes.map((change) => change ?? 0)));
  const reason = `execution ${stage.latestExecution?.pipelineExecutionId} ${words[value]} in stage ${stageName}`;
  return { value, at: at.toISOString(), reason };
};

const words = { pass: 'succeeded', fail: 'failed' };

const valueOf = (status: string | undefined): 'pass' | 'fail' | null => {
  if (status === 'Succeeded') return 'pass';
  return status === 'Failed' ? 'fail' : null;
};
