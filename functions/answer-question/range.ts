import type { Rows } from '../../shared/ports.ts';
import type { Filters } from '../../shared/question/filters.ts';
import { misdatedIn, misdatedMonths } from '../../shared/question/rows.ts';
import { monthOf, periodsWithin, recordedWithinMs, timeKey, timeKeyFrom } from '../../shared/question/times.ts';

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

/** The questions that say, roughly, where that is which happened in a time and was recorded at another. */
export const misdatedQuestions = async (rows: Rows, { since, until }: Filters): Promise<string[]> => {
  if (since === undefined && until === undefined) return [];
  const months = await rows.newest(
    misdatedMonths,
    monthsAtMost,
    until === undefined ? undefined : `${monthOf(until)}~`,
  );
  return months
    .filter(({ sort }) => since === undefined || sort >= monthOf(since))
    .flatMap(({ sort }) => periodsWithin(sort, since, until).map(misdatedIn));
};
