import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, incidentAfter, type Product, startProduct, temporary, untilGood } from '../harness/product.ts';
import { quickConfig, shopService } from '../harness/quick.ts';

/** A drastic level that nobody else acts on: two people must approve it, and not whoever wrote what runs. */
const careful = {
  checks: ['fine: { alarm: shop-smoke, level: only }'],
  ladder: ['{ level: only, do: { start-pipeline: shop }, mode: act, drastic: true }'],
  also: ['approvers: 2', 'ask-for: 12s'],
};

describe('on the running product, an approval that does not count', { timeout: 120_000 }, () => {
  const place = temporary();
  let product: Product;
  let incident: Answer;
  let since: string;

  beforeAll(async () => {
    const config = quickConfig(place.dir, { shop: shopService(), careful });
    product = await startProduct(join(place.dir, 'data'), ['--config', config]);
    await untilGood(product);
    await product.until('who wrote what runs', async () => {
      const { running } = await product.get<Answer>('/api/ladders/production/careful');
      return running?.author === 'Escalator';
    });
    since = new Date().toISOString();
    await tell('force', { name: 'force', level: 'only' }, 'Ben');
    incident = await incidentAfter(product, since, ({ status }) => status === 'asking');
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  const tell = async (name: string, order: object, by: string, id: string = randomUUID()): Promise<number> => {
    const body = { id, by, ladder: 'production/careful', why: 'to see it', order };
    const answer = await fetch(new URL(`/api/orders/${name}`, product.ready.console), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.status;
  };
  const approve = (by: string, id?: string) => tell('approve', { name: 'approve', incident: incident.id }, by, id);
  const entries = async (kind: string): Promise<Answer[]> =>
    (await product.get<{ items: Answer[] }>(`/api/entries?service=careful&kind=${kind}&limit=100`)).items;
  const refusals = async (): Promise<string[]> =>
    (await entries('order.refused')).map(({ reason }) => reason).toReversed();
  const refused = (count: number) =>
    product.until(`${count} are refused`, async () => {
      const found = await refusals();
      return found.length >= count ? found : null;
    });

  it('is that of the author, and that of one person a second time: each is refused, recorded, and told', async () => {
    await approve('Escalator');
    await approve('Ben');
    const found = await refused(2);
    expect(found).toEqual(['Escalator wrote the change: somebody else must approve', 'Ben approved it already']);
    const told = (await entries('alert.raised')).map(({ detail }) => detail.alert.headline);
    for (const reason of found) expect(told.some((headline: string) => headline.includes(reason))).toBe(true);
    expect(await entries('step.intended')).toEqual([]);
  });

  it('is one that is sent again: it is on record once, and counts no more than that', async () => {
    const id = randomUUID();
    const before = (await entries('order.given')).length;
    expect([await approve('Escalator', id), await approve('Escalator', id)]).toEqual([200, 200]);
    expect(await refused(3)).toHaveLength(3);
    expect(await entries('order.given')).toHaveLength(before + 1);
  });

  it('is one that comes when its time is over: a person was called by then, and nothing is done', async () => {
    const over = await incidentAfter(product, since);
    expect([over.status, over.reason]).toEqual(['handed-over', 'nobody approved level only in time']);
    const count = (await refusals()).length;
    await approve('Cy');
    const found = await refused(count + 1);
    expect(found.at(-1)).toBe(`${incident.id} asks for no approval`);
    await pause(1_000); // long enough for a step to begin, were it granted
    expect(await entries('step.intended')).toEqual([]);
    const [page] = (await entries('alert.raised'))
      .map(({ detail }) => detail.alert)
      .filter(({ severity }) => severity === 'page');
    expect(page.headline).toContain('a person is needed, nobody approved level only in time');
  });
});
