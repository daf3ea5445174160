import { constants, gunzipSync } from 'node:zlib';
import { mayBeBroken, withoutJoints } from './redact-joints.ts';

/**
 * Texts that stand in a text in another writing: percent-encoded, base64, base64url, gzip in base64. What is no text
 * when decoded is seen by its first bytes, so that names, ids and digests cost next to nothing.
 */

export type Writing = 'url' | 'base64';

/** What a run of characters may say; null where it would be a text, and is more than may be read. */
type Reading = { decoded: string | null; writing: Writing };

/** How many characters may still be decoded. */
export type Budget = { left: number };

/** Shortest run that is looked into: nine bytes, such as `pwd=abcde`. */
const shortestRun = 12;
/** A run may begin with a path or a prefix that is not part of the code: so many later beginnings are tried. */
const beginningsAtMost = 8;
/** Of what was compressed, so much is read. */
const inflatedAtMost = 256 * 1024;

const base64Run = /[A-Za-z0-9+/_-]{12,}={0,2}/g;
const brokenBase64Run = /[A-Za-z0-9+/_-]{4,}(?:(?:\\?\r?\n[ \t]{0,40}|(?:\\r)?\\n)[A-Za-z0-9+/_-]+)*={0,2}/g;
const urlRun = /[^\s"<>&?;,]{5,}/g;

/**
 * Replaces what is encoded in a text, where the caller wants it replaced.
 *
 * @param budget is spent
 * @param replace what to put in the place of a run that reads so; null to leave it
 */
export const replaceEncoded = (text: string, budget: Budget, replace: Replace): string => {
  if (text.length < shortestRun) return text;
  const url = /[%+]/.test(text) ? replaceRuns(text, urlRun, urlReadings, budget, replace) : text;
  return replaceRuns(url, mayBeBroken(text) ? brokenBase64Run : base64Run, base64Readings, budget, replace);
};

type Replace = (reading: Reading, run: string) => string | null;
type Readings = (run: string, budget: Budget) => Iterable<Reading>;

const replaceRuns = (text: string, runs: RegExp, readings: Readings, budget: Budget, replace: Replace): string =>
  text.replace(runs, (run) => {
    for (const reading of readings(run, budget)) {
      const replaced = replace(reading, run);
      if (replaced !== null) return replaced;
    }
    return run;
  });

const escape = /%[0-9A-Fa-f]{2}/;
const escapes = /(?:%[0-9A-Fa-f]{2})+/g;

const urlReadings = function* (run: string, budget: Budget): Generator<Reading> {
  const isEscaped = escape.test(run);
  if (isEscaped) yield { decoded: spent(run, budget) ? unescaped(run) : null, writing: 'url' };
  if (!(isEscaped ? /\+/ : /\+[^+]*\+/).test(run)) return;
  // a form writes a space as `+`, base64 means it
  yield { decoded: spent(run, budget) ? unescaped(run.replaceAll('+', ' ')) : null, writing: 'url' };
};

/** Whether there was enough left. */
const spent = ({ length }: { length: number }, budget: Budget): boolean => {
  if (length > budget.left) return false;
  budget.left -= length;
  return true;
};

const unescaped = (run: string): string =>
  run.replace(escapes, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'));

const base64Readings = (run: string, budget: Budget): Iterable<Reading> => {
  const starts = beginnings(run).filter((from) => startsAsText(run, from));
  return starts.length === 0 ? [] : readingsFrom(run, starts, budget);
};

const readingsFrom = function* (run: string, starts: number[], budget: Budget): Generator<Reading> {
  for (const from of starts) {
    const code = run.slice(from);
    const bytes = spent(code, budget) ? plainBytes(Buffer.from(withoutJoints(code), 'base64'), budget) : null;
    const decoded = bytes === null ? null : textOf(bytes);
    if (decoded !== '') yield { decoded, writing: 'base64' };
  }
};

const separator = /[/_\n-]+[ \t]*|\\n/g;

const beginnings = (run: string): number[] => {
  const all = [0];
  for (const { index, 0: found } of run.matchAll(separator)) {
    if (all.length > beginningsAtMost || run.length - index < shortestRun) break;
    all.push(index + found.length);
  }
  return all;
};

/** The six bits of a character by its code; 64 for what is not base64. */
const sextets = Uint8Array.from({ length: 128 }, (_, code) => {
  const at = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(String.fromCharCode(code));
  if (at >= 0) return at;
  return code === 0x2d ? 62 : code === 0x5f ? 63 : 64;
});

const sextetAt = (run: string, at: number): number => sextets[run.charCodeAt(at)] ?? 64;

/** Whether the first bytes can be those of a text, of UTF-16, or of gzip; a name or a digest is none after one or two. */
const startsAsText = (run: string, from: number): boolean => {
  if (run.startsWith('H4sI', from)) return true;
  let bits = 0;
  let held = 0;
  let bytes = 0;
  for (let at = from; bytes < 9 && at < run.length; at += 1) {
    const sextet = sextetAt(run, at);
    if (sextet === 64) return bytes >= 3;
    bits = ((bits << 6) | sextet) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    if (!mayBeText((bits >> held) & 0xff, bytes)) return false;
    bytes += 1;
  }
  return true;
};

const mayBeText = (byte: number, at: number): boolean =>
  (byte >= 0x20 && byte < 0x7f) ||
  byte === 0x0a ||
  byte === 0x0d ||
  byte === 0x09 ||
  (byte >= 0x80 && byte < 0xf5) ||
  (byte === 0 && at % 2 === 1);

/** What of the bytes is a text, from the first on; nothing where that is hardly anything. */
const textOf = (bytes: Uint8Array): string => {
  const isWide = bytes[1] === 0 && bytes[3] === 0;
  const text = Buffer.from(bytes).toString(isWide ? 'utf16le' : 'utf8');
  const end = text.search(notText);
  return end === -1 ? text : end < 5 ? '' : text.slice(0, end);
};

// what a text has not: control characters but for white space, and what is no UTF-8
const notText = /[^\P{Cc}\s]|\ufffd/u;

/** Null where there is more in it than may be read; nothing where it is no gzip after all. */
const plainBytes = (bytes: Uint8Array, budget: Budget): Uint8Array | null => {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const plain = gunzipSync(bytes, {
      maxOutputLength: Math.max(1, Math.min(inflatedAtMost, budget.left)),
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    budget.left -= plain.length;
    return plain;
  } catch (error) {
    return error instanceof RangeError ? null : new Uint8Array();
  }
};
