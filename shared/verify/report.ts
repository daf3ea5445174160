import type { Json } from '../trail/entry.ts';

/** 0 good; 2 tampered with; 3 incomplete; 4 nobody known to us vouches for it. */
export type Exit = 0 | 2 | 3 | 4;

/** Something that is wrong with a pack, and what it amounts to. */
export type Problem = { exit: Exclude<Exit, 0>; what: string };

/** What verifying a pack found, for people, pages and scripts. */
export type Report = {
  exit: Exit;
  /** the first entry that is not as it was signed, or is missing; null where no entry is, or it cannot be told */
  firstBad: number | null;
  problems: string[];
  origin: string | null;
  /** entries of the whole lane that the checkpoint speaks of */
  size: number | null;
  /** entries in the pack, and the first and last of them */
  entries: number;
  first: number | null;
  last: number | null;
  /** when the first and the last were recorded */
  recorded: { first: string; last: string } | null;
  /** what was asked for, as the export's own entry says */
  asked: Json;
  genuine: boolean;
  complete: 'yes' | 'no' | 'not provable';
  /** how many earlier checkpoints the pack was checked against */
  checkpoints: number;
  /** compared with the checkpoint kept from last time */
  kept: 'same history' | 'other history' | 'not compared';
};

/** The gravest thing that is wrong: 2 before 4 before 3. */
export const exitOf = (problems: Problem[]): Exit =>
  ([2, 4, 3] as const).find((exit) => problems.some((problem) => problem.exit === exit)) ?? 0;
