import {
  type CodePipelineClient,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
  PipelineNotFoundException,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { Traffic } from '../../shared/ladder/reads.ts';

/**
 * What moves in the pipeline besides the release that runs: a newer ordinary execution on its way (it is let
 * through first), whatever occupies the stage, what mends it already, and who closed the way into it. Null when
 * CodePipeline does not answer.
 * @param of the stage too, or the whole pipeline where that is null
 */
export const readTraffic = async (
  client: CodePipelineClient,
  { pipeline, stage: stageName }: { pipeline: string; stage: string | null },
  running: string | null,
): Promise<Traffic | null> => {
  try {
    const listed = await client.send(new ListPipelineExecutionsCommand({ pipelineName: pipeline, maxResults: 100 }));
    const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: pipeline }));
    const executions = listed.pipelineExecutionSummaries ?? [];
    const stages = stageStates.filter((stage) => stageName === null || stage.stageName === stageName);
    const busy = stageName === null ? null : (stages.find(isBusy)?.latestExecution?.pipelineExecutionId ?? null);
    const [healing, closed] = [healingIn(executions, stages), closedIn(stages)];
    return {
      newer: newerThan(executions, running),
      stageBusy: busy,
      ...(healing !== null && { healing }),
      ...(closed !== null && { closed }),
    };
  } catch (error) {
    return error instanceof PipelineNotFoundException ? { newer: null, stageBusy: null, missing: true } : null;
  }
};

const isBusy = ({ latestExecution }: StageState): boolean => latestExecution?.status === 'InProgress';

const newerThan = (executions: PipelineExecutionSummary[], running: string | null): string | null => {
  const current = executions.find((execution) => execution.pipelineExecutionId === running);
  const since = current?.startTime?.getTime() ?? 0;
  const newer = executions.find(
    (execution) =>
      execution.status === 'InProgress' &&
      execution.executionType !== 'ROLLBACK' &&
      execution.pipelineExecutionId !== running &&
      (execution.startTime?.getTime() ?? 0) >= since,
  );
  return newer?.pipelineExecutionId ?? null;
};

/** A rollback on its way, ordered by CodePipeline itself (a stage's onFailure) or by somebody; a retry of its own. */
const healingIn = (executions: PipelineExecutionSummary[], stages: StageState[]): string | null => {
  const rollback = executions.find(
    ({ status, executionType }) => status === 'InProgress' && executionType === 'ROLLBACK',
  );
  if (rollback !== undefined) {
    const who = rollback.trigger?.triggerType === 'AutomatedRollback' ? 'CodePipeline by itself' : 'somebody';
    return `${who} rolls back already (execution ${rollback.pipelineExecutionId})`;
  }
  const retried = stages.find(
    (stage) => isBusy(stage) && stage.retryStageMetadata?.latestRetryTrigger === 'AutomatedStageRetry',
  );
  return retried === undefined ? null : `CodePipeline retries stage ${retried.stageName} by itself`;
};

const closedIn = (stages: StageState[]): string | null => {
  const closed = stages.find(({ inboundTransitionState }) => inboundTransitionState?.enabled === false);
  if (closed === undefined) return null;
  const { lastChangedBy = 'somebody', disabledReason = 'no reason given' } = closed.inboundTransitionState ?? {};
  return withoutSecrets(`the way into stage ${closed.stageName} was closed by ${lastChangedBy}: ${disabledReason}`);
};
