import { type CodePipelineClient, StopPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import type { StopExecution } from '../../shared/ladder/intents.ts';
import { readStatus } from '../support/pipelines.ts';
import type { Action } from './actions.ts';
import { result } from './answers.ts';
import { errorMessage, errorName, isSureRefusal } from './executions.ts';

/** It is being stopped, or it is over: whichever it is, asking how it stands tells. */
const already = ['DuplicatedStopRequestException', 'PipelineExecutionNotStoppableException'];

/** Stops the execution that was read in the stage right before. Contract `natural`: a second request is refused. */
export const createStopExecution = (client: CodePipelineClient): Action<StopExecution> => ({
  start: async (_service, { pipeline, stage, abandon, actKey }, { target }) => {
    const operation = target?.of === 'stage' ? target.latest?.execution : undefined;
    if (operation === undefined) return result('refused', `nothing was read of stage ${stage}`);
    try {
      const input = { pipelineName: pipeline, pipelineExecutionId: operation, abandon };
      await client.send(new StopPipelineExecutionCommand({ ...input, reason: `Escalator ${actKey}`.slice(0, 200) }));
      return result('started', `StopPipelineExecution of ${operation}`, { operation });
    } catch (error) {
      if (already.includes(errorName(error) ?? '')) return result('started', errorMessage(error), { operation });
      if (errorName(error) === 'ConflictException') return result('deferred', errorMessage(error));
      if (isSureRefusal(error)) return result('failed', errorMessage(error));
      throw error;
    }
  },
  readBack: async (_service, intent, { target }) => {
    const operation = target?.of === 'stage' ? target.latest?.execution : undefined;
    if (operation === undefined) return result('unknown', 'which execution was to be stopped is not known');
    return (await readStatus(client, intent, operation)) === 'InProgress'
      ? result('not-started', `execution ${operation} goes on`)
      : result('started', 'found by reading back', { operation });
  },
});
