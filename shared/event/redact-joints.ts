/**
 * Secrets that a line break cuts in two: by a terminal, by `fold`, by a mail, by `\` at the end of a line. A pattern is
 * made of runs and literals, once for a text of one line and once for a text whose runs may be broken.
 */

/** A line break inside a secret, with what may stand around it: `\`, the next line's indentation; or `\n` written out. */
const joint = String.raw`(?:\\?\r?\n[ \t]{0,40}|(?:\\r)?\\n)`;

/** The next line goes on with a word of a sentence: whatever stood before is over. */
const notAWord = String.raw`(?![A-Z]?[a-z]{1,30}(?:[\s.,;:!?)]|$))`;

/** What goes on percent-encoded belongs to the key before it; a space, a quote or an `&` ends it. */
export const percentTail = '(?:%(?!20|22|26)[0-9A-Fa-f]{2}[A-Za-z0-9._~/=-]{0,500}){0,200}';

export type Shape = {
  /** `chars` (the inside of a character class), so many times */
  run: (chars: string, min: number, max: number) => string;
  /** what stands there letter by letter; character classes, but no groups */
  literal: (source: string) => string;
  /** what may follow a value of no known form when a line ends */
  more: string;
};

export const unbroken: Shape = {
  run: (chars, min, max) => `[${chars}]{${min},${max}}`,
  literal: (source) => source,
  more: '',
};

export const broken: Shape = {
  run: (chars, min, max) => `(?:(?:${joint}${min === max ? '' : notAWord})?[${chars}]){${min},${max}}`,
  literal: (source) => (source.match(/\[[^\]]*\]|\\.|[\s\S]/g) ?? []).join(`${joint}?`),
  // no word, no name of another value, no ticket
  more: String.raw`(?:${joint}${notAWord}(?!--|[A-Z]{2,10}-\d)[A-Za-z0-9_+/~.-][^\s"'${'`'},;&<>\\=:[\]]{2,499}={0,2}(?=["'\s;,&]|$)){0,50}`,
};

/** A pattern for any case, where the flag `i` would make words of what `notAWord` lets pass. Classes stay as they are. */
export const anyCase = (source: string): string =>
  source.replace(/\[[^\]]*\]|\\.|[a-z]/gi, (atom) =>
    atom.length === 1 ? `[${atom.toLowerCase()}${atom.toUpperCase()}]` : atom,
  );

const joints = new RegExp(joint, 'g');

/** A secret without the line breaks in it, so that it has the digest that it has elsewhere. */
export const withoutJoints = (secret: string): string => secret.replace(joints, '');

/** What of a secret stands in its first line. */
export const firstLine = (secret: string): string => secret.split(/\\?\r?\n|\\n/, 1)[0] ?? secret;

export const mayBeBroken = (text: string): boolean => text.includes('\n') || text.includes('\\n');

/** Widths at which tools break lines without a look at words: base64, PEM, openssl, mail, terminals. */
const usualWidths = new Set([60, 64, 70, 72, 75, 76, 78, 79, 80]);
const narrowest = 32;

/**
 * A text whose lines were cut at one width, or with `\` at their ends, as it was before.
 *
 * @returns null where the lines are what they were meant to be
 */
export const unfolded = (text: string): string | null => {
  if (!text.includes('\n')) return null;
  const lines = text.split(/\r?\n/);
  const gaps = lines.map((_, index) => between(lines, index));
  if (gaps.slice(0, -1).every((gap) => gap === '\n')) return null;
  return lines.map((line, index) => (gaps[index] === '\n' ? line : line.replace(/\\$/, '')) + gaps[index]).join('');
};

/** What belongs between a line and the next: nothing where one was cut from the other. */
const between = (lines: string[], index: number): string => {
  const [line, next] = [lines[index] ?? '', lines[index + 1]];
  if (next === undefined) return '';
  if (line.endsWith('\\')) return !/^\s/.test(next) ? '' : /\s\\$/.test(line) ? ' ' : '\n';
  const wasCut = isFull(lines, index) && /\S$/.test(line) && /^\S/.test(next);
  return wasCut ? '' : '\n';
};

const isFull = (lines: string[], index: number): boolean => {
  const width = lines[index]?.length ?? 0;
  if (usualWidths.has(width)) return true;
  return width >= narrowest && (width === lines[index - 1]?.length || width === lines[index + 1]?.length);
};
