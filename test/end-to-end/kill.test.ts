import { CodePipelineClient, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import {
  allEntries,
  awsOf,
  type Answer,
  brokenServer,
  cloneOf,
  escalator,
  type Product,
  shopProcesses,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';
import { quickConfig } from '../harness/quick.ts';
import { seeded } from '../harness/random.ts';

const kills = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 5;
const seed = Number(process.env['ESCALATOR_SEED'] ?? Date.now() % 100_000);
/** About half as long as an incident takes here. */
const atMostMs = 5_000;
/** How long what is sure to come may take on a machine that has much else to do. */
const patienceMs = 240_000;

describe(
  `killed with SIGKILL at ${kills} moments of incidents (ESCALATOR_SEED=${seed})`,
  { timeout: kills * 60_000 + patienceMs },
  () => {
    const place = temporary();
    const data = join(place.dir, 'data');
    const random = seeded(seed);
    let product: Product;
    let clone: Awaited<ReturnType<typeof cloneOf>>;
    let goodServer: string;
    afterAll(async () => {
      await product?.stop();
      place.remove();
    });

    const start = () => startProduct(data, ['--config', quickConfig(place.dir)]);
    const incidents = async (): Promise<Answer[]> => (await product.get('/api/incidents')).items;
    const isOpen = async (): Promise<boolean> => (await incidents()).some(({ closedAt }) => closedAt === null);

    const pushed: string[] = [];
    const push = async (message: string, server: string): Promise<void> => {
      // The product has just been started again, on other ports.
      await clone.git('remote', 'set-url', 'origin', product.ready.git);
      pushed.push(await clone.push(message, { 'server.js': server }));
    };

    /** What a person does who is called: mends it, and lets the ladder go on. */
    const mend = async (): Promise<void> => {
      await push('mend', goodServer);
      await escalator(product, 'resume', 'production/shop', '--by', 'Ben', '--why', 'mended').catch(() => {});
    };

    /** Breaks the release or the node, and waits for the incident. */
    const breakSomething = async (): Promise<void> => {
      const [newest] = await incidents();
      if (newest?.status === 'handed-over') await mend();
      await untilGood(product, patienceMs);
      if (random() < 0.5) await push('answer 500', `${brokenServer}// ${pushed.length}\n`);
      else for (const pid of shopProcesses(data)) process.kill(pid, 'SIGKILL');
      await product.until('an incident opens', async () => (await incidents())[0]?.id !== newest?.id, patienceMs);
    };

    it('loses nothing that was acknowledged, does nothing twice, and every incident ends', async () => {
      product = await start();
      await untilGood(product, patienceMs);
      clone = await cloneOf(product.ready.git, join(place.dir, 'shop'));
      goodServer = await clone.read('server.js');
      for (let killed = 0, tries = 0; killed < kills && tries < kills * 4; tries += 1) {
        if (!(await isOpen())) await breakSomething();
        await pause(random() * atMostMs);
        if (!(await isOpen())) continue;
        await product.kill();
        killed += 1;
        product = await start();
      }
      await product.until('every incident ends', async () => !(await isOpen()), patienceMs);
      for (const { status } of await incidents()) expect(['converged', 'self-healed', 'handed-over']).toContain(status);
      const entries = await allEntries(product);
      expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, index) => index));
      expect(new Set(entries.map((entry) => `${entry.factKey}/${entry.part.index}`)).size).toBe(entries.length);
      const updated = entries.filter(({ kind }) => kind === 'reference.updated').map(({ change }) => change?.commit);
      expect(updated.filter((commit) => pushed.includes(commit))).toEqual(pushed);
      await expectOncePerAct(product, entries);
    });

    it('and the record of it all verifies', async () => {
      writeFileSync(join(place.dir, 'key'), await escalator(product, 'key'));
      await escalator(product, 'export', '--out', join(place.dir, 'pack'), '--by', 'Ben');
      const said = await escalator(
        product,
        'verify',
        join(place.dir, 'pack'),
        '--key',
        join(place.dir, 'key'),
        '--json',
      );
      expect(JSON.parse(said)).toMatchObject({ exit: 0, complete: 'yes', genuine: true, problems: [] });
    });
  },
);

/** Every act that began has one claim before it, and there are no more rollback executions than acts that began. */
const expectOncePerAct = async (product: Product, entries: Answer[]): Promise<void> => {
  const of = (kind: string) => entries.filter((entry) => entry.kind === kind).map((entry) => entry.detail.actKey);
  expect(new Set(of('step.claimed')).size).toBe(of('step.claimed').length);
  expect(new Set(of('step.result')).size).toBe(of('step.result').length);
  const began = entries.filter((entry) => entry.kind === 'step.result' && entry.outcome === 'started');
  for (const act of began) expect(of('step.claimed')).toContain(act.detail.actKey);
  const redeployed = began.filter((act) => act.detail.action === 'redeploy').map((act) => act.execution);
  expect((await rollbacks(product)).toSorted()).toEqual(redeployed.toSorted());
};

const rollbacks = async (product: Product): Promise<(string | undefined)[]> => {
  const client = new CodePipelineClient(awsOf(product));
  const found = [];
  let nextToken: string | undefined;
  do {
    const asked = new ListPipelineExecutionsCommand({ pipelineName: 'shop', maxResults: 100, nextToken });
    const page = await client.send(asked);
    found.push(...(page.pipelineExecutionSummaries ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found
    .filter(({ executionType }) => executionType === 'ROLLBACK')
    .map(({ pipelineExecutionId }) => pipelineExecutionId);
};
