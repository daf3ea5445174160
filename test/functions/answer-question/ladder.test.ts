import { describe, expect, it } from 'vitest';
import { questionApi } from '../../../functions/answer-question/answer-question.ts';
import { ladderApi } from '../../../functions/answer-question/ladder.ts';
import { createLadders, ladderReader } from '../../../functions/support/ladders.ts';
import type { Rows } from '../../../shared/ports.ts';
import type { ServiceConfig } from '../../../shared/config/config.ts';
import type { LadderAnswer } from '../../../shared/question/ladders.ts';
import type { Page } from '../../../shared/question/answers.ts';
import { Hono } from 'hono';
import { broken, healthy, ladder, level, shop, type TestLadder } from '../../harness/ladder.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
const site = shop({ service: 'site', ladder: 'production/site' });

/** What a ladder of a test decided, on record; and what is asked of it, at that ladder's time. */
const world = async (
  test: TestLadder,
  services: ServiceConfig[] = [test.config],
  killSwitch: string | null = 'allow',
) => {
  const [trail, rows] = [memoryTrail(), memoryRows()];
  const ladders = createLadders(trail, rows, source);
  for (const { before, on, decision } of test.versions) await ladders.record(test.config, before, on, decision);
  const written: unknown[] = [];
  const readOnly: Rows = { ...rows, put: (some) => Promise.resolve(void written.push(some)) };
  const config = () => ({ digest: '', text: '', environments: [], services, routes: [], topics: {} });
  const ports = {
    stateOf: ladderReader(trail, readOnly),
    config,
    now: () => new Date(test.now()),
    killSwitch: () => Promise.resolve(killSwitch),
    place: { parameter: '/escalator/acting', region: 'eu-west-1', endpoint: null },
  };
  const api = new Hono().route('/', ladderApi(ports)).route(
    '/',
    questionApi({ trail, rows }, () => ({})),
  );
  const get = async <T>(path: string): Promise<T> => (await api.request(path)).json() as Promise<T>;
  return { api, get, written };
};

describe('the kill switch', () => {
  const railsOf = async (text: string | null) => {
    const { get } = await world(healthy(), [shop(), site], text);
    const { rails } = await get<LadderAnswer>('/api/ladders/production/shop');
    return rails.flatMap(({ name, closed, about }) => (name === 'kill-switch' ? [{ closed, about }] : []));
  };

  it.each([
    ['allow', [{ closed: false, about: null }]],
    ['allow except production/site', [{ closed: false, about: null }]],
    ['allow except production', [{ closed: true, about: 'the kill switch is thrown for production' }]],
    ['allow except production/shop', [{ closed: true, about: 'the kill switch is thrown for production/shop' }]],
    [
      'allow except redeploy',
      [
        { closed: false, about: null },
        { closed: true, about: 'the kill switch is thrown for redeploy' },
      ],
    ],
    ['off', [{ closed: true, about: 'the kill switch is thrown' }]],
    [null, [{ closed: true, about: 'the kill switch cannot be read' }]],
  ])('is a guard rail of a ladder as it was just read: %j', async (text, rails) => {
    expect(await railsOf(text)).toEqual(rails);
  });

  it('is answered by itself, with its place and what its text means', async () => {
    const place = { parameter: '/escalator/acting', region: 'eu-west-1', endpoint: null };
    const { get } = await world(healthy(), [shop(), site], 'allow except redeploy');
    expect(await get('/api/kill-switch')).toEqual({ ...place, text: 'allow except redeploy', except: ['redeploy'] });
    const thrown = await world(healthy(), [shop(), site], null);
    expect(await thrown.get('/api/kill-switch')).toEqual({
      ...place,
      text: null,
      thrown: 'the kill switch cannot be read',
    });
  });
});

describe('a ladder', () => {
  it('stands as its versions on the trail say, and asking writes nothing', async () => {
    const { get, written } = await world(broken());
    const answer = await get<LadderAnswer>('/api/ladders/production/shop');
    expect(answer).toMatchObject({
      ladder: 'production/shop',
      status: 'quiescing',
      incident: { failing: ['smoke'], next: 'the most drastic level that a failing check asks for' },
      running: { commit: 'bad', author: 'Ada', subject: 'work of bad' },
      lastGood: { commit: 'good' },
    });
    expect(answer.checks.map(({ check, value }) => `${check} ${value}`)).toEqual(['node pass', 'smoke fail']);
    expect(written).toEqual([]);
  });

  it('that never took anything in is answered as well', async () => {
    const { get } = await world(ladder());
    expect(await get<LadderAnswer>('/api/ladders/production/shop')).toMatchObject({
      version: 0,
      status: 'at-rest',
      checks: [
        { check: 'node', value: 'unknown', since: null },
        { check: 'smoke', value: 'unknown', since: null },
      ],
      levels: [
        { level: 'node', mode: 'act', does: 'replace-instances shop-asg', checks: ['node'] },
        { level: 'deploy', mode: 'act', does: 'redeploy shop/Deploy', checks: ['smoke'] },
      ],
      running: null,
      diverged: null,
      lastGood: null,
      quarantined: [],
    });
  });

  it('says what was done around the pipeline, since when', async () => {
    const back = { type: 'previous-version', function: 'shop', alias: 'live' } as const;
    const test = healthy(shop({ levels: [level('node', { do: back }), level('deploy')] }));
    test.alarm('node', 'fail');
    test.timer();
    test.result({ outcome: 'started' });
    const { get } = await world(test);
    expect(await get<LadderAnswer>('/api/ladders/production/shop')).toMatchObject({
      diverged: { at: test.now(), by: 'point alias shop:live back to the version before, around its pipeline' },
    });
  });

  it('is one of the list, in the order of the configuration', async () => {
    const services = [site, ...Array.from({ length: 20 }, (_, n) => shop({ ladder: `production/s${n}` })), shop()];
    const { get } = await world(healthy(), services);
    const { items } = await get<Page<LadderAnswer>>('/api/ladders');
    expect(items.map((item) => item.ladder)).toEqual(services.map((service) => service.ladder));
    expect(items.map(({ running }) => running?.commit).filter(Boolean)).toEqual(['good']);
  });

  it('that the configuration does not name is refused, with those that it names', async () => {
    const { api } = await world(healthy(), [shop(), site]);
    const answer = await api.request('/api/ladders/production/shed');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      error: {
        code: 'ESC-011',
        message: 'there is no ladder "production/shed"',
        todo: 'there are production/shop, production/site',
      },
    });
  });

  it('is only asked: nothing is told to it here', async () => {
    const { api } = await world(healthy());
    expect((await api.request('/api/ladders/production/shop', { method: 'POST' })).status).toBe(405);
  });
});
