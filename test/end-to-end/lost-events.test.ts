import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allEntries,
  type Answer,
  cloneOf,
  escalator,
  type Product,
  startProduct,
  temporary,
} from '../harness/product.ts';

/** What the bus loses: every end of what CodePipeline does, every move of a branch, every change of an alarm. */
const loses = [
  { source: ['aws.codepipeline'], detail: { state: ['SUCCEEDED', 'FAILED'] } },
  { source: ['aws.codecommit'] },
  { 'detail-type': ['CloudWatch Alarm State Change'] },
];

const releases = async (product: Product): Promise<Answer[]> => (await product.get('/api/releases')).items;
const found = (entries: Answer[], as: string): Answer[] => entries.filter(({ detail }) => detail.reconciled === as);
const isOnce = (entries: Answer[]): boolean => {
  const heads = entries.filter(({ part }) => part.index === 0);
  return new Set(heads.map(({ factKey }) => factKey)).size === heads.length;
};

describe('where the bus loses events', { timeout: 240_000 }, () => {
  const place = temporary();
  const data = join(place.dir, 'data');
  let product: Product;
  beforeAll(async () => {
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'bus.json'), JSON.stringify({ loses }));
    product = await startProduct(data);
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  it('the trail has them a round later, marked late and once each, and the ladder knows what runs', async () => {
    const clone = await cloneOf(product.ready.git, join(place.dir, 'shop'));
    await product.until('the first release was found', async () => (await releases(product)).length === 1);
    const commit = await clone.push('Change', { 'note.txt': 'a change' });
    await product.until('its release was found', async () =>
      (await releases(product)).some((one) => one.commit === commit && one.running),
    );
    await product.until('its push was found', async () =>
      (await allEntries(product)).some((one) => one.kind === 'reference.updated' && one.change.commit === commit),
    );
    const entries = await allEntries(product);
    const late = found(entries, 'late');
    expect(new Set(late.map(({ kind }) => kind))).toEqual(
      new Set(['action.succeeded', 'stage.succeeded', 'pipeline.succeeded', 'reference.updated', 'alarm.changed']),
    );
    const ofExecution = (kind: string): string[] =>
      late.filter((one) => one.kind === kind).map(({ execution, detail }) => `${execution} ${detail.stage}`);
    for (const kind of ['pipeline.succeeded', 'stage.succeeded'])
      expect(new Set(ofExecution(kind)).size).toBe(ofExecution(kind).length);
    expect(isOnce(entries)).toBe(true);
    // Who pushed nothing says: that is a gap, and people are told.
    const told = entries.filter(({ kind }) => kind === 'gap.found');
    expect(told).toHaveLength(1);
    expect(told[0].reason).toContain('branch main of shop went from');
    expect(await escalator(product, 'trail')).toContain('late: stage Deploy of shop succeeded');
    await escalator(product, 'change', commit.slice(0, 10));
  });

  it('a trail begun after the pipeline has what was before, marked backfilled, and a last good release', async () => {
    await product.until('both releases are good', async () => (await releases(product)).every(({ good }) => good));
    const before = (await releases(product)).map(({ execution }) => execution);
    await product.stop();
    for (const ours of ['dynamodb', 'archive', 'queues']) rmSync(join(data, ours), { recursive: true, force: true });
    product = await startProduct(data);
    await product.until(
      'the releases of before are known',
      async () => (await releases(product)).length === before.length,
    );
    const [running, older] = await releases(product);
    expect([running.execution, older.execution]).toEqual(before);
    expect(older.good).toBe(true); // by the history of the alarms: nobody watched it then
    const entries = await allEntries(product);
    expect(found(entries, 'backfilled').filter(({ kind }) => kind === 'pipeline.started')).toHaveLength(before.length);
    expect(entries.filter(({ kind }) => kind === 'gap.found' || kind === 'incident.opened')).toEqual([]);
    expect(isOnce(entries)).toBe(true);
    await product.until('a last good release', async () => (await releases(product)).some(({ lastGood }) => lastGood));
    // What was never watched can be rehearsed all the same.
    const told = await escalator(product, 'rehearse', '--since', '30d', '--config', 'examples/shop/escalator.yaml');
    expect(told).toMatch(
      /production\/shop {2}before it was watched, by what was back-filled: \d+ decisions? would have been made/,
    );
    expect(told).toContain('check smoke went from unknown to pass');
  });
});
