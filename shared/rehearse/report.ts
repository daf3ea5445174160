import { type Config, laddersOf } from '../config/config.ts';
import type { Line } from './line.ts';
import type { Instant } from '../trail/entry.ts';
import { pastBefore, seqSince } from './before.ts';
import type { Past } from './past.ts';
import { rehearseAll } from './together.ts';

/** What came of rehearsing one ladder. */
export type LadderReport = {
  ladder: string;
  lines: Line[];
  /** recorded decisions that would have been the same */
  same: number;
  differs: number;
  /** how often it became unknown what would have been */
  unknown: number;
};

export type Report = {
  ladders: LadderReport[];
  /** the same of the time before Escalator was there, as far as it was back-filled; no decision of then is on record */
  before: LadderReport[];
  /** ladders on record that the other configuration does not have */
  gone: string[];
};

/**
 * Rehearses every ladder of a configuration that a past can tell of, or only some.
 *
 * @param before whether what was back-filled of the time before is rehearsed too, from `since` on
 */
export const reportOn = (
  past: Past,
  config: Config,
  wanted: (ladder: string) => boolean,
  { from = 0, since = null, before = false }: { from?: number; since?: Instant | null; before?: boolean } = {},
): Report => {
  const ladders = laddersOf(config).filter(({ ladder }) => wanted(ladder));
  const told = rehearseAll(past, config, from);
  const known = new Set(laddersOf(config).map(({ ladder }) => ladder));
  const earlier = before ? pastBefore(past, since) : null;
  const toldBefore = earlier === null ? null : rehearseAll(earlier, config, seqSince(earlier, since));
  return {
    before: toldBefore === null ? [] : ladders.map(({ ladder }) => counted(ladder, toldBefore.get(ladder) ?? [])),
    ladders: ladders.map(({ ladder }) => counted(ladder, told.get(ladder) ?? [])),
    gone: [...new Set(past.happenings.flatMap((one) => (one.type === 'version' ? [one.version.ladder] : [])))]
      .filter((ladder) => wanted(ladder) && !known.has(ladder))
      .toSorted(),
  };
};

const counted = (ladder: string, lines: Line[]): LadderReport => {
  const count = (type: Line['type']): number => lines.filter((line) => line.type === type).length;
  return { ladder, lines, same: count('same'), differs: count('differs'), unknown: count('unknown') };
};

/** Nothing that is on record would have been decided otherwise, as far as anybody can know. */
export const isSame = ({ ladders, gone }: Report): boolean =>
  gone.length === 0 && ladders.every(({ differs, unknown }) => differs === 0 && unknown === 0);
