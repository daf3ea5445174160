import { claimOf, follows, recordIn } from './claims.ts';
import { detailsNamed } from './complete.ts';
import { readLeaves } from './leaves.ts';
import { linesOf } from './lines.ts';
import type { Rooting } from './roots.ts';
import { type Engine, files, type PackSource } from './source.ts';

/** What one reading of the entries found. */
export type Walk = {
  entries: number;
  /** seq of the first entry and of the last one */
  first: number | null;
  last: number | null;
  ended: 'whole' | 'cut off' | 'too long';
  /** whether the file of leaves says the same of every line, and no more */
  leavesSame: boolean;
  /** the first seq at which a line does not follow from the one before */
  broken: number | null;
  /** the first seq that the checkpoint does not reach */
  beyond: number | null;
  /** how many runs of entries without a gap there are */
  runs: number;
  /** where the last run begins */
  lastRun: number;
  /** SHA-256 of the first large detail that an entry names and the pack has not */
  lacks: string | null;
  firstLine: Line | null;
  /** the one before the last, and the last */
  lastLines: Line[];
};

/** A line as it stands, for reading it later. */
type Line = Uint8Array;

const zeros = '0'.repeat(64);

/** The checkpoint's size, which large details the pack has, and who is told of every piece, in bytes. */
type Walking = { size: number; has: (sha256: string) => boolean; progress: (bytes: number) => void };

/** Reads every entry once, in order, and puts its hash at its place. */
export const walk = async (
  source: PackSource,
  engine: Engine,
  rooting: Rooting,
  { size, has, progress }: Walking,
): Promise<Walk> => {
  const found: Walk = {
    entries: 0,
    first: null,
    last: null,
    ended: 'whole',
    leavesSame: true,
    broken: null,
    beyond: null,
    runs: 0,
    lastRun: 0,
    lacks: null,
    firstLine: null,
    lastLines: [],
  };
  const leaves = readLeaves(source, engine);
  let [expected, prev] = [0, zeros];
  const lines = linesOf(source.chunks(files.entries), engine);
  for (;;) {
    const piece = await lines.next();
    if (piece.done === true) {
      found.ended = piece.value;
      break;
    }
    const { bytes, starts, ends } = piece.value;
    for (let index = 0; index < starts.length; index += 1) {
      const [start, end] = [starts[index] ?? 0, ends[index] ?? 0];
      const does = follows(engine, bytes, start, end, { seq: expected, prev });
      const seq = does ? expected : placeOf(found, bytes, [start, end], { expected, prev });
      prev = engine.leaf(bytes, start, end);
      if (seq >= size) found.beyond ??= seq;
      if (seq !== expected || found.entries === 0) [found.runs, found.lastRun] = [found.runs + 1, seq];
      rooting.place(seq, prev);
      const more = leaves.more();
      if (more !== true) await more;
      if (!leaves.is(seq, prev)) found.leavesSame = false;
      found.first ??= seq;
      found.last = seq;
      found.entries += 1;
      expected = seq + 1;
    }
    found.lacks ??= detailsNamed(engine, piece.value).find((sha256) => !has(sha256)) ?? null;
    keepEnds(found, bytes, starts, ends);
    progress(bytes.length - 1);
  }
  if ((await leaves.more()) || leaves.left() > 0) found.leavesSame = false;
  return found;
};

/** Where a line that does not follow belongs: behind a gap, or, with what it says being wrong, in the next place. */
const placeOf = (
  found: Walk,
  bytes: Uint8Array,
  [start, end]: [number, number],
  { expected, prev }: { expected: number; prev: string },
): number => {
  const claim = claimOf(recordIn(bytes, start, end));
  if (claim !== null && claim.seq > expected) return claim.seq;
  const isRight = claim?.seq === expected && claim.prev === prev;
  if (!isRight) found.broken ??= expected;
  return expected;
};

const keepEnds = (found: Walk, bytes: Uint8Array, starts: number[], ends: number[]): void => {
  // a copy: the memory is read into again, and slice of a Buffer is a view of it
  const lineAt = (index: number): Line => new Uint8Array(bytes.subarray(starts[index], ends[index]));
  if (starts.length === 0) return;
  found.firstLine ??= lineAt(0);
  const last = Array.from({ length: Math.min(2, starts.length) }, (_, back) => lineAt(starts.length - 1 - back));
  found.lastLines = [...found.lastLines, ...last.toReversed()].slice(-2);
};
