import type { Entry, Instant } from '../trail/entry.ts';
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
export const isMisdated = ({ occurredAt, observedAt }: When): boolean =>
  occurredAt !== null && Math.abs(Date.parse(observedAt) - Date.parse(occurredAt)) > usualDelayMs;

type When = Pick<Entry, 'occurredAt' | 'observedAt'>;

/** What is told sooner than this is listed by its day too: it is what comes late. The rest is somebody's replay (ms). */
const lateMs = 30 * 86_400_000;

const monthLength = '2026-11'.length;
const dayLength = '2026-11-21'.length;

/** `2026-11` */
export const monthOf = (at: Instant): string => at.slice(0, monthLength);

/** Whether it was told after it happened, or said to happen after it was told. */
export const wayOf = ({ occurredAt, observedAt }: When): Way =>
  occurredAt !== null && Date.parse(occurredAt) > Date.parse(observedAt) ? 'ahead' : 'late';
export type Way = 'late' | 'ahead';

/** The periods that a misdated entry is listed by: its month and its day, or as of long ago its month alone. */
export const periodsOf = ({ occurredAt, observedAt }: When): string[] => {
  const at = occurredAt ?? observedAt;
  const isLate = Math.abs(Date.parse(observedAt) - Date.parse(at)) < lateMs;
  return isLate ? [monthOf(at), at.slice(0, dayLength)] : [longAgo(monthOf(at))];
};

const longAgo = (month: string): string => `${month} long ago`;

/** The fewest periods in which all is that happened in a time: whole months, and days of those it begins or ends in. */
export const periodsWithin = (month: string, since: Instant | undefined, until: Instant | undefined): string[] => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const days = Array.from({ length }, (_, n) => `${month}-${String(n + 1).padStart(2, '0')}`);
  const within = days.filter(
    (day) =>
      (since === undefined || day >= since.slice(0, dayLength)) &&
      (until === undefined || day <= until.slice(0, dayLength)),
  );
  return [longAgo(month), ...(within.length === length ? [month] : within)];
};

/** A time as somebody wrote it: a date, perhaps a time of day, perhaps the zone that it is of (`Z`, `+01:00`). */
export type WrittenTime = { date: string; time: string | null; zone: string | null };

// In the query of an address a plus sign means a space, and is often forgotten to be escaped.
const isoForm = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?:([Zz])|([+ -])(\d\d):?(\d\d)?)?)?$/;

/** Reads ISO 8601 and nothing else: what a language's own parser makes of other texts is a surprise. Null for others. */
export const readTime = (text: string): WrittenTime | null => {
  const [, date, time = null, z, sign, hours, minutes = '00'] = isoForm.exec(text) ?? [];
  if (date === undefined || !isOnCalendar(date)) return null;
  const offset = hours === undefined ? null : `${sign === '-' ? '-' : '+'}${hours}:${minutes}`;
  const written = { date, time, zone: z === undefined ? offset : 'Z' };
  return Number.isNaN(Date.parse(`${date}T${time ?? '00:00'}${written.zone ?? 'Z'}`)) ? null : written;
};

/** The thirtieth of February is taken for a day in March otherwise. */
const isOnCalendar = (date: string): boolean => {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
};

const dayMs = 86_400_000;

/** The instant that is meant, UTC where no zone is said; of a day by itself the first or the last millisecond. */
export const instantOf = ({ date, time, zone }: WrittenTime, ofDay: 'first' | 'last'): Instant => {
  const at = Date.parse(`${date}T${time ?? '00:00'}${zone ?? 'Z'}`);
  return new Date(time === null && ofDay === 'last' ? at + dayMs - 1 : at).toISOString();
};
