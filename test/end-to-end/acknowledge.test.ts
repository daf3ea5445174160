import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, escalator, type Product, startProduct, temporary, untilGood } from '../harness/product.ts';
import { quickConfig, shopService } from '../harness/quick.ts';

/** A drastic level that two people must approve, of whom one chose it: the other is paged at once. */
const asking = (askFor: string) => ({
  checks: ['fine: { alarm: shop-smoke, level: only }'],
  ladder: ['{ level: only, do: { start-pipeline: shop }, mode: act, drastic: true }'],
  also: ['approvers: 2', `ask-for: ${askFor}`],
});
const contacts = { lead: '2s', boss: '10s' };

describe('on the running product, a page', { timeout: 120_000 }, () => {
  const place = temporary();
  let product: Product;
  beforeAll(async () => {
    const services = { shop: shopService(), till: asking('10m'), cart: asking('10m'), store: asking('1s') };
    product = await startProduct(join(place.dir, 'data'), ['--config', quickConfig(place.dir, services, contacts)]);
    await untilGood(product);
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  const post = async (path: string, body: object): Promise<{ status: number; error: string }> => {
    const answer = await fetch(new URL(path, product.ready.console), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: randomUUID(), by: 'Ada', why: 'I am on it', ...body }),
    });
    const { error } = (await answer.json()) as { error?: { code: string; message: string } };
    return { status: answer.status, error: error === undefined ? '' : `${error.code} ${error.message}` };
  };
  const acknowledge = (alert: string, over: object = {}) => post('/api/acknowledgements', { alert, ...over });
  /** what was told of a service, oldest first */
  const told = async (service: string): Promise<Answer[]> =>
    (await product.get<{ items: Answer[] }>('/api/alerts?limit=100')).items
      .filter((alert) => alert.service === service)
      .toReversed();
  const until = (service: string, why: string): Promise<Answer> =>
    product.until(`${why} of ${service}`, async () => (await told(service)).find((alert) => alert.why === why));
  const paged = async (service: string): Promise<Answer> => {
    await post('/api/orders/force', { ladder: `production/${service}`, order: { name: 'force', level: 'only' } });
    return until(service, 'page');
  };

  it('goes to the next contact when nobody acknowledges it, and no further once somebody does', async () => {
    const [page, other] = await Promise.all([paged('till'), paged('cart')]);
    expect(await acknowledge(other.incident)).toEqual({ status: 200, error: '' });
    expect((await until('till', 'escalated')).to).toEqual(['lead']);
    const said = await escalator(product, 'ack', page.incident, '--why', 'I am on it', '--by', 'Ben');
    expect(said).toContain(`${page.incident} is acknowledged`);
    await pause(Math.max(0, Date.parse(page.at) + 11_000 - Date.now())); // the boss would have been told by now
    expect((await told('till')).map(({ why, to }) => `${why} to ${to.join(', ')}`)).toEqual([
      'page to sre',
      'escalated to lead',
    ]);
    expect((await told('cart')).map(({ why, to }) => `${why} to ${to.join(', ')}`)).toEqual(['page to sre']);
  });

  it('that was acknowledged is on record with who said so and why, and that nobody vouches for a name here', async () => {
    const { items } = await product.get<{ items: Answer[] }>('/api/entries?kind=alert.decided&service=till&limit=100');
    const { input } = items.find(({ outcome }) => outcome === 'acknowledged').detail;
    expect(input).toMatchObject({ why: 'I am on it', who: { name: 'Ben', verified: false } });
  });

  it('is acknowledged once: again it is refused, and so is another incident, and what nobody knows', async () => {
    const [{ incident }] = (await told('cart')) as [Answer];
    expect((await acknowledge(incident)).error).toBe(`ESC-055 ${incident} was acknowledged before, by Ada`);
    expect((await acknowledge('production.cart.999')).error).toBe('ESC-055 nothing of production.cart.999 is open');
    expect((await acknowledge('production.nothing.1')).error).toBe('ESC-011 there is no alert "production.nothing.1"');
    const byName = escalator(product, 'ack', 'production.cart.999', '--why', 'a slip', '--by', 'Ben');
    await expect(byName).rejects.toThrow('ESC-055 nothing of production.cart.999 is open');
  });

  it('cannot be acknowledged when it is over', async () => {
    const { incident } = await paged('store');
    await until('store', 'over');
    expect((await acknowledge(incident)).error).toBe(`ESC-055 nothing of ${incident} is open`);
  });
});
