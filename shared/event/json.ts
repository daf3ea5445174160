import type { Json } from '../trail/entry.ts';

/** Why a text is not taken for JSON. */
export type Unreadable =
  | 'empty'
  | 'too-long'
  | 'byte-order-mark'
  | 'not-json'
  | 'several-documents'
  | 'too-deep'
  | 'duplicate-key'
  | 'not-an-object';

/** Levels of nesting; AWS's own events have at most about a dozen. */
const maxDepth = 64;

/** What a queue can carry at most (SQS, 1 MiB); a longer text did not come from one. */
const maxLength = 1_048_576;

/**
 * Reads a text as JSON, strictly, in one pass more than `JSON.parse` takes: one document, no key twice in an object
 * (readers would disagree on which counts, I-JSON), not deeper than 64 levels. A number that a double cannot hold
 * exactly is kept as its text, and a lone surrogate as its escape, so that what is hashed is what was said.
 *
 * @returns the value, or the named reason why there is none
 */
export const readJson = (raw: string): { value: Json } | { unreadable: Unreadable } => {
  const refused = refusal(raw);
  if (refused !== null) return { unreadable: refused };
  try {
    return { value: parse(raw) };
  } catch {
    return { unreadable: hasMoreThanOne(raw) ? 'several-documents' : 'not-json' };
  }
};

const refusal = (raw: string): Unreadable | null => {
  if (raw.length > maxLength) return 'too-long';
  if (raw.trim() === '') return 'empty';
  return raw.startsWith('\uFEFF') ? 'byte-order-mark' : misshapen(raw);
};

type Container = { keys: Set<string> | null; expectsKey: boolean };

/** Looks only for what `JSON.parse` lets pass: depth and keys. Anything else wrong is left for it to find. */
const misshapen = (raw: string): Unreadable | null => {
  const open: Container[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    const char = raw[at];
    if (char === '"') {
      const end = endOfString(raw, at);
      if (isKnownKey(open.at(-1), raw.slice(at, end + 1))) return 'duplicate-key';
      at = end;
    } else if (char === '{' || char === '[') {
      open.push({ keys: char === '{' ? new Set() : null, expectsKey: char === '{' });
      if (open.length > maxDepth) return 'too-deep';
    } else if (char === '}' || char === ']') open.pop();
    else if (char === ',') expectKey(open.at(-1));
  }
  return null;
};

const endOfString = (raw: string, start: number): number => {
  let at = start + 1;
  while (at < raw.length && raw[at] !== '"') at += raw[at] === '\\' ? 2 : 1;
  return at;
};

/**
 * Notes a key; true when the object had it before. `"a"` and its escaped spelling are the same key, and so are half a
 * character and the escape that will stand for it.
 */
const isKnownKey = (container: Container | undefined, quoted: string): boolean => {
  if (container === undefined || container.keys === null || !container.expectsKey) return false;
  container.expectsKey = false;
  const key = wellFormed(quoted.includes('\\') ? unescaped(quoted) : quoted.slice(1, -1));
  if (container.keys.has(key)) return true;
  container.keys.add(key);
  return false;
};

const unescaped = (quoted: string): string => {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted; // not JSON at all; the parser will say so
  }
};

const expectKey = (container: Container | undefined): void => {
  if (container !== undefined && container.keys !== null) container.expectsKey = true;
};

/**
 * Only a text that has such a thing at all pays for looking at every value: a number of sixteen digits, a point among
 * them or not, or with an exponent, or a surrogate. A double holds every decimal of fifteen digits. Before a number stands
 * nothing, or what a list or a member begins with: an id of many digits is mostly not taken for one.
 */
const mayNotSurvive = /(?:^|[[:,])\s*-?(?:[\d.]{16}|[\d.]+[eE])|\\[uU][dD][89a-fA-F]/;

const parse = (raw: string): Json =>
  mayNotSurvive.test(raw) || !raw.isWellFormed()
    ? tidy(JSON.parse(raw, keepNumber) as Json)
    : (JSON.parse(raw) as Json);

/** `context.source` is the number as it was written. */
const keepNumber = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && !isFaithful(value, context?.source) ? (context?.source ?? String(value)) : value;

/** No double needs as many characters. What is written in more is kept as it stands, and costs nothing to compare. */
const longestNumber = 64;

/** Whether the number read is the very decimal that was written, as `1.50` and `15e-1` are 1.5. */
const isFaithful = (value: number, source: string | undefined): boolean => {
  if (source === undefined || String(value) === source) return true;
  return Number.isFinite(value) && source.length <= longestNumber && decimal(String(value)) === decimal(source);
};

/** A decimal as its digits and the power of ten they count: the same for all ways to write it. Not read as a number. */
const decimal = (written: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
};

const tidy = (value: Json): Json => {
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [wellFormed(key), tidy(inner)]));
};

const wellFormed = (text: string): string =>
  text.isWellFormed()
    ? text
    : text.replace(
        /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
        (lone) => `\\u${lone.charCodeAt(0).toString(16)}`,
      );

/** Whether the text begins with a whole object or array and goes on: two events in one message. */
const hasMoreThanOne = (raw: string): boolean => {
  let depth = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const char = raw[at];
    if (char === '"') at = endOfString(raw, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return isDocument(raw.slice(0, at + 1)) && raw.slice(at + 1).trim() !== '';
    }
  }
  return false;
};

const isDocument = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
