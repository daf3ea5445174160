import { describe, expect, it } from 'vitest';
import {
  append,
  type Appended,
  appendTries,
  type Marker,
  type StoreCommand,
  type StoreReply,
} from '../../../shared/trail/append.ts';
import type { Group, Recorded } from '../../../shared/trail/entry.ts';
import { type Head, linesOf, propose, type Segment } from '../../../shared/trail/segment.ts';
import { draftOf, groupOf } from '../../harness/drafts.ts';

type Reply = (command: StoreCommand) => StoreReply;

/** A store in memory that keeps what it is told; `instead` may answer a command in its place. */
const storeOf = (instead: (command: StoreCommand) => StoreReply | null = () => null) => {
  const segments: Segment[] = [];
  const markers = new Map<string, Marker>();
  const asked: StoreCommand['do'][] = [];
  const own: Reply = (command) => {
    switch (command.do) {
      case 'read-head':
        return { head: segments.at(-1) ?? null };
      case 'write-markers':
        for (const marker of command.markers) markers.set(marker.key, marker);
        return undefined;
      case 'read-markers':
        return { markers: command.keys.flatMap((key) => markers.get(key) ?? []) };
      case 'put-segment':
        segments.push(command.segment);
        return { put: 'put' };
      case 'pause':
        return undefined;
    }
  };
  const reply: Reply = (command) => {
    asked.push(command.do);
    const other = instead(command);
    return other === null ? own(command) : other;
  };
  return { segments, markers, asked, reply };
};

const lane = { lane: 'l', origin: 'escalator/1/r', now: () => '2026-11-21T12:00:00.000Z' };

const run = (groups: Group[], reply: Reply): Recorded[] => runFrom(null, groups, reply).recorded;

const runFrom = (warm: Head | null, groups: Group[], reply: Reply): Appended => {
  const protocol = append(groups.map(propose), lane, warm);
  let step = protocol.next();
  while (step.done !== true) step = protocol.next(reply(step.value));
  return step.value;
};

/** The store as it is where a put under a number that is taken is refused. */
const storeWhere =
  (store: ReturnType<typeof storeOf>, free: (n: number) => boolean): Reply =>
  (command) => {
    if (command.do !== 'put-segment' || free(command.segment.n)) return store.reply(command);
    store.asked.push(command.do);
    return { put: 'taken' };
  };

const many = (count: number, each = 1): Group[] =>
  Array.from({ length: count }, (_, n) => groupOf(`f#${n}`, ...Array.from({ length: each }, () => ({}))));

