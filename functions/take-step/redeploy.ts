import {
  type CodePipelineClient,
  GetPipelineStateCommand,
  type PipelineExecutionSummary,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import type { Redeploy } from '../../shared/ladder/intents.ts';
import type { ActResult } from '../../shared/ladder/input.ts';
import { type Action, result } from './actions.ts';
import { errorMessage, errorName, isAskedFor, isSureRefusal, readBackFrom, tokenOf } from './executions.ts';

/** The execution the release came from cannot be rolled back to: its revisions are built again instead. */
const cannotRollBack = ['UnableToRollbackStageException', 'PipelineExecutionOutdatedException'];

/**
 * Puts a release into its stage again: RollbackStage to the execution it came from, where CodePipeline takes that;
 * else StartPipelineExecution with its source revision. RollbackStage takes no token (contract `none`): it is called
 * once for an intent, by a client without retries, and read back if its answer is lost.
 */
export const createRedeploy = (client: CodePipelineClient): Action<Redeploy> => ({
  start: async (_service, intent) => {
    try {
      return await rollBack(client, intent);
    } catch (error) {
      if (cannotRollBack.includes(errorName(error) ?? '')) return rebuildUnlessBusy(client, intent);
      if (isSureRefusal(error)) return result('failed', errorMessage(error));
      throw error;
    }
  },
  readBack: (_service, intent, claim) =>
    readBackFrom(client, intent.pipeline, claim, (execution) => isFor(execution, intent)),
});

const rollBack = async (client: CodePipelineClient, intent: Redeploy): Promise<ActResult> => {
  const answer = await client.send(
    new RollbackStageCommand({
      pipelineName: intent.pipeline,
      stageName: intent.stage,
      targetPipelineExecutionId: intent.release.execution,
    }),
  );
  return result('started', `RollbackStage to ${intent.release.execution}`, {
    execution: answer.pipelineExecutionId ?? null,
  });
};

/** A busy stage is refused in the same words as a target that is too old; it is waited for, not gone around. */
const rebuildUnlessBusy = async (client: CodePipelineClient, intent: Redeploy): Promise<ActResult> => {
  const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: intent.pipeline }));
  const latest = stageStates.find(({ stageName }) => stageName === intent.stage)?.latestExecution;
  return latest?.status === 'InProgress'
    ? result('deferred', `the stage is busy with execution ${latest.pipelineExecutionId}`)
    : rebuild(client, intent);
};

const rebuild = async (client: CodePipelineClient, intent: Redeploy): Promise<ActResult> => {
  const answer = await client.send(
    new StartPipelineExecutionCommand({
      name: intent.pipeline,
      clientRequestToken: tokenOf(intent),
      sourceRevisions: [{ actionName: 'Source', revisionType: 'COMMIT_ID', revisionValue: intent.release.commit }],
    }),
  );
  return result('started', `StartPipelineExecution at ${intent.release.commit}`, {
    execution: answer.pipelineExecutionId ?? null,
  });
};

const isFor = (execution: PipelineExecutionSummary, intent: Redeploy): boolean =>
  execution.executionType === 'ROLLBACK'
    ? execution.rollbackMetadata?.rollbackTargetPipelineExecutionId === intent.release.execution
    : (execution.sourceRevisions ?? []).some(({ revisionId }) => revisionId === intent.release.commit) &&
      isAskedFor(execution);
