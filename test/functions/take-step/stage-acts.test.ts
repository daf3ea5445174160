import { DisableStageTransitionCommand } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEyes, notLooked } from '../../../functions/support/eyes.ts';
import { createActions } from '../../../functions/take-step/actions.ts';
import { createHands } from '../../../functions/take-step/hands.ts';
import type { Intent } from '../../../shared/ladder/intents.ts';
import type { ActReadings } from '../../../shared/ladder/may-act.ts';
import { onDeploy } from '../../harness/on-deploy.ts';
import { shop } from '../../harness/ladder.ts';
import { oneForAll } from '../../harness/target-clients.ts';
import {
  created,
  ended,
  executions,
  heldProvider,
  type Life,
  short,
  started,
  statusOf,
  storyOf,
  testBed,
} from '../../local/pipeline/harness.ts';
import { served } from '../../local/pipeline/served.ts';

let bed: ReturnType<typeof testBed>;
let there: Awaited<ReturnType<typeof served>>;

beforeEach(() => {
  bed = testBed();
});
afterEach(async () => {
  await there.close();
  await bed.close();
});

const base = { ...onDeploy, level: 'stuck', deadline: '2099-01-01T00:00:00.000Z' };
const retry: Intent = { ...base, action: 'retry-stage' };
const stop = (abandon: boolean): Intent => ({ ...base, action: 'stop-execution', abandon });

/** The hands and eyes of the product at a life's own endpoint. */
const at = async (life: Life) => {
  there = await served(life);
  const clients = oneForAll(there.client as never);
  const [actions, eyes] = [createActions(createHands(clients)), createEyes(clients)];
  const look = async (intent: Intent): Promise<ActReadings> => {
    const before = { ...notLooked, ...(await eyes.before(shop(), intent, null)) };
    return { released: true, alarms: {}, readAt: '', ...before };
  };
  return {
    look,
    start: async (intent: Intent) => actions.start(shop(), intent, await look(intent)),
    /** the call is carried out, and nobody hears of it */
    startUnheard: async (intent: Intent, operation: string) => {
      const readings = await look(intent);
      there.lose(operation);
      await expect(actions.start(shop(), intent, readings)).rejects.toThrow();
      there.lose(null);
      return readings;
    },
    readBack: (intent: Intent, { target }: ActReadings) =>
      actions.readBack(shop(), intent, {
        holder: 'me',
        attempt: '1',
        instances: [],
        at: new Date().toISOString(),
        ...(target != null && { target }),
      }),
    stands: (intent: Intent, of: { execution?: string | null; operation?: string }) =>
      eyes.after({
        intent,
        claim: null,
        execution: of.execution ?? null,
        instances: [],
        ...(of.operation !== undefined && { operation: of.operation }),
      }),
  };
};

/** An execution that failed in its smoke check, which would succeed the next time. */
const failed = async () => {
  const commit = bed.push({ a: '1' });
  const held = heldProvider();
  const life = bed.open({ EscalatorSmoke: held.provider });
  life.call('CreatePipeline', { pipeline: short() });
  const [execution = ''] = executions(life);
  await held.release('Failed');
  await ended(life, execution);
  return { life, held, execution, commit, product: await at(life) };
};

const retriesOf = (life: Life, execution: string): number =>
  storyOf(life, execution).filter((line) => line === 'pipeline RESUMED').length;

describe('retrying a stage', () => {
  it('reads what failed there, runs it again, and is done when the stage succeeded', async () => {
    const { life, held, execution, commit, product } = await failed();
    expect(await product.look(retry)).toMatchObject({
      traffic: { newer: null, stageBusy: null },
      target: { of: 'stage', latest: { execution, status: 'Failed', commit, rollback: false } },
    });
    const came = await product.start(retry);
    expect(came).toMatchObject({ outcome: 'started', execution });
    expect(await product.stands(retry, came)).toMatchObject({ status: 'running' });
    await held.release();
    await ended(life, execution);
    expect(await product.stands(retry, came)).toMatchObject({ status: 'done' });
    expect(retriesOf(life, execution)).toBe(1);
  });

  it('that fails again has failed, with the reason of the action that did', async () => {
    const { life, held, execution, product } = await failed();
    const came = await product.start(retry);
    await held.release('Failed');
    await ended(life, execution);
    expect(await product.stands(retry, came)).toEqual({ status: 'failed', reason: 'let go: Failed' });
  });

  it.each(['while it runs', 'when it failed again', 'when it succeeded'])(
    'whose answer is lost is found by reading back %s, and is not called again',
    async (when) => {
      const { life, held, execution, product } = await failed();
      const readings = await product.startUnheard(retry, 'RetryStageExecution');
      if (when !== 'while it runs') {
        await held.release(when === 'when it succeeded' ? 'Succeeded' : 'Failed');
        await ended(life, execution);
      }
      expect(await product.readBack(retry, readings)).toMatchObject({ outcome: 'started', execution });
      await vi.waitFor(() => expect(retriesOf(life, execution)).toBe(1));
    },
  );

  it('that never began is told apart; so is a stage that another execution came to since', async () => {
    const { life, held, product } = await failed();
    const readings = await product.look(retry);
    expect(await product.readBack(retry, readings)).toMatchObject({ outcome: 'not-started' });
    const next = started(life);
    await held.release();
    await ended(life, next);
    expect(await product.readBack(retry, readings)).toMatchObject({ outcome: 'unknown' });
  });

  it('that is refused since another execution came there is put off, and one of what cannot be retried has failed', async () => {
    const { life, held, execution, product } = await failed();
    const { target } = await product.look(retry);
    const next = started(life);
    await held.release();
    await ended(life, next);
    const stale: ActReadings = { released: true, alarms: {}, readAt: '', ...notLooked, target: target ?? null };
    const actions = createActions(createHands(oneForAll(there.client as never)));
    expect(await actions.start(shop(), retry, stale)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('NotLatestPipelineExecutionException') as string,
    });
    expect(await product.start(retry)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('StageNotRetryableException') as string,
    });
    expect(retriesOf(life, execution)).toBe(0);
  });
});

