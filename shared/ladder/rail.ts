import type { Instant } from '../trail/entry.ts';

/**
 * A guard rail, and how near to it the ladder is. Times are instants, lengths of time are milliseconds.
 */
export type Rail = {
  /** permanent, for programs */
  name: string;
  /** what it is, for people */
  is: string;
  /** which level, commit or release it is about, where there may be several */
  about: string | null;
  unit: 'times' | 'people' | 'targets' | 'releases' | 'commits' | 'ms' | null;
  /** null where there is nothing to count: a question of yes or no */
  limit: number | null;
  /** how much of the limit is used now; null where that is only known right before an act, or nothing is counted now */
  used: number | null;
  /** it refuses now what it is there to refuse */
  closed: boolean;
  /** the moment from which it lets act again by itself; null where it is not closed, or time does not free it */
  frees: Instant | null;
  /** for what runs out: when it does, if nothing else happens before */
  due: Instant | null;
};

/** What most rails are: open, and nothing runs out. */
export const openRail = { about: null, closed: false, frees: null, due: null } as const;
