import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntryItem } from '../../shared/question/answers.ts';
import { bad, badRelease, entry, hostile, incident, push, release, story } from './answers.ts';
import { page, startWorld, type World } from './harness.ts';

/** What a terminal would act on: control characters but the line's own end, and marks that turn text around. */
const acts = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.asked.length = 0;
  world.terminal = {};
  world.answers = {
    '/api/entries': page(story.toReversed(), 'CURSOR'),
    '/api/incidents': page([incident()]),
    '/api/incidents/production.shop.5': { ...incident(), story },
    '/api/releases': { ...page([release(), badRelease]), quarantined: [] },
  };
});

describe('escalator trail', () => {
  it('prints an entry a line, the newest last, and says how to see older ones', async () => {
    const { code, out, err } = await world.run('trail');
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^SEQ +TIME +WHERE +CHANGE +KIND +WHAT$/);
    expect(out.slice(1).map((line) => Number(line.split(' ')[0]))).toEqual(story.map(({ seq }) => seq));
    expect(out.at(-1)).toContain('production.shop.5 ended converged');
    expect(err).toEqual(['older ones: escalator trail --limit 50 --cursor CURSOR']);
  });

  it('asks with every filter it is given, and reads how long ago as a time', async () => {
    const filters = ['--change', bad, '--kind', 'incident.opened', '--service', 'shop', '--environment', 'production'];
    await world.run('trail', ...filters, '--since', '10m', '--until', '2026-11-21T12:00:00Z', '--limit', '7');
    expect(Object.fromEntries(world.asked[0]?.searchParams ?? [])).toEqual({
      change: bad,
      kind: 'incident.opened',
      service: 'shop',
      environment: 'production',
      since: '2026-11-21T11:55:00.000Z',
      until: '2026-11-21T12:00:00.000Z',
      limit: '7',
    });
  });

  it('says how to go on with the same question, though time has gone on too', async () => {
    const { err } = await world.run('trail', '--since', '2h', '--actor', "it's me", '--limit', '7');
    const since = '2026-11-21T10:05:00.000Z';
    expect(err).toEqual([
      `older ones: escalator trail --actor 'it'\\''s me' --since ${since} --limit 7 --cursor CURSOR`,
    ]);
  });

  it.each([
    ['a day, its first moment', ['--since', '2026-11-21'], '2026-11-20T23:00:00.000Z'],
    ['a day, its last moment', ['--until', '2026-11-21'], '2026-11-21T22:59:59.999Z'],
    ['a day on which clocks are put back', ['--until', '2026-10-25'], '2026-10-25T22:59:59.999Z'],
    ['a time of here', ['--since', '2026-11-21 10:00'], '2026-11-21T09:00:00.000Z'],
    ['a time of a Region, by its zone', ['--since', '2026-11-21T10:00-08:00'], '2026-11-21T18:00:00.000Z'],
    ['a time as AWS writes it', ['--until', '2026-11-21T10:00:00Z'], '2026-11-21T10:00:00.000Z'],
    ['how long ago, in days', ['--since', '30d'], '2026-10-22T12:05:00.000Z'],
  ])('takes for a time %s', async (_, args, expected) => {
    const here = process.env['TZ'];
    process.env['TZ'] = 'Europe/Berlin';
    try {
      await world.run('trail', ...args);
    } finally {
      if (here === undefined) delete process.env['TZ'];
      else process.env['TZ'] = here;
    }
    const { searchParams } = world.asked[0] ?? new URL('about:blank');
    expect(searchParams.get(args[0]?.slice(2) ?? '')).toBe(expected);
  });

  it('with --json prints the answer as it came, newest first', async () => {
    const { out } = await world.run('trail', '--json');
    expect(JSON.parse(out.join('\n'))).toEqual(page(story.toReversed(), 'CURSOR'));
  });

  it('says in words that there is nothing', async () => {
    world.answers['/api/entries'] = page([]);
    expect((await world.run('trail')).out).toEqual(['nothing is on record that answers this']);
  });

  it('goes on where pages hold nothing, and says so where it leaves off', async () => {
    let asked = 0;
    world.answers['/api/entries'] = () => (asked++ < 5 ? page([], `C${asked}`) : page([push(0, bad)]));
    expect((await world.run('trail')).out).toHaveLength(2);
    expect(world.asked.map((url) => url.searchParams.get('cursor'))).toEqual([null, 'C1', 'C2', 'C3', 'C4', 'C5']);
    world.answers['/api/entries'] = page([], 'FAR');
    expect(await world.run('trail')).toEqual({
      code: 0,
      out: ['nothing was found so far'],
      err: ['older ones: escalator trail --limit 50 --cursor FAR'],
    });
  });

  it('with --follow goes on with each new entry, once and in order, also when many came at once', async () => {
    const lane: EntryItem[] = [push(0, bad)];
    world.answers['/api/entries'] = (query: URLSearchParams) => pageOf(lane, query);
    let rounds = 0;
    const interrupted = new Error('interrupted');
    world.terminal.pause = () => {
      rounds += 1;
      for (let i = 0; i < 150 * rounds; i++) lane.push(entry(lane.length, 'pipeline.started', { pipeline: 'shop' }));
      return rounds > 2 ? Promise.reject(interrupted) : Promise.resolve();
    };
    const out: string[] = [];
    world.terminal.print = (line) => void out.push(line);
    await expect(world.run('trail', '--follow')).rejects.toBe(interrupted);
    expect(out.map((line) => Number(line.split(' ')[0]))).toEqual(Array.from({ length: 451 }, (_, seq) => seq));
  });

  it('with --follow waits through a restart, and says so once', async () => {
    const answers = [page([push(0, bad)]), undefined, undefined, page([push(1, bad), push(0, bad)])];
    world.answers['/api/entries'] = answers[0];
    let round = 0;
    world.terminal.pause = () => {
      round += 1;
      world.answers['/api/entries'] = answers[round];
      return round > 3 ? Promise.reject(new Error('interrupted')) : Promise.resolve();
    };
    const out: string[] = [];
    const err: string[] = [];
    world.terminal.print = (line) => void out.push(line);
    world.terminal.remark = (line) => void err.push(line);
    await expect(world.run('trail', '--follow', '--json')).rejects.toThrow('interrupted');
    expect(out.map((line) => (JSON.parse(line) as EntryItem).seq)).toEqual([0, 1]);
    expect(err).toEqual(['it does not answer just now; asking on']);
  });
});

