import { CodePipelineClient, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gate, startGate } from '../harness/gate.ts';
import {
  type Answer,
  awsOf,
  brokenServer,
  cloneOf,
  type Product,
  startProduct,
  temporary,
} from '../harness/product.ts';
import { quickConfig } from '../harness/quick.ts';

/** RollbackStage takes no token: nothing but what is on record and what can be read keeps it from being asked twice. */
describe('killed with SIGKILL while RollbackStage is under way', { timeout: 180_000 }, () => {
  const place = temporary();
  const data = join(place.dir, 'data');
  let gate: Gate;
  let product: Product;

  const start = () => startProduct(data, ['--config', quickConfig(place.dir)], gate.url);
  beforeAll(async () => {
    gate = await startGate();
    product = await start();
    await product.until('a last good release', async () =>
      (await product.get('/api/releases')).items.some((release: Answer) => release.lastGood),
    );
  });
  afterAll(async () => {
    await product?.stop();
    gate?.close();
    place.remove();
  });

  const rollbacks = async (): Promise<Answer[]> => {
    const asked = new ListPipelineExecutionsCommand({ pipelineName: 'shop', maxResults: 100 });
    const { pipelineExecutionSummaries = [] } = await new CodePipelineClient(awsOf(product)).send(asked);
    return pipelineExecutionSummaries.filter(({ executionType }) => executionType === 'ROLLBACK');
  };
  const results = async (): Promise<Answer[]> =>
    (await product.get('/api/entries?kind=step.result')).items.toReversed();
  const asked = (): number => gate.passed().filter((operation) => operation === 'RollbackStage').length;

  it('and its effect was there, unheard: it is found by reading back, and never asked for again', async () => {
    const clone = await cloneOf(product.ready.git, join(place.dir, 'shop'));
    const standing = gate.stop('RollbackStage');
    await clone.push('answer 500', { 'server.js': brokenServer });
    await (await standing).passUnheard();
    await product.kill();
    const next = gate.stop('RollbackStage');
    product = await start();
    // the step goes on from what was read back, fails to help, and the next attempt asks for its own rollback
    await next;
    expect([asked(), (await rollbacks()).length]).toEqual([1, 1]);
    const [result] = await results();
    expect([result.outcome, result.reason]).toEqual(['started', 'found by reading back']);
    expect(result.execution).toBe((await rollbacks())[0]?.pipelineExecutionId);
    await product.kill();
  });

  it('and it never arrived: that is read back too, and it is begun again under a key of its own', async () => {
    product = await start();
    const incident = await product.until('the incident converges', async () => {
      const [newest] = (await product.get('/api/incidents')).items;
      return newest.closedAt === null ? null : newest;
    });
    expect([incident.status, incident.attempts]).toEqual(['converged', 2]);
    const came = await results();
    expect(came.map(({ outcome }) => outcome)).toEqual(['started', 'not-started', 'started']);
    expect(new Set(came.map(({ detail }) => detail.actKey)).size).toBe(3);
    expect([asked(), (await rollbacks()).length]).toEqual([2, 2]);
  });
});
