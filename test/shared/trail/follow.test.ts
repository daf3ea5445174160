import { describe, expect, it } from 'vitest';
import type { Cursors, Trail } from '../../../shared/ports.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { followLane, followSegments } from '../../../shared/trail/follow.ts';
import { draftOf, groupOf } from '../../harness/drafts.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';

const source = draftOf().source;

/** Cursors that keep the promises of the port; what they hold outlives the reader, as a table does. */
const memoryCursors = (): Cursors & { writes: number } => {
  const next = new Map<string, number>();
  const tries = new Map<string, number>();
  const cursors = {
    writes: 0,
    get: (reader: string) => Promise.resolve(next.get(reader) ?? 0),
    advance: (reader: string, segment: number) => {
      if (segment > (next.get(reader) ?? 0)) tries.clear();
      next.set(reader, Math.max(segment, next.get(reader) ?? 0));
      return Promise.resolve();
    },
    attempt: (reader: string, seq: number) => {
      cursors.writes += 1;
      tries.set(`${reader}#${seq}`, (tries.get(`${reader}#${seq}`) ?? 0) + 1);
      return Promise.resolve((tries.get(`${reader}#${seq}`) ?? 0) - (tries.get(`${reader}#${seq + 1}`) ?? 0));
    },
  };
  return cursors;
};

/** A lane with these groups, and a way to start a process that follows it; what was handled outlives it. */
const laneWith = async (...groups: ReturnType<typeof groupOf>[]) => {
  const trail = memoryTrail();
  await trail.append(groups);
  const cursors = memoryCursors();
  const handled: string[] = [];
  const start = (fails: (entry: Entry) => string | null = () => null) =>
    followLane({
      trail,
      cursors,
      reader: 'react',
      source,
      handle: (entry) => {
        const error = fails(entry);
        if (error !== null) return Promise.reject(new Error(error));
        handled.push(entry.subject);
        return Promise.resolve();
      },
    });
  const skipped = () => trail.entries.filter(({ kind }) => kind === 'reader.skipped');
  return { trail, cursors, handled, start, skipped };
};

const failed = (call: Promise<void>): Promise<boolean> =>
  call.then(
    () => false,
    () => true,
  );

/** Calls until a call comes to the end of the lane; answers how many did not. */
const untilDone = async (follow: () => Promise<void>): Promise<number> => {
  let failures = 0;
  while (await failed(follow())) {
    failures += 1;
    if (failures > 50) throw new Error('it never came to the end');
  }
  return failures;
};

const three = () => laneWith(groupOf('f#0', { subject: 'a' }, { subject: 'b' }), groupOf('f#1', { subject: 'c' }));

