import type { Instant } from '../trail/entry.ts';

/** Milliseconds between two points in time; NaN where one is none. */
export const msBetween = (from: Instant, to: Instant): number => Date.parse(to) - Date.parse(from);

/** A point in time, later by so many milliseconds; unchanged where it is none. */
export const after = (instant: Instant, ms: number): Instant => {
  const at = Date.parse(instant) + ms;
  return Number.isNaN(at) || Math.abs(at) > 8.64e15 ? instant : new Date(at).toISOString();
};

/** Minutes since 1970; NaN where it is no point in time. */
export const minuteOf = (instant: Instant): number => Math.floor(Date.parse(instant) / 60_000);
