import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Unreadable } from '../../../shared/event/json.ts';

/** A message that is not as AWS sends them, what goes on record of it, and what is kept: also told in the reference. */
export type BadInput = {
  file: string;
  what: string;
  /** the kind it becomes, or why it is quarantined */
  becomes: { kind: string } | { quarantined: Unreadable };
  /** for the reference: what of it is kept, and how */
  kept: string;
  /** what the entry must have */
  has?: object;
};

const folder = fileURLToPath(new URL('../../fixtures/bad-input/', import.meta.url));

/** As a queue hands it over: text. Bytes that are no UTF-8 have become U+FFFD before. */
export const badBody = (file: string): string => readFileSync(`${folder}${file}`, 'utf8');

export const badPath = (file: string): string => `${folder}${file}`;

const reference = { kind: 'reference.updated' };
const noTime = (claimedTime: string) => ({ occurredAt: null, detail: { claimedTime } });
const digestOnly = 'its size and the keyed digest of its bytes';
const asWritten = 'the time as it was written; the entry has none but ours';

export const badInputs: BadInput[] = [
  { file: 'empty.txt', what: 'nothing', becomes: { quarantined: 'empty' }, kept: digestOnly },
  { file: 'truncated.json', what: 'half an event', becomes: { quarantined: 'not-json' }, kept: digestOnly },
  {
    file: 'two-events.json',
    what: 'two events, one after the other',
    becomes: { quarantined: 'several-documents' },
    kept: digestOnly,
  },
  {
    file: 'duplicate-key.json',
    what: 'an object with a key twice',
    becomes: { quarantined: 'duplicate-key' },
    kept: `${digestOnly}: readers would disagree on which counts`,
  },
  {
    file: 'duplicate-key-escaped.json',
    what: 'the same, one of them spelt with an escape',
    becomes: { quarantined: 'duplicate-key' },
    kept: digestOnly,
  },
  { file: 'levels-1000.json', what: '1,000 levels of nesting', becomes: { quarantined: 'too-deep' }, kept: digestOnly },
  { file: 'levels-64.json', what: '64 levels of nesting', becomes: reference, kept: 'all' },
  {
    file: 'proto.json',
    what: '`__proto__` and `constructor` as keys',
    becomes: reference,
    kept: 'all; they are names like any other',
    has: { change: { commit: '9c8b7a6f5e4d3c2b1a09f8e7d6c5b4a392817263' } },
  },
  {
    file: 'numbers-beyond-a-double.json',
    what: 'numbers beyond 2^53, or of more digits than a double holds',
    becomes: reference,
    kept: 'every digit, as text; a number that a double holds exactly stays one',
    has: {
      detail: {
        event: { numbers: ['9007199254740993', '-9223372036854775808', '0.1234567890123456789', '1e400', 1, 100, -0] },
      },
    },
  },
  {
    file: 'lone-surrogates.json',
    what: 'half a character, in a text or a name',
    becomes: reference,
    kept: 'its escape, such as `\\ud83d`, as text',
    has: { detail: { event: { referenceName: 'main\\ud83d', '\\udc00': 'a\\ud800b', whole: '\u{1F600}' } } },
  },
  {
    file: 'nul-escaped.json',
    what: 'NUL, escaped',
    becomes: reference,
    kept: 'all; where people read it, it is shown as a sign',
    has: { detail: { event: { referenceName: 'main\u0000.txt' } } },
  },
  {
    file: 'nul-raw.json',
    what: 'NUL as it is, which JSON forbids',
    becomes: { quarantined: 'not-json' },
    kept: digestOnly,
  },
  {
    file: 'invalid-utf-8.json',
    what: 'bytes that are not UTF-8',
    becomes: reference,
    kept: 'all but these bytes, which are U+FFFD by the time a queue hands them over; `escalator replay` and `put-events` refuse such a file (ESC-006)',
    has: { detail: { event: { referenceName: 'ma\ufffd\ufffd\ufffdin' } } },
  },
  { file: 'utf-16.json', what: 'UTF-16', becomes: { quarantined: 'not-json' }, kept: digestOnly },
  {
    file: 'byte-order-mark.json',
    what: 'a byte order mark before the event',
    becomes: { quarantined: 'byte-order-mark' },
    kept: digestOnly,
  },
  {
    file: 'bidi-override.json',
    what: 'signs that turn the direction of writing',
    becomes: reference,
    kept: 'all; where people read it, they are taken out',
    has: { detail: { event: { referenceName: 'main\u202e\u2066txt.exe\u2069' } } },
  },
  {
    file: 'hostile-text.json',
    what: 'markup, formulas and commands as text',
    becomes: { kind: 'alarm.changed' },
    kept: 'all, as text',
  },
  {
    file: 'time-missing.json',
    what: 'no time',
    becomes: reference,
    kept: 'all; the entry has no time but ours',
    has: { occurredAt: null },
  },
  {
    file: 'time-zero.json',
    what: 'the time 0, a number',
    becomes: reference,
    kept: asWritten,
    has: { occurredAt: null, detail: { beside: { time: 0 } } },
  },
  {
    file: 'time-zero-text.json',
    what: 'the year 0',
    becomes: reference,
    kept: asWritten,
    has: noTime('0000-00-00T00:00:00Z'),
  },
  {
    file: 'time-epoch.json',
    what: 'the year 1970',
    becomes: reference,
    kept: asWritten,
    has: noTime('1970-01-01T00:00:00Z'),
  },
  {
    file: 'time-year-9999.json',
    what: 'the year 9999',
    becomes: reference,
    kept: asWritten,
    has: noTime('9999-12-31T23:59:59Z'),
  },
  {
    file: 'time-in-words.json',
    what: 'a time in words',
    becomes: reference,
    kept: asWritten,
    has: noTime('last Friday'),
  },
  {
    file: 'time-that-is-no-day.json',
    what: 'February 30',
    becomes: reference,
    kept: asWritten,
    has: noTime('2026-02-30T10:00:00Z'),
  },
  {
    file: 'time-with-leap-second.json',
    what: 'a leap second',
    becomes: reference,
    kept: asWritten,
    has: noTime('2026-06-30T23:59:60Z'),
  },
  {
    file: 'time-in-the-future.json',
    what: 'a time to come, before the year 2100',
    becomes: reference,
    kept: 'all; `occurredAt` is the event’s claim, `observedAt` is ours, both are on record, and a ladder goes by the earlier',
    has: { occurredAt: '2031-01-01T00:00:00.000Z' },
  },
  {
    file: 'long-key.json',
    what: 'names longer than a key may be',
    becomes: reference,
    kept: 'all; the key is the hash of what it would be',
  },
  {
    file: 'wrong-types.json',
    what: 'a known event, every field of another type',
    becomes: { kind: 'unknown' },
    kept: 'all',
    has: { detail: { beside: { account: true, resources: 'arn' } } },
  },
  {
    file: 'over-60-kb.json',
    what: 'an event of more than 60 KB',
    becomes: { kind: 'alarm.changed' },
    kept: 'all: in the entry what lists and ladders use, and the hash by which the object store has the rest, redacted',
  },
];
