import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiFrom } from '../../cli/api.ts';
import { runProgram } from '../../cli/program.ts';
import type { EntryItem, Page } from '../../shared/question/answers.ts';
import { actorName } from '../../shared/trail/actor-name.ts';
import { whenOf } from '../../shared/question/things.ts';
import { askable, record } from '../harness/questions.ts';
import * as story from '../harness/story.ts';
import { startTrailTables, type TrailTables } from '../harness/trail-table.ts';
import { at, sha } from '../shared/population/given.ts';

/** Two lanes of the same story, and the command line over the first of them. */
let tables: TrailTables;
let [ours, theirs]: ReturnType<typeof askable>[] = [];
let url = '';
let close = (): void => {};

const lane = (): ReturnType<typeof askable> => ours as ReturnType<typeof askable>;

beforeAll(async () => {
  tables = await startTrailTables();
  const environment = await tables.make();
  [ours, theirs] = [environment, { ...environment, region: 'eu-west-1' }].map(askable);
  for (const one of [lane(), theirs as ReturnType<typeof askable>]) {
    await record(one.environment, story.wholeStory(), 3);
    await one.index();
  }
  const server = serve({ fetch: lane().api.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => void server.close();
});
afterAll(() => {
  close();
  tables.close();
});

const escalator = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
  const [out, err]: string[][] = [[], []];
  const code = await runProgram(
    {
      api: apiFrom({ ESCALATOR_URL: url }),
      print: (line) => void out?.push(line),
      remark: (line) => void err?.push(line),
      now: () => new Date(at(59)),
      pause: () => Promise.resolve(),
      colours: false,
      width: Infinity,
      stdin: async function* () {},
    },
    args,
  );
  return { code, out: out?.join('\n') ?? '', err: err?.join('\n') ?? '' };
};

const asked = (query: string): Promise<string> => lane().text(`/api/entries?${query}`);
const cursorOf = async (one: typeof ours, query: string): Promise<string> =>
  (JSON.parse((await one?.text(`/api/entries?${query}&limit=3`)) ?? '') as Page<EntryItem>).next ?? '';

/** A cursor with another place in it, as somebody would make it who knows how ours are made. */
const moved = (cursor: string, change: { [field: string]: unknown }): string =>
  Buffer.from(
    JSON.stringify({ ...(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as object), ...change }),
  ).toString('base64url');

describe('a cursor that is not of this question is refused, and in the same words whatever is wrong', () => {
  const query = 'environment=production';
  it.each<[string, () => Promise<string>]>([
    ['forged from nothing', () => Promise.resolve('forged')],
    ['empty', () => Promise.resolve('')],
    ['a number', () => Promise.resolve('3')],
    ['JSON that is no cursor', () => Promise.resolve(Buffer.from('null').toString('base64url'))],
    ['with a prototype in it', () => Promise.resolve(Buffer.from('{"__proto__":{"q":1}}').toString('base64url'))],
    ['with bytes behind it', async () => `${await cursorOf(ours, query)}=`],
    ['of another filter', () => cursorOf(ours, 'service=shop')],
    ['of one filter more', () => cursorOf(ours, `${query}&service=shop`)],
    ['of no filter', () => cursorOf(ours, '')],
    ['of another lane', () => cursorOf(theirs, query)],
    ['moved to an entry that answers nothing', async () => moved(await cursorOf(ours, query), { g: 0, s: 0 })],
    ['moved behind the end', async () => moved(await cursorOf(ours, query), { g: 10 ** 11, s: 10 ** 11 })],
    ['moved to no place', async () => moved(await cursorOf(ours, query), { g: -1, s: 1.5 })],
    ['with more in it', async () => moved(await cursorOf(ours, query), { admin: true })],
    ['from before the trail was begun anew', async () => moved(await cursorOf(ours, query), { m: '0'.repeat(16) })],
  ])('%s', async (_, cursorFrom) => {
    const cursor = await cursorFrom();
    const answer = await asked(`${query}&cursor=${encodeURIComponent(cursor)}`);
    const todo = 'pass back the "next" of a page with the same filters, or begin again without a cursor';
    expect(JSON.parse(answer)).toEqual({
      error: { code: 'ESC-012', message: 'the cursor is not of this question', todo },
    });
    const said = await escalator('trail', '--environment', 'production', '--cursor', cursor);
    expect(said).toEqual({ code: 2, out: '', err: `ESC-012 the cursor is not of this question; ${todo}` });
  });

  it.each(['incidents', 'releases', 'alerts'])('of entries, where %s are listed', async (list) => {
    const cursor = await cursorOf(ours, '');
    const answer = JSON.parse(await lane().text(`/api/${list}?cursor=${cursor}`)) as { error: { code: string } };
    expect(answer.error.code).toBe('ESC-012');
  });

  it('but its own goes on, also when the index was made anew and when more was recorded', async () => {
    const { items } = JSON.parse(await asked(`${query}&limit=7`)) as Page<EntryItem>;
    const cursor = await cursorOf(ours, query);
    const next = JSON.parse(await asked(`${query}&limit=4&cursor=${cursor}`)) as Page<EntryItem>;
    expect(next.items).toEqual(items.slice(3));
  });
});

describe('what no question can have is refused with what is wrong and what is wanted', () => {
  it.each<[name: string, value: string, said: RegExp]>([
    ['limit', '-1', /limit: a whole number from 1 to 500/],
    ['limit', '0', /limit: a whole number from 1 to 500/],
    ['limit', '1.5', /limit: a whole number from 1 to 500/],
    ['limit', '501', /limit: a whole number from 1 to 500/],
    ['limit', '1e9', /limit: a whole number from 1 to 500/],
    ['limit', '1000000000', /limit: a whole number from 1 to 500/],
    ['limit', '99999999999999999999', /limit: a whole number from 1 to 500/],
    ['limit', 'ten', /limit: a whole number from 1 to 500/],
    ['limit', '', /limit: a whole number from 1 to 500/],
    ['limit', '٣', /limit: a whole number from 1 to 500/],
    ['since', 'yesterday', /since: a time such as/],
    ['since', '1', /since: a time such as/],
    ['until', '2026-02-30', /until: a time such as/],
    ['until', '', /until: a time such as/],
    ['change', 'main', /change: a commit, at least 7 characters/],
    ['change', '<script>', /change: a commit/],
    ['kind', '', /kind: not empty/],
    ['subject', 'x'.repeat(2_049), /subject: at most 2048/],
  ])('%s=%s', async (name, value, said) => {
    const answer = await asked(`${name}=${encodeURIComponent(value)}`);
    const { error } = JSON.parse(answer) as { error: { code: string; message: string; todo: string } };
    expect(error).toEqual({
      code: 'ESC-012',
      message: expect.stringMatching(said) as string,
      todo: expect.stringMatching(/^filters are change, /) as string,
    });
    const { code, out, err } = await escalator('trail', `--${name}`, value);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(name === 'limit' || name === 'since' || name === 'until' ? /^ESC-007 --/ : /^ESC-012 /);
    expect(err.split('\n')).toHaveLength(1);
  });

  it.each([
    ['/api/entries?colour=red', '"colour" is no filter here'],
    ['/api/entries?kind=a&kind=b', 'kind: given more than once'],
    ['/api/entries?since=2026-11-22&until=2026-11-21', 'since 2026-11-22T00:00:00.000Z is after until'],
    ['/api/incidents?kind=alarm.changed', '"kind" is no filter here'],
    ['/api/releases?since=2026-11-21', '"since" is no filter here'],
    ['/api/alerts?limit=0', 'limit: a whole number from 1 to 500'],
  ])('%s', async (path, said) => {
    const { error } = JSON.parse(await lane().text(path)) as { error: { code: string; message: string } };
    expect([error.code, error.message]).toEqual(['ESC-012', expect.stringContaining(said)]);
  });
});

describe('every filter', () => {
  const { merge, source, stack, release, incident } = story;
  /** What a filter must mean, said without an index; a join is said by what it must have. */
  const filters: [name: string, value: string, means: (entry: EntryItem) => boolean][] = [
    ['kind', 'call', ({ kind }) => kind === 'call'],
    ['actor', 'ada', ({ actor }) => actorName(actor) === 'ada'],
    ['subject', stack, ({ subject }) => subject === stack],
    ['environment', 'production', ({ environment }) => environment === 'production'],
    ['service', 'shop', ({ service }) => service === 'shop'],
    ['since', at(10), (entry) => whenOf(entry) >= at(10)],
    ['until', at(14), (entry) => whenOf(entry) <= at(14)],
    ['incident', incident, ({ detail }) => detail['incident'] === incident],
  ];
  const joined: [name: string, value: string][] = [
    ['change', merge],
    ['change', source.slice(0, 9).toUpperCase()],
    ['execution', 'x-2'],
    ['release', release],
  ];
  const optionsFor = (...asks: (readonly [string, string, ...unknown[]])[]): string[] =>
    asks.flatMap(([name, value]) => [`--${name}`, value]);
  const queryFor = (...asks: (readonly [string, string, ...unknown[]])[]): string =>
    asks.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const seqsOf = (items: EntryItem[]): number[] => items.map(({ seq }) => seq);

  it.each(filters)('%s=%s is answered with what it says, newest first', async (name, value, means) => {
    const all = await lane().items('');
    const expected = seqsOf(all.filter(means));
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(all.length);
    expect(seqsOf(await lane().items(queryFor([name, value])))).toEqual(expected);
  });

  it('combines with every other, and with two, into what all of them have', async () => {
    const asks = [...filters, ...joined].map(([name, value]) => [name, value] as const);
    const alone = new Map<string, number[]>();
    for (const ask of asks) alone.set(ask.join(), seqsOf(await lane().items(queryFor(ask))));
    const both = (some: (readonly [string, string])[]): number[] =>
      some.map((ask) => alone.get(ask.join()) ?? []).reduce((a, b) => a.filter((seq) => b.includes(seq)));
    for (const [n, one] of asks.entries())
      for (const [m, two] of asks.entries())
        for (const three of asks.slice(m + 1)) {
          if (m <= n || new Set([one[0], two[0], three[0]]).size < 3) continue;
          expect(seqsOf(await lane().items(queryFor(one, two)))).toEqual(both([one, two]));
          expect(seqsOf(await lane().items(queryFor(one, two, three)))).toEqual(both([one, two, three]));
        }
  });

  it.each([...filters.map(([name, value]) => [name, value] as const), ...joined])(
    '%s=%s is asked on the command line with the same answer',
    async (name, value) => {
      const { code, out } = await escalator('trail', ...optionsFor([name, value]), '--limit', '500', '--json');
      expect([code, JSON.parse(out)]).toEqual([0, JSON.parse(await asked(`limit=500&${queryFor([name, value])}`))]);
    },
  );

  it('combined on the command line pages to the end by the command that each page ends with', async () => {
    const asks = [['environment', 'production'] as const, ['since', at(16)] as const];
    const seqs: number[] = [];
    let args = ['trail', ...optionsFor(...asks), '--limit', '2'];
    for (let pages = 0; args.length > 0 && pages < 20; pages += 1) {
      const { out, err } = await escalator(...args);
      seqs.push(...out.split('\n').slice(1).map(Number.parseFloat).toReversed());
      args = err === '' ? [] : err.replace('older ones: escalator ', '').split(' ');
    }
    expect(seqs).toEqual(seqsOf(await lane().items(queryFor(...asks))));
    expect(seqs.length).toBeGreaterThan(3);
  });

  it('of a commit nobody knows is answered with nothing; of the beginning of two is refused', async () => {
    expect(await lane().items(`change=${sha('0')}`)).toEqual([]);
    const commits = ['1', '2'].map((digit) => `abcdef0${digit.repeat(33)}`);
    const alike = Array.from({ length: 150 }, (_, n) => `abcdef0f${String(1_000 + n).padEnd(32, 'f')}`); // a flood
    const two = askable(await tables.make());
    await record(two.environment, story.pushesOf([...commits, ...alike]), 50);
    await two.index();
    expect(await two.text('/api/entries?change=abcdef0')).toContain('more than one commit begins with abcdef0');
    expect(await two.text('/api/changes/abcdef0')).toContain('ESC-012');
    expect(await two.items(`change=${commits[0]?.slice(0, 9)}`)).toHaveLength(1);
  });
});

describe('escalator change', () => {
  it('tells all that happened to a commit, and each act once, with the entries of the service and of CloudTrail', async () => {
    const { out } = await escalator('change', story.merge);
    const lineOf = (text: string): string[] => out.split('\n').filter((line) => line.includes(text));
    const receipts = async (kind: string, call: string): Promise<string> => {
      const items = (await lane().items(`change=${story.merge}`)).concat(await lane().items(`subject=${story.pull}`));
      const told = items.filter(({ kind: one, detail }) => one === kind || (one === 'call' && detail['call'] === call));
      const seqs = [...new Set(told.map(({ seq }) => seq))].toSorted((a, b) => a - b);
      return seqs.map((seq) => `#${seq}`).join(' ');
    };
    expect(lineOf(await receipts('pipeline.started', 'StartPipelineExecution'))).toEqual([
      expect.stringMatching(/ ada +#\d+ #\d+ /),
    ]);
    expect(lineOf('seen on staging')).toEqual([expect.stringMatching(/ eve +#\d+ #\d+ /)]);
    for (const told of [
      /^eeeeeee of shop {2}rolled back$/,
      /^message +SHOP-12: prices with tax/,
      /^pull +7 {2}merged {2}Prices with tax$/,
      /^approved +by ada, aaaaaaa {2}\(#\d+ #\d+\)$/,
      /^execution x-2 of pipeline shop: succeeded/,
      /^build shop:4f7d +succeeded +#\d+ #\d+$/,
      /^deployment d-ABC +succeeded +#\d+ #\d+$/,
      /^stack shop-network\/51af +succeeded +#\d+ #\d+/,
      /^release +production\/shop@x-2 {2}replaced$/,
      /^back +production\/shop went back to 9999999 at /,
      /^incident +production\.shop\.3 {2}converged/,
      /^alarm +shop-smoke at /,
    ])
      expect(out.split('\n')).toContainEqual(expect.stringMatching(told));
  });
});
