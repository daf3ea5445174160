import { type CodePipelineClient, RetryStageExecutionCommand } from '@aws-sdk/client-codepipeline';
import type { RetryStage } from '../../shared/ladder/intents.ts';
import { readTarget } from '../support/stages.ts';
import type { Action } from './actions.ts';
import { result } from './answers.ts';
import { errorMessage, errorName, isSureRefusal } from './executions.ts';

/** Another execution came, or something is under way: looked at again later. */
const notNow = ['ConflictException', 'NotLatestPipelineExecutionException'];

/**
 * Runs the failed actions of a stage again, for the execution that was read there right before. RetryStageExecution
 * takes no token (contract `none`): it is called once, and read back if its answer is lost.
 */
export const createRetryStage = (client: CodePipelineClient): Action<RetryStage> => ({
  start: async (_service, { pipeline, stage }, { target }) => {
    const execution = target?.of === 'stage' ? target.latest?.execution : undefined;
    if (execution === undefined) return result('refused', `nothing was read of stage ${stage}`);
    try {
      const input = { pipelineName: pipeline, stageName: stage, pipelineExecutionId: execution };
      await client.send(new RetryStageExecutionCommand({ ...input, retryMode: 'FAILED_ACTIONS' }));
      return result('started', `RetryStageExecution of ${execution}`, { execution });
    } catch (error) {
      if (notNow.includes(errorName(error) ?? '')) return result('deferred', errorMessage(error));
      if (errorName(error) === 'StageNotRetryableException' || isSureRefusal(error))
        return result('failed', errorMessage(error));
      throw error;
    }
  },
  readBack: async (_service, intent, { target }) => {
    const was = target?.of === 'stage' ? target.latest : null;
    const is = (await readTarget(client, intent))?.latest ?? null;
    if (was == null || is === null) return result('unknown', 'what was in the stage is not known');
    if (is.execution !== was.execution) return result('unknown', `execution ${is.execution} is in the stage by now`);
    return is.status === was.status && is.changedAt === was.changedAt
      ? result('not-started', 'no action of the stage ran again')
      : result('started', 'found by reading back', { execution: is.execution });
  },
});
