import type { Lane, LaneSegment } from '../../shared/ports.ts';
import { type Checkpoint, readNote, signedBy, type VerifierKey } from '../../shared/proof/note.ts';
import { tileWidth } from '../../shared/proof/tiles.ts';
import { type Archive, checkpointName, checkpointPath } from '../../shared/seal/archive.ts';
import {
  ArchiveDiffers,
  bundleHolds,
  readRoot,
  type ReadSubtree,
  subtreeReader,
  tileHolds,
} from '../../shared/seal/read-tree.ts';
import { leafHash } from '../../shared/trail/merkle.ts';

/** An entry in the table that is not the one that was signed; or what is wrong in the archive, in words. */
export type Altered = { seq: number; segment: number; /** hex */ signed: string; found: string | null };
export type Finding = { entry: Altered } | { archive: string };

export type PatrolPorts = { lane: Lane; archive: Archive; key: VerifierKey };

/**
 * Segments looked at in one round: 20, and in a long trail so many that each comes up once a day on average, as far as
 * one call can do it. Where a round begins is drawn anew each time, so that nobody can know what is left out, and each
 * segment has the same chance.
 */
const inRound = (segments: number): number => Math.min(500, segments, Math.max(20, Math.ceil(segments / roundsInDay)));
const roundsInDay = 24 * 60;
const segmentsAtOnce = 20;

/**
 * Compares some of what was sealed with the archive, and that with what was signed: a seal looks at what is new, and
 * this at what should be old.
 *
 * @param random 0 to 1; where the round begins
 * @returns the first thing of the round that was altered, or taken out; null where all is as it was signed
 */
export const patrol = async (ports: PatrolPorts, random: () => number): Promise<Finding | null> => {
  const bytes = await ports.archive.get(checkpointName);
  const checkpoint = bytes === null ? null : signedIn(bytes, ports);
  const newest = await ports.lane.newest();
  if (checkpoint === null || checkpoint.size === 0 || newest === null) return null;
  const segments = newest.n + 1;
  const first = Math.min(segments - 1, Math.floor(random() * segments));
  const vouched = new Set<number>();
  const round = { ...ports, checkpoint, read: subtreeReader(ports.archive, checkpoint.size), vouched };
  try {
    return await lookRound(round, first, segments);
  } catch (error) {
    if (error instanceof ArchiveDiffers) return { archive: error.message };
    throw error;
  }
};

/** From the first on, and behind the last from the beginning again. */
const lookRound = async (round: Round, first: number, segments: number): Promise<Finding | null> => {
  for (let from = first, left = inRound(segments); left > 0;) {
    const count = Math.min(segmentsAtOnce, left, segments - from);
    const finding = await lookAt(round, from, count);
    if (finding !== null) return finding;
    from = (from + count) % segments;
    left -= count;
  }
  return null;
};

/** `vouched`: the tiles, by number, that were found to be what was signed. */
type Round = PatrolPorts & { checkpoint: Checkpoint; read: ReadSubtree; vouched: Set<number> };

/** Null where it is not one of ours. */
const signedIn = (bytes: Uint8Array, { key }: PatrolPorts): Checkpoint | null => {
  const note = readNote(new TextDecoder().decode(bytes));
  return note !== null && signedBy(note, key) === 'good' ? note.checkpoint : null;
};

const lookAt = async (round: Round, from: number, count: number): Promise<Finding | null> => {
  const { size } = round.checkpoint;
  let expected = from;
  for (const segment of await round.lane.segments(from, count)) {
    const before = segment.first - 1;
    if (segment.n !== expected && before < size) {
      const signed = await round.read({ level: 0, index: before });
      return { entry: { seq: before, segment: expected, signed, found: null } };
    }
    expected = segment.n + 1;
    const finding = (await alteredIn(round, segment)) ?? (await otherHistory(round, segment));
    if (finding !== null) return finding;
  }
  return null;
};

const alteredIn = async (round: Round, { n, first, count, lines }: LaneSegment): Promise<Finding | null> => {
  for (let at = 0; at < Math.max(count, lines.length) && first + at < round.checkpoint.size; at += 1) {
    await vouch(round, Math.floor((first + at) / tileWidth));
    const line = lines[at];
    const signed = await round.read({ level: 0, index: first + at });
    const found = line === undefined ? null : leafHash(line);
    if (signed !== found) return { entry: { seq: first + at, segment: n, signed, found } };
  }
  return null;
};

/** That the archive itself was not altered along with the table. Throws ArchiveDiffers where it was. */
const vouch = async ({ archive, checkpoint, read, vouched }: Round, tile: number): Promise<void> => {
  if (vouched.has(tile)) return;
  await tileHolds(read, tile, checkpoint);
  await bundleHolds(archive, read, tile, checkpoint.size);
  vouched.add(tile);
};

/** Seals end where segments do: a checkpoint that was once put there must be of the history that is there now. */
const otherHistory = async (round: Round, { first, count }: LaneSegment): Promise<Finding | null> => {
  const path = checkpointPath(first + count);
  const bytes = first + count > round.checkpoint.size ? null : await round.archive.get(path);
  if (bytes === null) return null;
  const then = signedIn(bytes, round);
  const isSame = then?.size === first + count && then.root === (await readRoot(round.read, then.size));
  return isSame ? null : { archive: `${path} is not of the history that is sealed now` };
};
