import type { Rows } from '../../shared/ports.ts';
import type { Filters } from '../../shared/question/filters.ts';
import { misdatedIn, misdatedMonths } from '../../shared/question/rows.ts';
import {
  monthOf,
  periodsWithin,
  recordedWithinMs,
  timeKey,
  timeKeyFrom,
  type Way,
} from '../../shared/question/times.ts';

/** Higher than any segment's number. */
export const farthest = 999_999_999_998;

/**
 * The segments in which all that happened in a time was recorded, but for what is misdated. `lower` is higher than
 * `upper` where nothing was.
 */
export type Range = { upper: number; lower: number };

/** Looks a time up: two reads, wherever in the lane it is. */
export const rangeOf = async (rows: Rows, { since, until }: Filters): Promise<Range> => {
  const firstAfter = async (key: string): Promise<number | undefined> =>
    (await rows.newest('times', 1, key))[0]?.segment;
  const after = until === undefined ? undefined : await firstAfter(timeKey(Date.parse(until) + recordedWithinMs));
  const from = since === undefined ? 0 : await firstAfter(timeKeyFrom(Date.parse(since) - recordedWithinMs));
  return { upper: after === undefined ? farthest : after - 1, lower: from ?? farthest };
};

/** Months in which something is misdated, at most: fifty years of them. */
const monthsAtMost = 600;

/** Most who ask, ask about a few days. */
const monthsAtOnce = 2;

const monthsWithin = async (rows: Rows, since: string, until: string | undefined): Promise<string[]> => {
  const months: string[] = [];
  for (let after = until === undefined ? undefined : `${until}~`; months.length < monthsAtMost; after = months.at(-1)) {
    const page = (await rows.newest(misdatedMonths, monthsAtOnce, after)).map(({ sort }) => sort);
    months.push(...page);
    if (page.length < monthsAtOnce || (page.at(-1) ?? '') < since) break;
  }
  return months.filter((month) => month >= since);
};

/**
 * The questions that say, roughly, where that is which happened in a time and was recorded later, and where what was
 * recorded before it is said to happen.
 */
export const misdatedQuestions = async (rows: Rows, { since, until }: Filters): Promise<{ [way in Way]: string[] }> => {
  if (since === undefined && until === undefined) return { late: [], ahead: [] };
  const months = await monthsWithin(rows, monthOf(since ?? ''), until === undefined ? undefined : monthOf(until));
  const periods = months.flatMap((month) => periodsWithin(month, since, until));
  return {
    late: periods.map((period) => misdatedIn('late', period)),
    ahead: periods.map((period) => misdatedIn('ahead', period)),
  };
};
