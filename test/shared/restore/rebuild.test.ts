import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rebuild, type Rebuilding } from '../../../shared/restore/rebuild.ts';
import type { Group } from '../../../shared/trail/entry.ts';
import {
  buildSegment,
  emptyLane,
  entriesPerSegment,
  type Head,
  linesOf,
  propose,
  type Segment,
  withGroups,
} from '../../../shared/trail/segment.ts';
import { draftOf } from '../../harness/drafts.ts';

const place = { lane: '000000000000.us-east-1', origin: 'escalator/000000000000/us-east-1' };

/** A lane as writers made it: a segment for each list of sizes of groups. */
const recorded = (segments: number[][]): Segment[] => {
  let head: Head = emptyLane;
  return segments.map((sizes, n) => {
    const groups = sizes.map((size, at): Group => {
      const entries = Array.from({ length: size }, (_, part) => draftOf({ reason: `${n} ${at} ${part} ☃` }));
      return { key: `fact/${n}#${at}`, entries };
    });
    const built = buildSegment(head, groups.map(propose), { ...place, at: `2026-11-21T00:00:0${n % 10}.000Z` });
    if (built === null) throw new Error('too large for a segment');
    head = built;
    return built;
  });
};

/** Put together again, so many lines at a time. */
const again = (lines: string[], atOnce: number): Segment[] => {
  let state: Rebuilding = { head: emptyLane, waiting: [] };
  const segments: Segment[] = [];
  for (let from = 0; from < lines.length; from += atOnce) {
    const { segments: some, ...next } = rebuild(
      state,
      lines.slice(from, from + atOnce),
      place,
      from + atOnce >= lines.length,
    );
    segments.push(...some);
    state = next;
  }
  return segments;
};

const marks = (segments: Segment[]) => segments.flatMap(({ groups }) => groups);
const all = (segments: Segment[]): string[] => segments.flatMap(linesOf);
const lanes = fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 12,
});

describe('a lane that is put together again from its lines', () => {
  it('has the same bytes, the same groups in one segment each, the same last hash and the same frontier', () =>
    fc.assert(
      fc.property(lanes, fc.integer({ min: 1, max: 256 }), (sizes, atOnce) => {
        const before = recorded(sizes);
        const after = again(all(before), atOnce);
        expect(all(after)).toEqual(all(before));
        expect(marks(after)).toEqual(marks(before.map(withGroups)));
        const [was, is] = [before.at(-1), after.at(-1)];
        expect([is?.head, is?.frontier, is?.at]).toEqual([was?.head, was?.frontier, was?.at]);
        expect(after.map(({ n }) => n)).toEqual(after.map((_, n) => n));
        expect(Math.max(...after.map(({ count }) => count))).toBeLessThanOrEqual(entriesPerSegment);
      }),
    ));

  it('can be gone on from: the next entry chains to it as it would have to what was lost', () => {
    const before = recorded([[1, 2], [3]]);
    const [is] = again(all(before), 2).slice(-1);
    const group = [propose({ key: 'next#1', entries: [draftOf({})] })];
    const at = { ...place, at: '2026-11-22T00:00:00.000Z' };
    expect(all([buildSegment(is as Segment, group, at) as Segment])).toEqual(
      all([buildSegment(before.at(-1) as Segment, group, at) as Segment]),
    );
  });

  it('is refused where a line is left out, changed in its chain, or of another lane', () => {
    const lines = all(recorded([[1], [1], [1]]));
    const without = [lines[0] ?? '', lines[2] ?? ''];
    expect(() => again(without, 9)).toThrow('entry 1');
    expect(() =>
      again(
        lines.map((line) => line.replace('us-east-1', 'eu-west-1')),
        9,
      ),
    ).toThrow('entry 0');
    expect(() => again([lines[0] ?? '', (lines[1] ?? '').replace(/"prev":"./, '"prev":"z')], 9)).toThrow('entry 1');
  });

  it('is refused where a group does not end', () => {
    const lines = all(recorded([[3]]));
    expect(() => again(lines.slice(0, 2), 9)).toThrow('begins a group that does not end');
  });
});
