import type { Entry } from '../trail/entry.ts';
import { pad } from '../trail/keys.ts';

/** The lane is in the order of recording. This says where in it a time is. */

/** What is told later than this after it happened, or is dated ahead by more, is listed as misdated (ms). */
const usualDelayMs = 15 * 60_000;

/** How far from a time asked for the well-dated may be recorded (ms): their delay, and writers' clocks that differ. */
export const recordedWithinMs = 20 * 60_000;

const bucketMs = 10 * 60_000;
/** Ten minutes, counted from 1970; farther than dates go. */
const farthest = 99_999_999_999;

/** The sort key of the ten minutes that a time is in: later ones sort before earlier ones. */
export const timeKey = (ms: number): string => pad(farthest - Math.floor(ms / bucketMs));

/** Sorts just behind the ten minutes before: a search from there begins with the ten minutes of the time itself. */
export const timeKeyFrom = (ms: number): string => timeKey(ms - bucketMs);

/** Whether an entry was recorded when it happened, give or take; a replay's entries, for one, were not. */
export const isMisdated = ({ occurredAt, observedAt }: Pick<Entry, 'occurredAt' | 'observedAt'>): boolean =>
  occurredAt !== null && Math.abs(Date.parse(observedAt) - Date.parse(occurredAt)) > usualDelayMs;
