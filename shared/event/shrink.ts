import { canonical, sha256 } from '../trail/canonical.ts';
import type { Draft, Json, Redaction } from '../trail/entry.ts';
import { cut, type JsonObject, present } from './fields.ts';

/** A record of more than this goes on record without its detail; that goes to the object store. */
export const maxRecordBytes = 60 * 1024;

/** What of a large detail stays in the record: its short fields, and so many redactions (all are marked in it). */
const maxKeptBytes = 8 * 1024;
const maxKeptText = 500;
const maxKeptRedactions = 50;
const maxKeptRedactionBytes = 16 * 1024;
/** Names of characters that JSON needs six bytes for can be too much by themselves: then of each so many are kept. */
const maxSqueezedText = 200;

/** A detail that is stored by the hash of its bytes. */
export type StoredDetail = { sha256: string; body: Uint8Array };

/**
 * Makes a draft fit in a record. A detail that is too large is moved out, redacted as it is, under the SHA-256 of
 * its canonical bytes; the record keeps where it is and the fields that lists and ladders use.
 *
 * @param draft already redacted
 * @returns the draft as it goes on record, and the detail to store first, where there is one
 */
export const shrink = <Kind extends string>(draft: Draft<Kind>): { draft: Draft<Kind>; object?: StoredDetail } => {
  if (bytesOf(draft) <= maxRecordBytes) return { draft };
  const body = Buffer.from(canonical(draft.detail));
  const hash = sha256(body);
  const oversized = { sha256: hash, bytes: body.length, redactions: draft.redactions.length };
  const without = { ...draft, detail: { ...whatMatters(draft.detail), oversized }, redactions: few(draft.redactions) };
  return { draft: squeeze(without), object: { sha256: hash, body } };
};

/** Shortens names where they alone make a record too large: in full they stand in the event, as far as it has them. */
const squeeze = <Kind extends string>(draft: Draft<Kind>): Draft<Kind> => {
  if (bytesOf(draft) <= maxRecordBytes) return draft;
  const { detail, ...rest } = draft;
  return { ...(squeezed(rest) as Omit<Draft<Kind>, 'detail'>), detail };
};

const squeezed = (value: Json | object): Json => {
  if (typeof value === 'string') return cut(value, maxSqueezedText);
  if (Array.isArray(value)) return value.map(squeezed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, squeezed(member as Json)]));
};

/** That an event was replayed, or a service asked, is never what is left out: it decides whether anything comes of it. */
const first = ({ replayed, reconciled, ...others }: JsonObject): [string, Json][] => [
  ...Object.entries(present({ replayed, reconciled })),
  ...Object.entries(others),
];

/** Our own fields, in their order, as far as they fit; the event itself is what was too large. */
const whatMatters = (detail: JsonObject): JsonObject => {
  let left = maxKeptBytes;
  const kept = first(detail).flatMap(([name, value]): [string, Json][] => {
    const field = { [name]: short(value) };
    const bytes = bytesOf(field);
    if (bytes > left || name === 'event' || name === 'beside' || name === 'oversized') return [];
    left -= bytes;
    return [[name, short(value)]];
  });
  return Object.fromEntries(kept);
};

const short = (value: Json): Json => (typeof value === 'string' ? cut(value, maxKeptText) : value);

const few = (redactions: Redaction[]): Redaction[] => {
  let left = maxKeptRedactionBytes;
  return redactions.slice(0, maxKeptRedactions).filter((redaction) => (left -= bytesOf(redaction)) >= 0);
};

/** As many as in its canonical form, which has the same members in another order. */
const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));
