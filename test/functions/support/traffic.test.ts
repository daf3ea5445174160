import type { CodePipelineClient, ListPipelineExecutionsOutput, StageState } from '@aws-sdk/client-codepipeline';
import { PipelineNotFoundException } from '@aws-sdk/client-codepipeline';
import { describe, expect, it } from 'vitest';
import { readTraffic } from '../../../functions/support/traffic.ts';

type Executions = NonNullable<ListPipelineExecutionsOutput['pipelineExecutionSummaries']>;

const read = (executions: Executions, stages: StageState[], stage: string | null = 'Deploy') => {
  const client = {
    send: ({ constructor: { name } }: object) =>
      Promise.resolve(
        name === 'GetPipelineStateCommand' ? { stageStates: stages } : { pipelineExecutionSummaries: executions },
      ),
  } as unknown as CodePipelineClient;
  return readTraffic(client, { pipeline: 'shop', stage }, 'x-1');
};

const rollback = { pipelineExecutionId: 'r-1', status: 'InProgress', executionType: 'ROLLBACK' } as const;
const busy: StageState = { stageName: 'Deploy', latestExecution: { pipelineExecutionId: 'x-2', status: 'InProgress' } };

describe('what moves in a pipeline', () => {
  it('is nothing where nothing does', async () => {
    expect(await read([], [{ stageName: 'Deploy' }])).toEqual({ newer: null, stageBusy: null });
  });

  it('is a rollback that CodePipeline began by itself, even before it is in the stage', async () => {
    const automated = { ...rollback, trigger: { triggerType: 'AutomatedRollback' } } as const;
    expect((await read([automated], []))?.healing).toBe('CodePipeline by itself rolls back already (execution r-1)');
    expect((await read([rollback], []))?.healing).toBe('somebody rolls back already (execution r-1)');
    expect(await read([{ ...automated, status: 'Succeeded' }], [])).not.toHaveProperty('healing');
  });

  it('is a retry of its own, and not one that somebody ordered', async () => {
    const retried = (latestRetryTrigger: 'AutomatedStageRetry' | 'ManualStageRetry') => [
      { ...busy, retryStageMetadata: { latestRetryTrigger } },
    ];
    expect((await read([], retried('AutomatedStageRetry')))?.healing).toBe(
      'CodePipeline retries stage Deploy by itself',
    );
    expect(await read([], retried('ManualStageRetry'))).toEqual({ newer: null, stageBusy: 'x-2' });
  });

  it('is a closed way into the stage, or into any where the whole pipeline is to run', async () => {
    const closed = {
      stageName: 'Test',
      inboundTransitionState: { enabled: false, disabledReason: 'no', lastChangedBy: 'Ada' },
    };
    expect(await read([], [closed, { stageName: 'Deploy' }])).toEqual({ newer: null, stageBusy: null });
    expect((await read([], [closed], null))?.closed).toBe('the way into stage Test was closed by Ada: no');
  });

  it('is known to be nothing of a pipeline that does not exist, and not known where nobody answers', async () => {
    const failing = (error: Error) =>
      readTraffic(
        { send: () => Promise.reject(error) } as unknown as CodePipelineClient,
        { pipeline: 'no', stage: null },
        null,
      );
    expect(await failing(new PipelineNotFoundException({ message: '', $metadata: {} }))).toMatchObject({
      missing: true,
    });
    expect(await failing(new Error('timeout'))).toBeNull();
  });
});
