import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { describe, expect, it } from 'vitest';
import { createActions } from '../../../functions/take-step/actions.ts';
import { createHands } from '../../../functions/take-step/hands.ts';
import { createStartPipeline } from '../../../functions/take-step/start-pipeline.ts';
import { runAfter, runBefore } from '../../../functions/support/pipelines.ts';
import type { StartPipeline } from '../../../shared/ladder/intents.ts';
import type { ActReadings } from '../../../shared/ladder/may-act.ts';
import { shop } from '../../harness/ladder.ts';
import { oneForAll } from '../../harness/target-clients.ts';
import { chanceOf } from '../../simulation/chance.ts';
import { virtualTime } from '../../simulation/time.ts';
import { createWorld } from '../../simulation/world.ts';

const begin = Date.parse('2026-11-21T12:00:00.000Z');
const intent: StartPipeline = {
  action: 'start-pipeline',
  actKey: 'production/shop#4.1',
  level: 'network',
  target: 'network',
  pipeline: 'network',
  deadline: '2026-11-21T13:00:00.000Z',
};

/** CodePipeline as the simulation has it, with a pipeline `network`; its answers can be lost. */
const world = () => {
  const time = virtualTime(begin);
  const nobody = { tell: () => {}, superseded: () => {}, order: () => {} };
  const there = createWorld(time, chanceOf(5), ['network'], nobody);
  let loses = false;
  const client = {
    send: async (command: object) => {
      const answer = there.answer(command);
      if (loses) throw new Error('socket hang up');
      return Promise.resolve(answer);
    },
  };
  const actions = createActions(createHands(oneForAll(client)));
  return {
    there,
    time,
    eye: { before: runBefore(oneForAll(client).codePipeline), after: runAfter(oneForAll(client).codePipeline) },
    actions,
    lose: (yes: boolean) => void (loses = yes),
  };
};
const readings: ActReadings = { released: true, alarms: {}, readAt: '', traffic: null, instances: null };
const claim = { holder: 'me', attempt: '1', instances: [], at: new Date(begin).toISOString() };

describe('running a pipeline', () => {
  it('starts one execution, however often it is told under one intent', async () => {
    const { there, actions } = world();
    const first = await actions.start(shop(), intent, readings);
    expect(first).toMatchObject({ outcome: 'started', reason: 'StartPipelineExecution of network' });
    expect((await actions.start(shop(), intent, readings)).execution).toBe(first.execution);
    expect(there.pipeline('network').executions).toHaveLength(1);
  });

  it('whose answer is lost is no answer, and is found by reading back', async () => {
    const { actions, lose } = world();
    lose(true);
    await expect(actions.start(shop(), intent, readings)).rejects.toThrow();
    lose(false);
    expect(await actions.readBack(shop(), intent, claim)).toMatchObject({ outcome: 'started' });
  });

  it('that never began is told apart from one that did', async () => {
    const { actions } = world();
    expect(await actions.readBack(shop(), intent, claim)).toMatchObject({ outcome: 'not-started' });
  });

  it('that CodePipeline refuses for sure failed, with what it said', async () => {
    const refused = Object.assign(new Error('no such pipeline'), { name: 'PipelineNotFoundException' });
    const client = { send: () => Promise.reject(refused) } as unknown as CodePipelineClient;
    expect(await createStartPipeline(client).start(shop(), intent, readings)).toMatchObject({
      outcome: 'failed',
      reason: 'PipelineNotFoundException: no such pipeline',
    });
  });

  it('is done when the execution succeeded', async () => {
    const { time, eye, actions } = world();
    const { execution } = await actions.start(shop(), intent, readings);
    const stand = () => eye.after({ intent, claim: null, execution, instances: [] });
    expect((await stand())?.status).toBe('running');
    await time.run(begin + 3_600_000, () => {});
    expect((await stand())?.status).toBe('done');
  });
});
