import { Option } from 'commander';
import { parseDuration } from '../shared/config/duration.ts';
import { EscalatorError } from '../shared/errors.ts';
import { readTime, type WrittenTime } from '../shared/question/times.ts';

/** Reads a whole number within bounds. Throws ESC-007 naming the option. */
export const wholeNumber =
  (option: string, from: number, to: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw wrong(option, text, `a whole number from ${from} to ${to}`);
  };

/**
 * Reads a point in time: how long ago (`10m`), or an ISO date or time, of here where it says no zone, as times are printed.
 * Throws ESC-007 naming the option.
 *
 * @param ofDay what a day by itself means: its first millisecond, its last, or the first of the day after
 */
export const pointInTime =
  (option: string, now: () => Date, ofDay: 'first' | 'last' | 'after') =>
  (text: string): string => {
    const ago = parseDuration(text);
    const at = ago === null ? ofHere(readTime(text), ofDay) : new Date(now().getTime() - ago);
    if (at !== null && !Number.isNaN(at.getTime())) return at.toISOString();
    const wanted =
      'a day such as 2026-11-21, a time such as 2026-11-21T04:05:06Z, or how long ago, such as 10m, 2h or 7d';
    throw wrong(option, text, wanted);
  };

const ofHere = (written: WrittenTime | null, ofDay: 'first' | 'last' | 'after'): Date | null => {
  if (written === null) return null;
  const { date, time, zone } = written;
  const at = new Date(`${date}T${time ?? '00:00'}${zone ?? ''}`);
  if (time === null && ofDay !== 'first') at.setDate(at.getDate() + 1); // not every day has 24 hours
  return time === null && ofDay === 'last' ? new Date(at.getTime() - 1) : at;
};

const wrong = (option: string, text: string, wanted: string): EscalatorError =>
  new EscalatorError('ESC-007', `${option} ${JSON.stringify(text)} cannot be`, `wanted: ${wanted}`);

export const json = (): Option => new Option('--json', 'print the answer of the query API as JSON');

export const limit = (usual: number): Option =>
  new Option('--limit <n>', 'how many, 1 to 500').argParser(wholeNumber('--limit', 1, 500)).default(usual);

export const cursor = (): Option => new Option('--cursor <cursor>', 'go on behind a page: its "next"');

/** @throws EscalatorError ESC-007 where it is none */
export const durationOf = (option: string, written: string): number => {
  const ms = parseDuration(written);
  if (ms === null)
    throw new EscalatorError('ESC-007', `${option} ${JSON.stringify(written)} is no duration`, 'such as 30m or 2h');
  return ms;
};
