import { CodePipelineClient, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import {
  allEntries,
  awsOf,
  type Answer,
  brokenServer,
  cloneOf,
  type Product,
  startProduct,
  temporary,
} from '../harness/product.ts';

const kills = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 8;
const seed = Number(process.env['ESCALATOR_SEED'] ?? Date.now() % 100_000);

/** Small and good enough to spread moments; printed, so that a failing run can be had again. */
const random = (state: number) => () => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return state / 2_147_483_648;
};

describe(`killed with SIGKILL at ${kills} moments (ESCALATOR_SEED=${seed})`, { timeout: 600_000 }, () => {
  const place = temporary();
  const data = join(place.dir, 'data');
  let product: Product;
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  it('loses nothing that was acknowledged, does nothing twice, and brings the incident to its end', async () => {
    const next = random(seed);
    product = await startProduct(data);
    await product.until('a last good release', async () =>
      (await product.get('/api/releases')).items.some((release: Answer) => release.lastGood),
    );
    const clone = await cloneOf(product.ready.git, join(place.dir, 'shop'));
    const bad = await clone.push('answer 500', { 'server.js': brokenServer });
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(200 + next() * 4_000);
      await product.kill();
      product = await startProduct(data);
    }
    const incident = await product.until(
      'the incident ends',
      async () => {
        const { items } = await product.get('/api/incidents');
        return items.length > 0 && items.every((item: Answer) => item.closedAt !== null) ? items.at(-1) : null;
      },
      180_000,
    );
    expect(['converged', 'handed-over']).toContain(incident.status);
    const entries = await allEntries(product);
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, index) => index));
    expect(new Set(entries.map((entry) => `${entry.factKey}/${entry.part.index}`)).size).toBe(entries.length);
    expect(entries.filter((entry) => entry.kind === 'reference.updated' && entry.change?.commit === bad)).toHaveLength(
      1,
    );
    await expectOncePerAct(product, entries);
  });
});

/** Every act that began has one claim before it, and there are no more rollback executions than acts that began. */
const expectOncePerAct = async (product: Product, entries: Answer[]): Promise<void> => {
  const of = (kind: string) => entries.filter((entry) => entry.kind === kind).map((entry) => entry.detail.actKey);
  expect(new Set(of('step.claimed')).size).toBe(of('step.claimed').length);
  expect(new Set(of('step.result')).size).toBe(of('step.result').length);
  const began = entries.filter((entry) => entry.kind === 'step.result' && entry.outcome === 'started');
  for (const act of began) expect(of('step.claimed')).toContain(act.detail.actKey);
  const client = new CodePipelineClient(awsOf(product));
  const { pipelineExecutionSummaries } = await client.send(
    new ListPipelineExecutionsCommand({ pipelineName: 'shop', maxResults: 100 }),
  );
  const rollbacks = (pipelineExecutionSummaries ?? []).filter(({ executionType }) => executionType === 'ROLLBACK');
  const redeployed = began.filter((act) => act.detail.action === 'redeploy');
  expect(rollbacks.map(({ pipelineExecutionId }) => pipelineExecutionId).sort()).toEqual(
    redeployed.map((act) => act.execution).sort(),
  );
};
