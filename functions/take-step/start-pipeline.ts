import { type CodePipelineClient, StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import type { StartPipeline } from '../../shared/ladder/intents.ts';
import type { Action } from './actions.ts';
import { result } from './answers.ts';
import { errorMessage, isAskedFor, isSureRefusal, readBackFrom, tokenOf } from './executions.ts';

/**
 * Runs a pipeline from its beginning. StartPipelineExecution takes a token (contract `token`): the same token again is
 * the same execution. Whoever lost the answer still reads back rather than call again, since what was read before the
 * call may no longer hold.
 */
export const createStartPipeline = (client: CodePipelineClient): Action<StartPipeline> => ({
  start: async (_service, intent) => {
    try {
      const answer = await client.send(
        new StartPipelineExecutionCommand({ name: intent.pipeline, clientRequestToken: tokenOf(intent) }),
      );
      const execution = answer.pipelineExecutionId ?? null;
      return result('started', `StartPipelineExecution of ${intent.pipeline}`, { execution });
    } catch (error) {
      if (isSureRefusal(error)) return result('failed', errorMessage(error));
      throw error;
    }
  },
  readBack: (_service, intent, claim) => readBackFrom(client, intent.pipeline, claim, isAskedFor),
});
