import { describe, expect, it } from 'vitest';
import { entryAt } from '../../../functions/answer-question/one-entry.ts';
import { indexSegments } from '../../../functions/index-trail/index-trail.ts';
import { blockLength } from '../../../shared/question/rows.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

/** A lane of segments of one to three entries, indexed so far; `opened` counts the segments that are read. */
const laneOf = async (segments: number, indexed = segments) => {
  const [trail, rows] = [memoryTrail(), memoryRows()];
  for (let n = 0; n < segments; n += 1)
    await trail.append([{ key: `f#${n}`, entries: Array.from({ length: 1 + (n % 3) }, () => draftOf()) }]);
  const index = indexSegments(rows);
  for (const segment of await trail.since(0, indexed)) await index([segment]);
  const counted = { opened: 0 };
  const open: typeof trail.open = (wanted) => {
    counted.opened += wanted.length;
    return trail.open(wanted);
  };
  return { ports: { trail: { ...trail, open }, rows }, length: trail.entries.length, counted };
};

describe('an entry by its place', () => {
  it.each([
    ['with an index', 3 * blockLength, 3 * blockLength],
    ['that is newer than the index', 3 * blockLength, blockLength + 5],
    ['without an index', 3 * blockLength, 0],
    ['of the first segment alone', 1, 1],
  ])('is found wherever it stands, %s', async (_, segments, indexed) => {
    const { ports, length } = await laneOf(segments, indexed);
    for (let seq = 0; seq < length; seq += 1) expect((await entryAt(ports, String(seq))).seq).toBe(seq);
    await expect(entryAt(ports, String(length))).rejects.toMatchObject({ code: 'ESC-011' });
  });

  it('takes as many reads in a long lane as in a short one', async () => {
    const readsFor = async (segments: number): Promise<number[]> => {
      const { ports, counted } = await laneOf(segments);
      const reads: number[] = [];
      for (let seq = 0; seq < 60; seq += 1) {
        counted.opened = 0;
        await entryAt(ports, String(seq));
        reads.push(counted.opened);
      }
      return reads;
    };
    const [short, long] = await Promise.all([readsFor(48), readsFor(480)]);
    expect(long).toEqual(short);
    expect(Math.max(...short)).toBeLessThanOrEqual(5);
  });

  it('of an empty trail is not found, and told so', async () => {
    const { ports } = await laneOf(0);
    await expect(entryAt(ports, '0')).rejects.toMatchObject({ code: 'ESC-011', todo: 'it is empty yet' });
  });
});