describe('append', () => {
  it('asks the store nothing when there is nothing to append', () => {
    const store = storeOf();
    expect(run([], store.reply)).toEqual([]);
    expect(store.asked).toEqual([]);
  });

  it('answers in the order given, each with where it stands', () => {
    const recorded = run([groupOf('b', {}, {}), groupOf('a')], storeOf().reply);
    expect(recorded).toEqual([
      { key: 'b', status: 'recorded', place: { segment: 0, seq: 0, count: 2 } },
      { key: 'a', status: 'recorded', place: { segment: 0, seq: 2, count: 1 } },
    ]);
  });

  it('records the first of two groups under one key; the other learns that different content stands there', () => {
    const store = storeOf();
    const recorded = run(
      [groupOf('k', { subject: 'a' }), groupOf('k', { subject: 'b' }), groupOf('k', { subject: 'a' })],
      store.reply,
    );
    expect(recorded.map(({ status }) => status)).toEqual(['recorded', 'stood', 'recorded']);
    expect(store.segments.map(({ count }) => count)).toEqual([1]);
  });

  it('says of content that was recorded before that it is recorded, and of other content that something stood', () => {
    const store = storeOf();
    run([groupOf('k', { subject: 'a' })], store.reply);
    expect(run([groupOf('k', { subject: 'a' })], store.reply)[0]?.status).toBe('recorded');
    expect(run([groupOf('k', { subject: 'b' })], store.reply)[0]?.status).toBe('stood');
    expect(store.segments).toHaveLength(1);
  });

  it('puts at most a hundred entries into a segment, and a group into one', () => {
    const store = storeOf();
    run(many(40, 7), store.reply);
    expect(store.segments.map(({ count }) => count)).toEqual([98, 98, 84]);
  });

  it('puts at most 64 KB into a segment, but a larger group stands alone', () => {
    const noise = (from: number): string =>
      Array.from({ length: 4_500 }, (_, n) => (((from + n) * 2_654_435_761) ^ (n << 7) ^ (n * n)) >>> 0).join('');
    const groups = ['a', 'b', 'c', 'd'].map((key, n) =>
      groupOf(key, { detail: { key, noise: noise(n * 10_000) } }, { detail: { noise: noise(n * 10_000 + 5_000) } }),
    );
    const store = storeOf();
    run(groups, store.reply);
    expect(store.segments.every(({ body, groups: { length } }) => length === 1 || body.length <= 64 * 1_024)).toBe(
      true,
    );
    expect(store.segments.length).toBeGreaterThan(1);
    expect(store.segments.flatMap(linesOf)).toHaveLength(8);
  });

  it.each<[string, Group, RegExp]>([
    ['no key', groupOf(''), /key has 1 to 1800 bytes, not 0/],
    ['a key that no marker can hold', groupOf('漢'.repeat(700)), /not 2100/],
    ['no entries', { key: 'k', entries: [] }, /1 to 20 entries, not 0/],
    ['21 entries', many(1, 21)[0] as Group, /1 to 20 entries, not 21/],
    [
      'more than an item can hold',
      groupOf('k', ...Array.from({ length: 7 }, () => ({ detail: { text: 'x'.repeat(60_000) } }))),
      /the group "k": its entries have \d+ bytes, at most 358400/,
    ],
    [
      'an entry that no bundle can hold',
      groupOf('k', {}, { detail: { text: 'x'.repeat(65_000) } }),
      /the group "k": entry 1 has 65\d{3} bytes, at most 65020/,
    ],
    [
      'a number that JSON cannot hold',
      groupOf('k', {}, { detail: { a: [1, Number.NaN] } }),
      /NaN at \/1\/detail\/a\/1/,
    ],
    ['half a character', groupOf('k', { reason: 'half \ud83d' }), /lone surrogate at \/0\/reason/],
    [
      'a field left out',
      { key: 'k', entries: [{ ...draftOf(), reason: undefined as never }] },
      /undefined at \/0\/reason/,
    ],
  ])('refuses a group with %s before anything is put', (_, group, message) => {
    const store = storeOf();
    expect(() => run([...many(200), group], store.reply)).toThrow(message);
    expect(store.asked).toEqual([]);
  });

  it('gives the groups back when it lost every race, having paused after each', () => {
    const store = storeOf((command) => (command.do === 'put-segment' ? { put: 'taken' } : null));
    expect(() => run([groupOf('k')], store.reply)).toThrow(`in ${appendTries} tries`);
    expect(store.asked.filter((command) => command === 'put-segment')).toHaveLength(appendTries);
    expect(store.asked.filter((command) => command === 'pause')).toHaveLength(appendTries);
  });

  it('may lose as many races as it likes while others move it on: only losing without an end counts', () => {
    let puts = 0;
    const store = storeOf((command) =>
      command.do === 'put-segment' && (puts += 1) % 3 !== 0 ? { put: 'taken' } : null,
    );
    expect(run(many(900), store.reply)).toHaveLength(900);
    expect(puts).toBe(27);
  });

  it('writes the markers that the newest segment lacks, and takes what stands there for recorded', () => {
    const store = storeOf();
    run([groupOf('k')], store.reply);
    store.markers.clear(); // the writer crashed right after its put
    expect(run([groupOf('k')], store.reply)[0]).toMatchObject({ status: 'recorded', place: { segment: 0 } });
    expect(store.segments).toHaveLength(1);
  });

  it('writes no marker again that stands', () => {
    const store = storeOf();
    run(many(3), store.reply);
    store.asked.length = 0;
    run([groupOf('next')], store.reply);
    expect(store.asked).toEqual(['read-head', 'read-markers', 'put-segment', 'write-markers']);
  });
});

describe('a writer that wrote the newest segment with its markers', () => {
  it('neither reads it nor its markers again, only those of what it was given', () => {
    const store = storeOf();
    const { warm } = runFrom(null, many(3), store.reply);
    store.asked.length = 0;
    const { recorded } = runFrom(warm, [groupOf('f#2'), groupOf('next')], store.reply);
    expect(store.asked).toEqual(['read-markers', 'put-segment', 'write-markers']);
    expect(recorded.map(({ place }) => place)).toEqual([
      { segment: 0, seq: 2, count: 1 },
      { segment: 1, seq: 3, count: 1 },
    ]);
  });

  it('reads the markers of many segments once', () => {
    const store = storeOf();
    run(many(300), store.reply);
    expect(store.asked.filter((command) => command === 'read-markers')).toHaveLength(1);
    expect(store.asked.filter((command) => command === 'put-segment')).toHaveLength(3);
  });

  it('reads all anew, at once, where another came between', () => {
    const store = storeOf();
    const { warm } = runFrom(null, [groupOf('a')], store.reply);
    run([groupOf('b')], store.reply);
    store.asked.length = 0;
    const first = storeWhere(store, (n) => store.segments.length === n);
    const { recorded } = runFrom(warm, [groupOf('b'), groupOf('c')], first);
    expect(store.asked).toEqual([
      'read-markers',
      'put-segment',
      'read-head',
      'read-markers',
      'put-segment',
      'write-markers',
    ]);
    expect(recorded.map(({ place }) => place.segment)).toEqual([1, 2]);
  });

  it('goes on from nothing when the reply to its put was lost', () => {
    const store = storeOf();
    const { warm } = runFrom(null, [groupOf('a')], store.reply);
    const lossy: Reply = (command) => {
      const reply = store.reply(command);
      return command.do === 'put-segment' ? { put: 'unknown' } : reply;
    };
    store.asked.length = 0;
    expect(runFrom(warm, [groupOf('b')], lossy).recorded[0]?.status).toBe('recorded');
    expect(store.asked).toEqual(['read-markers', 'put-segment', 'read-head', 'read-markers', 'write-markers']);
    expect(store.segments).toHaveLength(2);
  });
});