/** As the query API pages: newest first, the cursor is where to go on. */
const pageOf = (lane: EntryItem[], query: URLSearchParams) => {
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit'));
  return page(lane.toReversed().slice(from, to), to < lane.length ? String(to) : null);
};

describe('escalator incidents and releases', () => {
  it('print what stands on record, one a line', async () => {
    const incidents = await world.run('incidents');
    expect(incidents.out[1]).toMatch(/^production\.shop\.5 +converged .* 2 +a1b2c3d +smoke +all checks passed/);
    const releases = await world.run('releases');
    expect(releases.out[1]).toMatch(/^production\/shop +9f8e7d6 +running .* yes +e-good +A good change/);
    expect(releases.out[2]).toMatch(/^production\/shop +a1b2c3d +quarantined .* e-bad +smoke failed with it/);
  });

  it('with --why say of each release whether it may be gone back to, every reason why not, and what never came', async () => {
    const never = {
      environment: 'production',
      service: 'shop',
      commit: 'c'.repeat(40),
      by: 'ben',
      reason: hostile,
      since: '2026-11-21T12:00:00.000Z',
    };
    const older = release({ id: 'o', commit: 'd'.repeat(40), execution: 'e-old', running: false, whyNot: [] });
    world.answers['/api/releases'] = { ...page([release(), badRelease, older]), quarantined: [never] };
    const { out } = await world.run('releases', '--why');
    expect(out[1]).toMatch(/^production\/shop +9f8e7d6 +Grace Hopper .* e-good +it runs *$/);
    expect(out[2]).toMatch(
      /a1b2c3d +Ada Lovelace .* e-bad +no +quarantined: smoke failed with it; never stayed with all/,
    );
    expect(out[3]).toMatch(/ddddddd .* e-old +yes *$/);
    expect(out[4]).toMatch(/^production\/shop refuses ccccccc since .*: quarantined by ben: Answer 500/);
    expect(out[4]).not.toContain('\u001b');
  });

  it('say in words that there are none', async () => {
    world.answers['/api/incidents'] = page([]);
    world.answers['/api/releases'] = page([]);
    expect((await world.run('incidents')).out).toEqual(['no incident is on record']);
    expect((await world.run('releases')).out).toEqual(['no release is on record']);
  });
});

