import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/trail/entry.ts';
import {
  buildSegment,
  emptyLane,
  entriesOf,
  lineLimit,
  linesOf,
  propose,
  type Segment,
  withGroups,
} from '../../../shared/trail/segment.ts';
import { leafHash } from '../../../shared/trail/merkle.ts';
import { groupOf } from '../../harness/drafts.ts';

const place = { lane: '1.r', origin: 'escalator/1/r', at: '2026-11-21T12:00:00.000Z' };
const segmentOf = (...groups: ReturnType<typeof groupOf>[]): Segment =>
  buildSegment(emptyLane, groups.map(propose), place) as Segment;

const accepted = (group: ReturnType<typeof groupOf>): boolean => {
  try {
    propose(group);
    return true;
  } catch {
    return false;
  }
};

const details = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()) as fc.Arbitrary<{
  [name: string]: Json;
}>;

describe('a segment', () => {
  it('gives back what was put into it, each entry with its place, the bytes that its hash is of, and its chain', () =>
    fc.assert(
      fc.property(
        fc.array(fc.array(details, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        (given) => {
          const groups = given.map((parts, n) => groupOf(`f#${n}`, ...parts.map((detail) => ({ detail }))));
          const segment = segmentOf(...groups);
          const entries = entriesOf(segment);
          expect(entries.map(({ detail }) => detail)).toEqual(JSON.parse(JSON.stringify(given.flat())));
          expect(entries.map(({ seq }) => seq)).toEqual(given.flat().map((_, index) => index));
          expect(entries.map(({ hash }) => hash)).toEqual(linesOf(segment).map(leafHash));
          expect(entries.every(({ prev }, n) => prev === (entries[n - 1]?.hash ?? emptyLane.head))).toBe(true);
          expect(segment.head).toBe(entries.at(-1)?.hash);
        },
      ),
    ));

  it('needs no list of its groups: they are found again in its records, with the digests their writers have', () =>
    fc.assert(
      fc.property(fc.array(details, { minLength: 1, maxLength: 5 }), (given) => {
        const segment = segmentOf(...given.map((detail, n) => groupOf(`f#${n}`, { detail }, { detail: { n } })));
        const { groups, ...stored } = segment;
        expect(withGroups(stored).groups).toEqual(groups);
      }),
    ));

  it('is compressed only where that saves a write unit of 1 KB', () => {
    expect(segmentOf(groupOf('small', { detail: { text: 'x'.repeat(300) } })).encoding).toBe('plain');
    const large = segmentOf(groupOf('large', { detail: { text: 'x'.repeat(3_000) } }));
    expect(large.encoding).toBe('zstd');
    expect(Math.ceil(large.body.length / 1_024)).toBeLessThan(Math.ceil(linesOf(large).join('\n').length / 1_024));
  });

  it('has no line that an entry bundle cannot hold, even of the largest draft and the worst place', () => {
    const key = '"'.repeat(1_800);
    const of = (length: number) => groupOf(key, { detail: { text: 'x'.repeat(length) } });
    const largest = [...Array(6_000).keys()].map((less) => of(65_535 - less)).find((group) => accepted(group));
    const far = {
      ...emptyLane,
      n: 9e11,
      first: Number.MAX_SAFE_INTEGER - 1,
      frontier: Array<string>(53).fill('0'.repeat(64)),
    };
    const worst = { ...place, origin: `escalator/${'9'.repeat(90)}/${'r'.repeat(100)}` };
    const [line = ''] = linesOf(buildSegment(far, [propose(largest ?? of(1))], worst) as Segment);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(lineLimit);
    expect(Buffer.byteLength(line)).toBeGreaterThan(lineLimit - 300);
  });

  it('goes on from the head that it is given', () => {
    const first = segmentOf(groupOf('a', {}, {}, {}));
    const second = buildSegment(first, [propose(groupOf('b'))], place) as Segment;
    expect([second.n, second.first, second.count]).toEqual([1, 3, 1]);
    expect(entriesOf(second)[0]).toMatchObject({ seq: 3, prev: first.head, id: '1.r/3', part: { index: 0, of: 1 } });
  });
});
