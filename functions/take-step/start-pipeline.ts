import { type CodePipelineClient, StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import type { StartPipeline } from '../../shared/ladder/events.ts';
import { type Action, result } from './actions.ts';
import { isSureRefusal, messageOf, newest, startedSince, tokenOf } from './executions.ts';

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
      if (isSureRefusal(error)) return result('failed', messageOf(error));
      throw error;
    }
  },
  readBack: async (_service, intent, claim) => {
    const started = (await newest(client, intent.pipeline)).find(
      (execution) => execution.trigger?.triggerType === 'StartPipelineExecution' && startedSince(execution, claim.at),
    );
    if (started?.pipelineExecutionId === undefined) return result('not-started', 'no execution was started for it');
    return result('started', 'found by reading back', { execution: started.pipelineExecutionId });
  },
});