describe('stopping what occupies a stage', () => {
  const inDeploy = async () => {
    bed.push({ a: '1' });
    const held = heldProvider();
    const life = bed.open({ EscalatorDeploy: held.provider });
    life.call('CreatePipeline', { pipeline: short() });
    await vi.waitFor(() => expect(held.waiting()).toBe(1));
    const [execution = ''] = executions(life);
    return { held, life, execution, product: await at(life) };
  };

  it('is done once what ran there is over', async () => {
    const { held, life, execution, product } = await inDeploy();
    const came = await product.start(stop(false));
    expect(came).toMatchObject({ outcome: 'started', operation: execution, execution: null });
    expect(await product.stands(stop(false), came)).toMatchObject({ status: 'running' });
    await held.release();
    await vi.waitFor(async () => expect(await product.stands(stop(false), came)).toMatchObject({ status: 'done' }));
    expect(statusOf(life, execution).status).toBe('Stopped');
  });

  it('twice is stopping it once', async () => {
    const { life, execution, product } = await inDeploy();
    await product.start(stop(false));
    expect(await product.start(stop(false))).toMatchObject({ outcome: 'started', operation: execution });
    await product.start(stop(true));
    expect(await product.start(stop(true))).toMatchObject({ outcome: 'started', operation: execution });
    expect(storyOf(life, execution).filter((line) => line === 'pipeline STOPPING')).toHaveLength(1);
  });

  it('whose answer is lost is found by reading back; one that never began is told apart', async () => {
    const { execution, product } = await inDeploy();
    expect(await product.readBack(stop(true), await product.look(stop(true)))).toMatchObject({
      outcome: 'not-started',
    });
    const readings = await product.startUnheard(stop(true), 'StopPipelineExecution');
    expect(await product.readBack(stop(true), readings)).toMatchObject({ outcome: 'started', operation: execution });
  });
});

describe('what an eye sees of a pipeline', () => {
  const redeploy = { ...base, action: 'redeploy' } as unknown as Intent;

  it('is a way in that somebody closed, with who and why', async () => {
    bed.push({ a: '1' });
    const life = bed.open();
    await created(life);
    const product = await at(life);
    expect((await product.look(redeploy)).traffic).toEqual({ newer: null, stageBusy: null });
    const door = { pipelineName: 'shop', stageName: 'Deploy', transitionType: 'Inbound', reason: 'an audit' } as const;
    await there.client.send(new DisableStageTransitionCommand(door));
    expect((await product.look(redeploy)).traffic?.closed).toBe(
      'the way into stage Deploy was closed by arn:aws:iam::111122223333:user/local: an audit',
    );
  });

  it('is a rollback that somebody began, and what keeps the stage busy', async () => {
    bed.push({ a: '1' });
    const held = heldProvider();
    const life = bed.open({ EscalatorDeploy: held.provider });
    life.call('CreatePipeline', { pipeline: short() });
    const [target = ''] = executions(life);
    await held.release();
    await ended(life, target);
    const product = await at(life);
    const rollback = { pipelineName: 'shop', stageName: 'Deploy', targetPipelineExecutionId: target };
    const { pipelineExecutionId } = life.call('RollbackStage', rollback);
    expect((await product.look(redeploy)).traffic).toEqual({
      newer: null,
      stageBusy: pipelineExecutionId,
      healing: `somebody rolls back already (execution ${pipelineExecutionId})`,
    });
  });
});
