import { describe, expect, it } from 'vitest';
import { reportApi } from '../../../functions/answer-question/reports.ts';
import { indexSegments } from '../../../functions/index-trail/index-trail.ts';
import { createLadders } from '../../../functions/support/ladders.ts';
import type { ServiceConfig } from '../../../shared/config/config.ts';
import type { Page } from '../../../shared/question/answers.ts';
import type { LadderReport } from '../../../shared/question/reports.ts';
import { begin, healthy, level, shop, type TestLadder, wide } from '../../harness/ladder.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
const site = shop({ service: 'site', ladder: 'production/site' });
const hour = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** A ladder that only observes, and in which something failed for ten minutes, two hours after it began. */
const observed = (): TestLadder => {
  const test = healthy(
    shop({ ...wide, levels: [level('node', { mode: 'observe' }), level('deploy', { mode: 'observe' })] }),
  );
  test.forward(hour);
  test.alarm('smoke', 'fail');
  test.timer();
  test.forward(600_000);
  test.alarm('smoke', 'pass');
  test.read();
  return test;
};

const asking = async (test: TestLadder, services: ServiceConfig[] = [test.config, site]) => {
  let now = begin;
  const [trail, rows] = [memoryTrail(() => new Date(now)), memoryRows()];
  const ladders = createLadders(trail, rows, source);
  for (const { before, on, decision } of test.versions) {
    now = Date.parse(on.now);
    await ladders.record(test.config, before, on, decision);
  }
  await indexSegments(rows)(await trail.since(0, 1_000));
  const config = () => ({ digest: '', text: '', environments: [], services, routes: [], topics: {} });
  const api = reportApi({ trail, rows, config, now: () => new Date(test.now()) });
  const get = async (query: string) => {
    const answer = await api.request(`/api/reports${query}`);
    return { status: answer.status, body: (await answer.json()) as Page<LadderReport> };
  };
  return { get, items: async (query = '') => (await get(query)).body.items };
};

describe('reports', () => {
  it('are of every ladder, of the last 30 days where nobody says otherwise', async () => {
    const test = observed();
    const { items } = await asking(test);
    const [first, second] = await items();
    expect([first?.ladder, second?.ladder]).toEqual(['production/shop', 'production/site']);
    expect(first).toMatchObject({
      since: iso(Date.parse(test.now()) - 30 * 24 * hour),
      until: test.now(),
      complete: true,
      ended: { observed: 1 },
      byPeople: { count: 1 },
      incidents: [{ status: 'observed', plan: [{ does: 'redeploy shop/Deploy' }] }],
    });
    expect(second?.incidents).toEqual([]);
  });

  it('are of one ladder, and of the time that was asked for', async () => {
    const { items } = await asking(observed());
    const shopOnly = '?environment=production&service=shop';
    expect((await items(shopOnly)).map(({ ladder }) => ladder)).toEqual(['production/shop']);
    expect((await items(`${shopOnly}&until=${iso(begin + hour)}`))[0]?.incidents).toEqual([]);
    expect((await items(`${shopOnly}&since=${iso(begin + 1.5 * hour)}`))[0]?.incidents).toHaveLength(1);
  });

  it.each<[string, number, string]>([
    ['?service=shed', 404, 'ESC-011'],
    ['?environment=moon', 404, 'ESC-011'],
    ['?since=yesterday', 400, 'ESC-012'],
    ['?kind=x', 400, 'ESC-012'],
    ['?since=2026-11-22&until=2026-11-21', 400, 'ESC-012'],
  ])('%s is refused', async (query, status, code) => {
    const { get } = await asking(observed());
    expect(await get(query)).toMatchObject({ status, body: { error: { code } } });
  });
});
