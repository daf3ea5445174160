import type { Lane, LaneSegment } from '../../shared/ports.ts';
import { readNote } from '../../shared/proof/note.ts';
import { type Archive, checkpointName } from '../../shared/seal/archive.ts';
import { subtreeReader } from '../../shared/seal/read-tree.ts';
import { leafHash } from '../../shared/trail/merkle.ts';

/** An entry in the table that is not the one that was signed. */
export type Altered = { seq: number; segment: number; /** hex */ signed: string; found: string | null };

/**
 * Segments looked at in one round. They are drawn anew each time, so that nobody can know which are left out; a trail of
 * so many segments is looked at whole in each round, one of n times as many in n rounds on average.
 */
const segmentsInRound = 20;

/**
 * Compares some of what was sealed with the archive: a seal looks at what is new, and this at what should be old.
 *
 * @param random 0 to 1; where the round begins
 * @returns the first entry of the round that was altered, or taken out; null where all are as they were signed
 */
export const patrol = async (
  { lane, archive }: { lane: Lane; archive: Archive },
  random: () => number,
): Promise<Altered | null> => {
  const bytes = await archive.get(checkpointName);
  const size = (bytes === null ? null : readNote(new TextDecoder().decode(bytes)))?.checkpoint.size ?? 0;
  const newest = await lane.newest();
  if (size === 0 || newest === null) return null;
  const first = Math.floor(random() * Math.max(1, newest.n + 2 - segmentsInRound));
  const signed = subtreeReader(archive, size);
  let expected = first;
  for (const segment of await lane.segments(first, segmentsInRound)) {
    const before = segment.first - 1;
    if (segment.n !== expected && before < size)
      return { seq: before, segment: expected, signed: await signed({ level: 0, index: before }), found: null };
    expected = segment.n + 1;
    const altered = await alteredIn(segment, size, (index) => signed({ level: 0, index }));
    if (altered !== null) return altered;
  }
  return null;
};

const alteredIn = async (
  { n, first, count, lines }: LaneSegment,
  size: number,
  signedAt: (seq: number) => Promise<string>,
): Promise<Altered | null> => {
  for (let at = 0; at < Math.max(count, lines.length) && first + at < size; at += 1) {
    const line = lines[at];
    const [signed, found] = [await signedAt(first + at), line === undefined ? null : leafHash(line)];
    if (signed !== found) return { seq: first + at, segment: n, signed, found };
  }
  return null;
};
