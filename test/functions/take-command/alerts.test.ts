import { beforeEach, describe, expect, it } from 'vitest';
import { commandApi } from '../../../functions/take-command/take-command.ts';
import { take } from '../../../functions/support/tell.ts';
import type { Alert } from '../../../shared/ladder/events.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';
import { tellPorts } from '../../harness/tell-ports.ts';
import { newsItem } from '../../harness/news.ts';
import { alertOf } from '../../harness/alert.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const incident = 'production.shop.5';
const alert = alertOf({ severity: 'page', headline: 'shop in production: a person is needed', next: 'nothing' });
const start = Date.parse('2026-11-21T12:00:00.000Z');
const later = (hours: number): string => new Date(start + hours * 3_600_000).toISOString();

let now = start;
let trail = memoryTrail();
let telling = tellPorts(trail);
beforeEach(() => {
  now = start;
  trail = memoryTrail();
  telling = tellPorts(trail, {}, () => new Date(now));
});

const raise = (seq: number, over: Partial<Alert> = {}): Promise<string> => {
  const given = { ...alert, ...over };
  const says = given.over === true ? 'over' : 'open';
  const severity = given.severity === 'warning' ? 'ticket' : given.severity;
  const notice = { about: incident, says, severity, alert: given, mutedBy: null } as const;
  return take(telling, 'production/shop', { type: 'notice', seq, notice });
};

const post = async (path: string, body: object) => {
  const api = commandApi({
    trail,
    source,
    telling,
    redrive: { queues: [], move: () => Promise.resolve(0) },
    actorOf: (_context, by) => ({ type: 'person', id: by, name: by, verified: false }),
    ladders: ['production/shop'],
    seal: () => undefined,
  });
  const headers = { 'content-type': 'application/json' };
  const given = JSON.stringify({ id: 'command-1', by: 'ada', why: 'I am on it', ...body });
  const answer = await api.request(path, { method: 'POST', body: given, headers });
  const { error } = (await answer.json()) as { error?: { code: string; message: string } };
  return error === undefined ? 'done' : `${error.code} ${error.message}`;
};

describe('an acknowledgement', () => {
  it.each([incident, 'alerts/production/shop#1', 'production/shop'])(
    'names %s, and is on record with who and why',
    async (name) => {
      await raise(1);
      expect(await post('/api/acknowledgements', { alert: name })).toBe('done');
      const state = await telling.groups.load('production/shop');
      expect(state.acknowledged).toMatchObject({ who: { id: 'ada' } });
      expect(trail.entries.at(-1)).toMatchObject({ kind: 'alert.decided', detail: { input: { why: 'I am on it' } } });
    },
  );

  it.each(['alerts/news:security/root-used#1', 'news:security/root-used'])(
    'of news that page names %s; of news that nobody wants it is refused',
    async (name) => {
      telling = tellPorts(trail, { news: [newsItem()] }, () => new Date(now));
      const notice = { about: 'root', says: 'call', severity: 'page', alert, mutedBy: null } as const;
      await take(telling, 'news:security/root-used', { type: 'notice', seq: 1, notice });
      expect(await post('/api/acknowledgements', { alert: name })).toBe('done');
      expect((await telling.groups.load('news:security/root-used')).open).toEqual([]);
      expect(await post('/api/acknowledgements', { alert: 'news:gone/root-used' })).toContain('ESC-011');
    },
  );

  it('twice is once for the same command, and refused for another', async () => {
    await raise(1);
    expect(await post('/api/acknowledgements', { alert: incident })).toBe('done');
    expect(await post('/api/acknowledgements', { alert: incident })).toBe('done');
    expect(await post('/api/acknowledgements', { alert: incident, id: 'command-2', by: 'ben' })).toBe(
      'ESC-055 production.shop.5 was acknowledged before, by ada',
    );
  });

  it('of another incident, of one that is over, of a message of before that, and of nothing there is, is refused', async () => {
    await raise(1);
    expect(await post('/api/acknowledgements', { alert: 'production.shop.4' })).toContain('ESC-055 nothing of');
    await raise(2, { severity: 'info', headline: 'converged', over: true });
    expect(await post('/api/acknowledgements', { alert: incident })).toContain('ESC-055 nothing of');
    await raise(3);
    const old = 'alerts/production/shop#1';
    expect(await post('/api/acknowledgements', { alert: old })).toBe(`ESC-055 nothing of ${old} is open`);
    expect(await post('/api/acknowledgements', { alert: 'production/till' })).toContain('ESC-011');
    expect(await post('/api/acknowledgements', { alert: '../../etc' })).toContain('ESC-011');
  });
});

describe('a silence', () => {
  const shop = { match: { service: ['shop'] }, from: null };

  it('keeps what its pattern matches from being told while it lasts, and nothing else', async () => {
    expect(await post('/api/silences/set', { ...shop, until: later(1) })).toBe('done');
    expect(await raise(1)).toBe('silenced');
    now += 3_600_001;
    expect(await raise(2, { headline: 'still' })).toBe('page');
    expect(
      await post('/api/silences/set', { ...shop, id: 'command-2', match: { service: ['till'] }, until: later(2) }),
    ).toBe('done');
    expect(await raise(3, { headline: 'and still' })).toBe('page');
  });

  it('is over when somebody lifts it', async () => {
    await post('/api/silences/set', { ...shop, until: later(1) });
    expect(await post('/api/silences/lifted', { id: 'command-2', silence: 'command-1' })).toBe('done');
    expect(await raise(1)).toBe('page');
    expect(trail.entries.map(({ kind }) => kind).slice(0, 2)).toEqual(['silence.set', 'silence.lifted']);
  });

  it.each([
    ['that ends before it begins', { from: later(2), until: later(1) }, 'begins at'],
    ['that is over', { from: later(-2), until: later(-1) }, 'it ended at'],
    ['for ten years', { until: later(87_600) }, 'within 24 hours'],
    ['by a pattern that is none', { match: { service: 'shop' }, until: later(1) }, 'service'],
  ])('%s is refused with its reason', async (_, over, why) => {
    const answer = await post('/api/silences/set', { ...shop, ...over });
    expect(answer).toContain('ESC-056');
    expect(answer).toContain(why);
    expect(trail.entries).toEqual([]);
  });

  it('without an owner, or without a reason, is refused', async () => {
    expect(await post('/api/silences/set', { ...shop, until: later(1), by: ' ' })).toContain('ESC-012');
    expect(await post('/api/silences/set', { ...shop, until: later(1), why: '' })).toContain('ESC-012');
  });

  it('that is not there cannot be lifted', async () => {
    expect(await post('/api/silences/lifted', { silence: 'command-9' })).toContain('ESC-056 there is no silence');
  });
});
