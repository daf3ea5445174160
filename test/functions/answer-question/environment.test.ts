import { describe, expect, it } from 'vitest';
import { ladderApi } from '../../../functions/answer-question/ladder.ts';
import type { Page } from '../../../shared/question/answers.ts';
import type { LadderAnswer } from '../../../shared/question/ladders.ts';
import { configOf, standing, town, type Town } from '../../harness/town.ts';

const config = configOf([standing('shop'), standing('cart')]);

const asked = (test: Town) => {
  const api = ladderApi({
    stateOf: test.state,
    config: () => config,
    killSwitch: () => Promise.resolve('allow'),
    now: () => new Date(test.now()),
    place: { parameter: '/escalator/acting', region: 'r', endpoint: null },
  });
  return async <T>(path: string): Promise<T> => (await api.request(path)).json() as Promise<T>;
};

describe('the ladder of an environment', () => {
  it('is answered by its own name, and before those of its services', async () => {
    const get = asked(await town(config));
    expect(await get<LadderAnswer>('/api/ladders/production')).toMatchObject({
      ladder: 'production',
      service: null,
      status: 'at-rest',
      levels: [{ level: 'network', does: 'start-pipeline network' }],
      running: null,
    });
    const { items } = await get<Page<LadderAnswer>>('/api/ladders');
    expect(items.map(({ ladder }) => ladder)).toEqual(['production', 'production/shop', 'production/cart']);
  });

  it('says whom it waits for, and its services whose they are', async () => {
    const test = await town(config);
    test.world.up = false;
    await test.read();
    for (let waited = 0; test.acts.length < 3 && waited < 600; waited += 1) await test.forward(1_000);
    const get = asked(test);
    const { incident } = await get<LadderAnswer>('/api/ladders/production');
    expect(incident?.next).toBe('settle, when these have ended: production/shop, production/cart');
    expect(await get<LadderAnswer>('/api/ladders/production/shop')).toMatchObject({ status: 'climbing' });
    await test.forward(240_000);
    const { reason } = await get<LadderAnswer>('/api/ladders/production/shop');
    expect(reason).toMatch(/^adopted by production\.\d+$/);
  });

  it('has every guard rail but those of releases', async () => {
    const { rails } = await asked(await town(config))<LadderAnswer>('/api/ladders/production');
    const names = rails.map(({ name }) => name);
    expect(names).toContain('runs-an-hour');
    expect(names).toContain('ladders-acting');
    for (const of of ['rollbacks-a-day', 'suspect-age', 'bake', 'last-served']) expect(names).not.toContain(of);
  });

  it('has its orders on record, without a service', async () => {
    const test = await town(config);
    await test.order('production', { name: 'hold' });
    const given = test.entries.find(({ kind }) => kind === 'order.given');
    expect(given).toMatchObject({ environment: 'production', service: null, subject: 'escalator:ladder/production' });
    expect((await test.state('production')).stop).toMatchObject({ by: 'hold' });
  });
});