describe('a reader of the lane', () => {
  it('handles every entry once and in order, and goes on where it was', async () => {
    const { trail, start, handled } = await three();
    await start()();
    await trail.append([groupOf('f#2', { subject: 'd' })]);
    await start()();
    expect(handled).toEqual(['a', 'b', 'c', 'd']);
  });

  it('comes back to an entry that failed, and to nothing before its segment', async () => {
    const { start, handled } = await three();
    let fails = 2;
    const follow = start(({ subject }) => (subject === 'c' && (fails -= 1) >= 0 ? 'not now' : null));
    expect(await untilDone(follow)).toBe(2);
    expect(handled).toEqual(['a', 'b', 'c']);
  });

  it.each(['a', 'b', 'c'])(
    'passes entry %s by when it failed five times, says so on the record, and goes on',
    async (bad) => {
      const { start, handled, skipped, trail } = await three();
      await untilDone(start(({ subject }) => (subject === bad ? `cannot do ${bad}` : null)));
      const { seq } = trail.entries.find(({ subject }) => subject === bad) as Entry;
      expect(skipped()).toMatchObject([
        { factKey: `reader/react/${seq}#skipped`, reason: `cannot do ${bad}`, detail: { reader: 'react', seq } },
      ]);
      expect(new Set(handled)).toEqual(
        new Set(['a', 'b', 'c', 'escalator:reader/react'].filter((name) => name !== bad)),
      );
    },
  );

  it('counts failures across processes, each of which fails once', async () => {
    const { start, skipped } = await three();
    let starts = 0;
    while (await failed(start(({ subject }) => (subject === 'b' ? 'no' : null))())) starts += 1;
    expect(starts).toBe(4);
    expect(skipped()).toHaveLength(1);
  });

  it('does not hold against an entry what its neighbour does: failing once, it is tried again', async () => {
    const { start, handled, skipped } = await three();
    let [calls, flaky] = [0, false];
    const follow = start(({ subject }) => {
      if (subject === 'a') flaky = (calls += 1) === 4;
      return subject === 'b' || flaky ? 'no' : null;
    });
    await untilDone(follow);
    expect(skipped().map(({ detail }) => detail['seq'])).toEqual([1]);
    expect(handled).toContain('a');
  });

  it('passes an entry by whose handling ends the process, so that a crash loop ends', async () => {
    const { trail, cursors, start, skipped } = await three();
    const crashing = () =>
      followLane({
        trail,
        cursors,
        reader: 'react',
        source,
        // A process that dies in here never comes back from the call: neither does this promise.
        handle: ({ subject }) => (subject === 'b' ? new Promise(() => {}) : Promise.resolve()),
      })();
    for (let starts = 0; starts < 10; starts += 1) void crashing();
    await new Promise((resolve) => setImmediate(resolve));
    expect(skipped()).toEqual([]);
    await start(({ subject }) => (subject === 'b' ? 'it would have crashed' : null))();
    expect(skipped()).toMatchObject([{ detail: { seq: 1, error: expect.stringContaining('never ended') as string } }]);
  });

  it('does not breed when whatever it is given fails', async () => {
    const { trail, start, skipped } = await three();
    await untilDone(start(() => 'all is broken'));
    expect(skipped()).toHaveLength(3);
    expect(trail.entries).toHaveLength(6);
  });

  it('writes no tries while all goes well, but in the segment that a process begins with', async () => {
    const { trail, cursors, start } = await three();
    const follow = start();
    await follow();
    await trail.append(Array.from({ length: 50 }, (_, n) => groupOf(`g#${n}`)));
    await follow();
    expect(cursors.writes).toBe(2);
  });

  it('puts a reason on record that was cut in the middle of a character, or holds half of one', async () => {
    const { start, skipped } = await three();
    await untilDone(start(({ subject }) => (subject === 'a' ? `${'x'.repeat(499)}😀\ud83d` : null)));
    expect(skipped()[0]?.reason?.isWellFormed()).toBe(true);
  });

  it('passes a whole segment by in the name of its first entry where it follows by segments', async () => {
    const { trail, cursors, skipped } = await three();
    const handled: number[][] = [];
    const follow = followSegments({
      trail,
      cursors,
      reader: 'index-trail',
      source,
      handle: (segments) => {
        handled.push(segments.map(({ segment }) => segment));
        return segments[0]?.segment === 0 ? Promise.reject(new Error('no')) : Promise.resolve();
      },
    });
    await untilDone(follow);
    expect(handled).toEqual([[0], [0], [0], [0], [0], [1], [2]]);
    expect(skipped()).toMatchObject([{ factKey: 'reader/index-trail/0#skipped' }]);
  });

  it('follows several segments together once the first went well, and one by one after a failure', async () => {
    const { trail, cursors } = await laneWith(...'abcdef'.split('').map((name) => groupOf(`f#${name}`)));
    const handled: number[][] = [];
    let fails = true;
    const follow = followSegments({
      trail,
      cursors,
      reader: 'index-trail',
      source,
      handle: (segments) => {
        handled.push(segments.map(({ segment }) => segment));
        const failed = fails && segments.length > 1;
        if (failed) fails = false;
        return failed ? Promise.reject(new Error('no')) : Promise.resolve();
      },
    });
    await untilDone(follow);
    expect(handled).toEqual([[0], [1, 2, 3, 4, 5], [1], [2, 3, 4, 5]]);
  });

  it('is asked no more once it gave fewer segments than were asked for, where it is followed by segments', async () => {
    const { trail, cursors } = await laneWith(...'abcdefghijklm'.split('').map((name) => groupOf(`f#${name}`)));
    const asked: number[] = [];
    const since: Trail['since'] = (segment, limit) => {
      asked.push(segment);
      return trail.since(segment, limit);
    };
    const handle = () => Promise.resolve();
    const reader = { trail: { ...trail, since }, cursors, reader: 'index-trail', source, handle };
    const follow = followSegments(reader);
    await follow();
    expect([await cursors.get('index-trail'), asked]).toEqual([13, [0, 10]]);
    await trail.append([groupOf('f#n')]);
    await follow();
    expect([await cursors.get('index-trail'), asked]).toEqual([14, [0, 10, 13]]);
  });
});
