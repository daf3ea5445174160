import type { Instant, Json } from '../trail/entry.ts';

/** Before AWS was, or in a century of somebody's test data: not when anything happened. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/**
 * Reads a time as AWS's services write it: ISO 8601 with `Z` or `+0000` (alarms), `Sep 1, 2017 4:12:29 PM` (CodeBuild,
 * without a zone: UTC), `Mar 20, 2023, 6:08:05 PM` and `Wed Sep 04 16:59:44.356 UTC 2024` (Inspector), RFC 1123
 * (Health), epoch seconds or milliseconds. A text without a zone is UTC.
 *
 * @returns fixed-width UTC with milliseconds, or null where nothing, or nothing sensible, is said
 */
export const instant = (value: Json | undefined): Instant | null => {
  const ms = typeof value === 'number' ? epochMs(value) : typeof value === 'string' ? textMs(value) : Number.NaN;
  return ms >= earliest && ms < latest ? new Date(ms).toISOString() : null;
};

/** Seconds stay below this until the year 5138, milliseconds were above it since 1973. */
const epochMs = (value: number): number => (Math.abs(value) < 100_000_000_000 ? value * 1000 : value);

const isoForm = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|UTC|[+-]\d{2}:?\d{2})?$/;
const americanForm = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}:\d{2}:\d{2})\s(AM|PM)$/;
const javaForm = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?) UTC (\d{4})$/;
const rfc1123Form = /^[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) \d{2}:\d{2}:\d{2} GMT$/;

const textMs = (text: string): number => {
  const iso = isoForm.exec(text);
  if (iso !== null) return timeOn(`${iso[1]}T00:00Z`, iso[1]?.slice(-2), `${iso[1]}T${iso[2]}${zone(iso[3])}`);
  const american = americanForm.exec(text);
  if (american !== null) {
    const day = `${american[1]} ${american[2]}, ${american[3]}`;
    return timeOn(`${day} UTC`, american[2], `${day} ${american[4]} ${american[5]} UTC`);
  }
  const java = javaForm.exec(text);
  if (java !== null)
    return timeOn(`${java[1]} ${java[2]}, ${java[4]} UTC`, java[2], `${java[1]} ${java[2]}, ${java[4]} ${java[3]} UTC`);
  const rfc = rfc1123Form.exec(text);
  return rfc === null ? Number.NaN : timeOn(`${rfc[2]} ${rfc[1]}, ${rfc[3]} UTC`, rfc[1], text);
};

/** `Date.parse` makes March 2 of February 30. That is no day, and so no time. */
const timeOn = (day: string, date: string | undefined, time: string): number => {
  const ms = Date.parse(time);
  const isDay = (at: number): boolean => new Date(at).getUTCDate() === Number(date);
  // Mostly it is that day in UTC, too; the day by itself tells where it is not.
  return isDay(ms) || isDay(Date.parse(day)) ? ms : Number.NaN;
};

const zone = (written: string | undefined): string => {
  if (written === undefined || written === 'UTC' || written === 'Z') return 'Z';
  return written.includes(':') ? written : `${written.slice(0, 3)}:${written.slice(3)}`;
};
