import {
  type CodePipelineClient,
  GetPipelineStateCommand,
  type PipelineExecutionSummary,
  RollbackStageCommand,
  type SourceRevisionOverride,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import type { Redeploy } from '../../shared/ladder/intents.ts';
import type { ActResult } from '../../shared/ladder/input.ts';
import type { Action } from './actions.ts';
import { result } from './answers.ts';
import {
  errorMessage,
  errorName,
  findExecution,
  isAskedFor,
  isSureRefusal,
  readBackFrom,
  tokenOf,
} from './executions.ts';

/** The execution the release came from cannot be rolled back to: its revisions are built again instead. */
const cannotRollBack = ['UnableToRollbackStageException', 'PipelineExecutionOutdatedException'];

/** Refused for now: the same may be taken later. */
const notNow = ['ConflictException', 'ConcurrentPipelineExecutionsLimitExceededException', 'ThrottlingException'];

/**
 * Puts a release into its stage again: RollbackStage to the execution it came from, where CodePipeline takes that;
 * else StartPipelineExecution with its source revisions; else a person. Its result says which of them, and why.
 * RollbackStage takes no token (contract `none`): it is called once for an intent, by a client without retries, and
 * read back if its answer is lost.
 */
export const createRedeploy = (client: CodePipelineClient): Action<Redeploy> => ({
  start: async (_service, intent) => {
    try {
      return await rollBack(client, intent);
    } catch (error) {
      if (cannotRollBack.includes(errorName(error) ?? ''))
        return rebuildUnlessBusy(client, intent, errorMessage(error));
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

/**
 * A busy stage is refused in the same words as a target that is too old; it is waited for, not gone around. So is a
 * way that somebody closed: a run from the beginning would stand there.
 */
const rebuildUnlessBusy = async (client: CodePipelineClient, intent: Redeploy, why: string): Promise<ActResult> => {
  const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: intent.pipeline }));
  const latest = stageStates.find(({ stageName }) => stageName === intent.stage)?.latestExecution;
  if (latest?.status === 'InProgress')
    return result('deferred', `the stage is busy with execution ${latest.pipelineExecutionId}`);
  const closed = stageStates.find(({ inboundTransitionState }) => inboundTransitionState?.enabled === false);
  if (closed !== undefined) return result('deferred', `the way into stage ${closed.stageName} is closed`);
  const revisions = await revisionsOf(client, intent);
  return typeof revisions === 'string'
    ? result('refused', `${why}; and it cannot be built again: ${revisions}`)
    : rebuild(client, intent, revisions, why);
};

/** What the execution that the release came from was made of, for every source action; in words, where that is not known. */
const revisionsOf = async (
  client: CodePipelineClient,
  { pipeline, release }: Redeploy,
): Promise<SourceRevisionOverride[] | string> => {
  const execution = await findExecution(client, pipeline, release.execution);
  if (execution === null) return `CodePipeline knows no execution ${release.execution} any more`;
  const revisions = execution.sourceRevisions ?? [];
  if (!revisions.some(({ revisionId }) => revisionId === release.commit))
    return `execution ${release.execution} was not made of ${release.commit}`;
  return revisions.map(({ actionName, revisionId = '' }) => ({
    actionName,
    revisionType: revisionId === release.commit ? 'COMMIT_ID' : revisionTypeOf(revisionId),
    revisionValue: revisionId,
  }));
};

/** Revisions are told apart by how they look: CodePipeline lists them without saying what they are. */
const revisionTypeOf = (revision: string): SourceRevisionOverride['revisionType'] => {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision)) return 'COMMIT_ID';
  return revision.startsWith('sha256:') ? 'IMAGE_DIGEST' : 'S3_OBJECT_VERSION_ID';
};

const rebuild = async (
  client: CodePipelineClient,
  intent: Redeploy,
  sourceRevisions: SourceRevisionOverride[],
  why: string,
): Promise<ActResult> => {
  try {
    const input = { name: intent.pipeline, clientRequestToken: tokenOf(intent), sourceRevisions };
    const answer = await client.send(new StartPipelineExecutionCommand(input));
    const execution = answer.pipelineExecutionId ?? null;
    return result('started', `StartPipelineExecution at ${intent.release.commit}, since ${why}`, { execution });
  } catch (error) {
    if (notNow.includes(errorName(error) ?? '')) return result('deferred', errorMessage(error));
    if (isSureRefusal(error)) return result('refused', `${why}; and it cannot be built again: ${errorMessage(error)}`);
    throw error;
  }
};

const isFor = (execution: PipelineExecutionSummary, intent: Redeploy): boolean =>
  execution.executionType === 'ROLLBACK'
    ? execution.rollbackMetadata?.rollbackTargetPipelineExecutionId === intent.release.execution
    : (execution.sourceRevisions ?? []).some(({ revisionId }) => revisionId === intent.release.commit) &&
      isAskedFor(execution);
