import { CodePipelineClient, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import {
  allEntries,
  type Answer,
  awsOf,
  brokenServer,
  cloneOf,
  type Product,
  startProduct,
  temporary,
} from '../harness/product.ts';

/** The story of a broken release, entry by entry: after the first of each kind the product is killed. */
const moments = [
  'reference.updated',
  'action.started',
  'release.reached',
  'incident.opened',
  'alert.raised',
  'step.intended',
  'step.claimed',
  'step.result',
  'step.started',
  'step.ended',
  'incident.settling',
  'incident.verifying',
  'release.quarantined',
];

describe('killed with SIGKILL as soon as each kind of entry is on record', { timeout: 300_000 }, () => {
  const place = temporary();
  const data = join(place.dir, 'data');
  let product: Product;
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  /** The first moment that came and was not used yet; null when the incident has ended. */
  const nextMoment = async (after: number, used: Set<string>): Promise<string | null> => {
    for (;;) {
      const { items } = await product.get('/api/entries?limit=60');
      const here = new Set(items.filter(({ seq }: Answer) => seq > after).map(({ kind }: Answer) => kind));
      const moment = moments.find((kind) => here.has(kind) && !used.has(kind));
      if (moment !== undefined) return moment;
      const incidents = (await product.get('/api/incidents')).items;
      if (incidents.length > 0 && incidents.every(({ closedAt }: Answer) => closedAt !== null)) return null;
      await pause(5);
    }
  };

  it('the incident converges, and each act was done once', async () => {
    product = await startProduct(data);
    await product.until('a last good release', async () =>
      (await product.get('/api/releases')).items.some((release: Answer) => release.lastGood),
    );
    const clone = await cloneOf(product.ready.git, join(place.dir, 'shop'));
    const [{ seq: after }] = (await product.get('/api/entries?limit=1')).items;
    await clone.push('answer 500', { 'server.js': brokenServer });
    const used = new Set<string>();
    for (let moment = await nextMoment(after, used); moment !== null; moment = await nextMoment(after, used)) {
      used.add(moment);
      await product.kill();
      product = await startProduct(data);
    }
    expect([...used].toSorted()).toEqual(moments.toSorted());
    const [incident] = (await product.get('/api/incidents')).items;
    expect([incident.status, incident.attempts]).toEqual(['converged', 2]);
    const entries = await allEntries(product);
    const results = entries.filter(({ kind }) => kind === 'step.result').map(({ outcome }) => outcome);
    // Killed between claim and call an act never began: it is intended again under another key.
    expect(results.filter((outcome) => outcome !== 'not-started')).toEqual(['started', 'started']);
    const { pipelineExecutionSummaries = [] } = await new CodePipelineClient(awsOf(product)).send(
      new ListPipelineExecutionsCommand({ pipelineName: 'shop' }),
    );
    expect(pipelineExecutionSummaries.filter(({ executionType }) => executionType === 'ROLLBACK')).toHaveLength(2);
  });
});
