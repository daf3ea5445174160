import { stripVTControlCharacters } from 'node:util';

/**
 * What people wrote may hold what moves a cursor, changes a title or turns text around: commit messages come from
 * anybody. Everything that is printed goes through here, and becomes one line of text.
 */
export const plain = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, '');

/** JSON as it is, with what a terminal might act on written as an escape: the same JSON, and harmless. */
export const safeJson = (value: unknown, space?: number): string =>
  JSON.stringify(value, null, space).replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Columns in line; the last one, where people's text stands, is cut to `width` where there is one. */
export const table = (rows: string[][], width = Infinity): string[] => {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, lengthOf(plain(cell)))),
    [],
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) => padTo(plain(cell), column === row.length - 1 ? 0 : (widths[column] ?? 0)));
    return cutTo(cells.join('  ').trimEnd(), width);
  });
};

const lengthOf = (text: string): number => Array.from(text).length;

const padTo = (text: string, length: number): string => text + ' '.repeat(Math.max(0, length - lengthOf(text)));

const cutTo = (text: string, width: number): string =>
  lengthOf(text) <= width
    ? text
    : `${Array.from(text)
        .slice(0, width - 1)
        .join('')}…`;

/** A time as people near it say it: the hour alone today, with the day else. Local time. */
export const timeOf = (instant: string | null, now: Date): string => {
  if (instant === null) return '';
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return plain(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  if (at.toDateString() === now.toDateString()) return clock;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
};

/** How long something took: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export const spanOf = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
};

export const short = (commit: string | null | undefined): string => commit?.slice(0, 7) ?? '-';
