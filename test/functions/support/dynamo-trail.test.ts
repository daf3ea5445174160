import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCursors } from '../../../functions/support/dynamo-cursors.ts';
import { createRows } from '../../../functions/support/dynamo-rows.ts';
import { tableDefinition, tableOf } from '../../../functions/support/dynamo-table.ts';
import { createTimers } from '../../../functions/support/dynamo-timers.ts';
import { createTrail } from '../../../functions/support/dynamo-trail.ts';
import { environmentFrom } from '../../../functions/support/environment.ts';
import { draftOf } from '../../harness/drafts.ts';
import type { Draft, Entry, Group } from '../../../shared/trail/entry.ts';

const draft = (subject: string, fill = 0): Draft => draftOf({ subject, detail: { fill: 'x'.repeat(fill) } });

describe('the trail in DynamoDB', () => {
  let server: Server;
  let tables = 0;
  const environment = async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const here = { ...environmentFrom({}), account: '1', region: 'us-east-1', endpoint, table: `t-${(tables += 1)}` };
    await tableOf(here).client.send(new CreateTableCommand(tableDefinition(here.table)));
    return here;
  };

  beforeAll(async () => {
    server = dynalite({ createTableMs: 0 });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  });
  afterAll(() => void server.close());

  const all = async (trail: ReturnType<typeof createTrail>): Promise<Entry[]> => {
    const entries: Entry[] = [];
    for (let next = 0; ;) {
      const segments = await trail.since(next, 10);
      if (segments.length === 0) return entries;
      entries.push(...segments.flatMap((segment) => segment.entries));
      next = (segments.at(-1)?.segment ?? 0) + 1;
    }
  };

  it('keeps every fact of four writers once, without a gap, though they share a fifth of them', async () => {
    const here = await environment();
    const group = (key: string): Group => ({ key, entries: [draft(key), draft(`${key}, too`)] });
    const writers = Array.from({ length: 4 }, (_, writer) =>
      Array.from({ length: 50 }, (_fact, n) => group(n % 5 === 0 ? `shared#${n}` : `${writer}#${n}`)),
    );
    await Promise.all(
      writers.map(async (groups) => {
        const trail = createTrail(here);
        for (let start = 0; start < groups.length; start += 10) await trail.append(groups.slice(start, start + 10));
      }),
    );
    const entries = await all(createTrail(here));
    expect(entries).toHaveLength(2 * (4 * 40 + 10));
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index));
    expect(entries.every(({ prev }, index) => index === 0 || prev === entries[index - 1]?.hash)).toBe(true);
  });

  it('divides what is too much for one segment, and never a group', async () => {
    const trail = createTrail(await environment());
    const groups = Array.from({ length: 30 }, (_, n) => ({
      key: `g#${n}`,
      entries: Array.from({ length: 7 }, (_entry, index) => draft(`${n}.${index}`, 10_000)),
    }));
    const recorded = await trail.append(groups);
    expect(recorded.map(({ status }) => status)).toEqual(groups.map(() => 'recorded'));
    for (const { place } of recorded) {
      const entries = await trail.read(place);
      expect(new Set(entries.map(({ segment }) => segment)).size).toBe(1);
      expect(entries).toHaveLength(7);
    }
  });

  it('tells a writer what stands where its group does not', async () => {
    const trail = createTrail(await environment());
    const [mine] = await trail.append([{ key: 'v#1', entries: [draft('mine')] }]);
    const [yours] = await trail.append([{ key: 'v#1', entries: [draft('yours')] }]);
    const [again] = await trail.append([{ key: 'v#1', entries: [draft('mine')] }]);
    expect([mine?.status, yours?.status, again?.status]).toEqual(['recorded', 'stood', 'recorded']);
    expect((await trail.read(yours!.place))[0]?.subject).toBe('mine');
    expect(await trail.find('v#2')).toBeNull();
  });

  it('answers the newest first when asked so', async () => {
    const trail = createTrail(await environment());
    for (const n of [1, 2, 3]) await trail.append([{ key: `f#${n}`, entries: [draft(String(n))] }]);
    expect((await trail.latest(Number.MAX_SAFE_INTEGER, 2)).map(({ segment }) => segment)).toEqual([2, 1]);
    expect((await trail.latest(1, 5)).map(({ segment }) => segment)).toEqual([0]);
    expect(await trail.latest(0, 5)).toEqual([]);
  });

  it.each([
    ['a lone surrogate', '\ud800'],
    ['not a number', Number.NaN],
  ])('refuses what canonical JSON cannot hold, and names the place: %s', async (_, value) => {
    const trail = createTrail(await environment());
    const bad = { ...draft('bad'), detail: { a: { b: [value] } } };
    await expect(trail.append([{ key: 'f', entries: [bad] }])).rejects.toThrow('/0/detail/a/b/0');
  });

  it('moves a cursor forward only', async () => {
    const cursors = createCursors(await environment());
    await cursors.advance('react', 5);
    await cursors.advance('react', 3);
    expect(await cursors.get('react')).toBe(5);
    expect(await cursors.get('other')).toBe(0);
  });

  it('counts the tries at an entry that did not lead on to the next, until the cursor moves', async () => {
    const cursors = createCursors(await environment());
    expect(await cursors.attempt('react', 7)).toBe(1);
    expect(await cursors.attempt('react', 8)).toBe(1);
    expect(await cursors.attempt('react', 7)).toBe(1); // the first try led on to 8
    expect(await cursors.attempt('react', 8)).toBe(2);
    expect(await cursors.get('react')).toBe(0);
    await cursors.advance('react', 1);
    expect([await cursors.attempt('react', 8), await cursors.get('react')]).toEqual([1, 1]);
  });

  it('puts a row with a version over an older one only', async () => {
    const rows = createRows(await environment());
    const put = (version: number) => rows.put([{ question: 'q', sort: 's', segment: 0, body: { version }, version }]);
    for (const version of [3, 5, 4]) await put(version);
    expect((await rows.newest('q', 1))[0]?.body).toEqual({ version: 5 });
  });

  it('puts the last of two rows under one key, and reads a question whose rows exceed 1 MB to its end', async () => {
    const rows = createRows(await environment());
    const row = (n: number, fill: number) => ({
      question: 'q',
      sort: `${n + 100}`,
      segment: n,
      body: { fill: 'x'.repeat(fill) },
    });
    await rows.put([...Array.from({ length: 30 }, (_, n) => row(n, 60_000)), row(3, 1)]);
    const found = await rows.newest('q', 40);
    expect(found).toHaveLength(30);
    expect(found.at(26)?.body).toEqual({ fill: 'x' });
  });

  it('finds due timers, soonest first, until they are cleared', async () => {
    const timers = createTimers(await environment());
    const timer = (due: string) => ({ ladder: 'p/s', version: 1, name: 'decide', due });
    const [late, soon] = [timer('2026-11-21T12:00:02.000Z'), timer('2026-11-21T12:00:01.000Z')];
    await timers.set(late);
    await timers.set(soon);
    expect(await timers.due('2026-11-21T12:00:01.000Z', 10)).toEqual([soon]);
    expect(await timers.due('2026-11-21T12:00:09.000Z', 10)).toEqual([soon, late]);
    await timers.clear(soon);
    expect(await timers.due('2026-11-21T12:00:09.000Z', 10)).toEqual([late]);
  });

  it('answers a question newest first, from behind a sort key on', async () => {
    const rows = createRows(await environment());
    await rows.put([1, 2, 3].map((n) => ({ question: 'q', sort: String(n), segment: n, body: { n, none: null } })));
    expect((await rows.newest('q', 2)).map(({ body }) => body)).toEqual([
      { n: 3, none: null },
      { n: 2, none: null },
    ]);
    expect((await rows.newest('q', 2, '2')).map(({ sort }) => sort)).toEqual(['1']);
    expect(await rows.newest('other', 2)).toEqual([]);
  });
});