describe('escalator why', () => {
  it('tells what failed, who was the suspect and why, what was decided on which entries, and how it ended', async () => {
    const { code, out } = await world.run('why');
    const text = out.join('\n');
    expect(code).toBe(0);
    expect(text).toContain('smoke failed (alarm shop-smoke): GET /health answered 500 (entry 11)');
    expect(text).toMatch(/The suspect is a1b2c3d "Answer 500.*" by Ada Lovelace: it reached production 5\.0 s before/);
    expect(text).toContain('attempt 1 starts from level deploy (deploy): quiescence is over');
    expect(text).toContain('(entry 15, decided when its time had come)');
    expect(text).toContain('a1b2c3d is quarantined in production: smoke failed with it, and passed before it');
    expect(text).toContain('It ended converged after 43 s and 2 attempts: all checks passed 3 times in a row.');
  });

  it('tells what people found out about it, as text', async () => {
    const note = {
      at: '2026-11-21T13:00:00.000Z',
      by: 'ada',
      cause: 'a null \u001b[2J',
      preventedBy: 'c0ffee1',
      seq: 99,
    };
    world.answers['/api/incidents/production.shop.5'] = { ...incident({ notes: [note] }), story: [] };
    const text = (await world.run('why', 'production.shop.5')).out.join('\n');
    expect(text).toMatch(/What people found\n {2}a null.*; prevented by c0ffee1 {2}\(ada, .*, entry 99\)/);
    expect(text).not.toContain('\u001b');
  });

  it('leaves out what is no news: bookkeeping, and one more passing check', async () => {
    const text = (await world.run('why', 'production.shop.5')).out.join('\n');
    expect(text).not.toMatch(/looked at again|was decided on|by topic|in a row so far/);
    expect(text.match(/the checks are verified/g)).toHaveLength(1);
  });

  it('says of an open incident how it stands, and for how long', async () => {
    const open = incident({ status: 'quiescing', closedAt: null, until: '2026-11-21T12:05:03.000Z', attempts: 0 });
    world.answers['/api/incidents/production.shop.5'] = { ...open, suspect: null, story: [] };
    const text = (await world.run('why')).out.join('\n');
    expect(text).toContain('It is quiescing now, for 3.0 s more, after 0 attempts.');
    expect(text).toContain('No release is suspect');
    expect(text).toContain('Nothing yet.');
  });

  it('of an incident that nobody knows, or before there was one, is one line and exit code 2', async () => {
    world.answers['/api/incidents'] = page([]);
    expect(await world.run('why')).toMatchObject({
      code: 2,
      out: [],
      err: [expect.stringMatching(/^ESC-011 no incident/)],
    });
    expect(await world.run('why', 'nope')).toMatchObject({
      code: 2,
      out: [],
      err: [expect.stringMatching(/^ESC-011 /)],
    });
  });
});

describe('what others wrote', () => {
  it.each([['trail'], ['incidents'], ['releases'], ['why']])('never acts on the terminal: %s', async (command) => {
    const entries = [entry(1, 'action.failed', { action: hostile, stage: hostile }, { reason: hostile })];
    const one = incident({ reason: hostile, failing: [hostile] });
    world.answers['/api/entries'] = page(entries);
    world.answers['/api/incidents'] = page([one]);
    world.answers['/api/incidents/production.shop.5'] = { ...one, story: entries };
    world.answers['/api/releases'] = page([{ ...badRelease, reason: hostile }]);
    const { out } = await world.run(command);
    expect(out.join('\n')).toContain('Answer 500');
    for (const line of out) expect(line).not.toMatch(acts);
  });

  it('never acts on the terminal as JSON either, and is the same JSON', async () => {
    const weird = { ...badRelease, subject: 'a\u009b2Jb\u202ec\u2028d\u007f' };
    world.answers['/api/releases'] = page([weird]);
    const { out } = await world.run('releases', '--json');
    for (const line of out.join('\n').split('\n')) expect(line).not.toMatch(acts);
    expect(JSON.parse(out.join('\n'))).toEqual(page([weird]));
  });
});
