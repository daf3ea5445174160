import { Option } from 'commander';
import { parseDuration } from '../shared/config/duration.ts';
import { EscalatorError } from '../shared/errors.ts';

/** Reads a whole number within bounds. Throws ESC-007 naming the option. */
export const wholeNumber =
  (option: string, from: number, to: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw wrong(option, text, `a whole number from ${from} to ${to}`);
  };

/** Reads a point in time: an ISO time, or how long ago (`10m`). Throws ESC-007 naming the option. */
export const pointInTime =
  (option: string, now: () => Date) =>
  (text: string): string => {
    const ago = parseDuration(text);
    const at = ago === null ? new Date(text) : new Date(now().getTime() - ago);
    if (!Number.isNaN(at.getTime())) return at.toISOString();
    throw wrong(option, text, 'a time such as 2026-11-21T04:05:06Z, or how long ago, such as 10m');
  };

const wrong = (option: string, text: string, wanted: string): EscalatorError =>
  new EscalatorError('ESC-007', `${option} ${JSON.stringify(text)} cannot be`, `wanted: ${wanted}`);

export const json = (): Option => new Option('--json', 'print the answer of the query API as JSON');

export const limit = (usual: number): Option =>
  new Option('--limit <n>', 'how many, 1 to 500').argParser(wholeNumber('--limit', 1, 500)).default(usual);

export const cursor = (): Option => new Option('--cursor <cursor>', 'go on behind a page: its "next"');
