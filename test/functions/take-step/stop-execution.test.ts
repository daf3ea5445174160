import { describe, expect, it } from 'vitest';
import { createStopExecution } from '../../../functions/take-step/stop-execution.ts';
import type { StopExecution } from '../../../shared/ladder/intents.ts';
import { shop } from '../../harness/ladder.ts';
import { onDeploy } from '../../harness/on-deploy.ts';

const intent: StopExecution = {
  ...onDeploy,
  action: 'stop-execution',
  abandon: true,
};
const latest = { execution: 'x-1', status: 'InProgress', commit: null, rollback: false, changedAt: null };
const read = { released: true, alarms: {}, readAt: '', traffic: null, instances: null } as const;

/** Stops by a CodePipeline that answers so; what it was asked. */
const stop = async (answer: object | string, of: StopExecution = intent) => {
  const asked: object[] = [];
  const send = ({ input }: { input: object }) => {
    asked.push(input);
    const refused = typeof answer === 'string' ? Object.assign(new Error('no'), { name: answer }) : null;
    return refused === null ? Promise.resolve(answer) : Promise.reject(refused);
  };
  const hand = createStopExecution({ send } as never);
  const came = await hand
    .start(shop(), of, { ...read, target: { of: 'stage', latest } })
    .catch((error: unknown) => error);
  return { asked, came };
};

describe('stopping an execution', () => {
  it('stops the one that was read in the stage, and says by which act', async () => {
    const { asked, came } = await stop({});
    const reason = 'Escalator production/shop#4.1';
    expect(asked).toEqual([{ pipelineName: 'shop', pipelineExecutionId: 'x-1', abandon: true, reason }]);
    expect(came).toMatchObject({ outcome: 'started', operation: 'x-1' });
  });

  it('says so in no more than the 200 characters that CodePipeline takes', async () => {
    const { asked } = await stop({}, { ...intent, actKey: 'k'.repeat(300) });
    expect(asked).toMatchObject([{ reason: `Escalator ${'k'.repeat(190)}` }]);
  });

  it.each([
    ['that it is being stopped, or over: asking how it stands tells', 'DuplicatedStopRequestException', 'started'],
    ['that something else is under way: it is asked again', 'ConflictException', 'deferred'],
    ['that there is none such: nothing was done', 'PipelineNotFoundException', 'failed'],
  ])('takes %s', async (_, answer, outcome) => {
    expect((await stop(answer)).came).toMatchObject({ outcome });
  });

  it('is read back where nobody answered', async () => {
    expect(String((await stop('TimeoutError')).came)).toBe('TimeoutError: no');
  });
});
