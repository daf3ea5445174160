import { levelAt, type Subtree } from './tree.ts';

/** Entries in a row: the first of them, and how many. */
export type Run = { first: number; count: number };

/** Adds one entry to the runs that there are, in place; they come in rising order. */
export const extendRuns = (runs: Run[], seq: number): void => {
  const last = runs.at(-1);
  if (last !== undefined && last.first + last.count === seq) last.count += 1;
  else runs.push({ first: seq, count: 1 });
};

/**
 * The subtrees that stand for what lies between the runs, in order: the largest that fit, divided where a checkpoint
 * is (docs/reference/evidence-pack.md, "The root").
 *
 * @param stops sizes of the checkpoints in the pack
 */
export const gapSubtrees = (runs: Run[], stops: number[], size: number): Subtree[] => {
  const ends = [...new Set([...stops, size])].toSorted((a, b) => a - b);
  const needed: Subtree[] = [];
  let at = 0;
  for (const { first, count } of [...runs, { first: size, count: 0 }]) {
    while (at < first) {
      const stop = ends.find((end) => end > at) ?? first;
      const level = levelAt(at, Math.min(stop, first) - at);
      needed.push({ level, index: at / 2 ** level });
      at += 2 ** level;
    }
    at = first + count;
  }
  return needed;
};
