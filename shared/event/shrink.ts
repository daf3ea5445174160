import { canonical, sha256 } from '../trail/canonical.ts';
import type { Draft, Json, Redaction } from '../trail/entry.ts';
import { cut, type JsonObject } from './fields.ts';

/** A record of more than this goes on record without its detail; that goes to the object store. */
export const maxRecordBytes = 60 * 1024;

/** What of a large detail stays in the record: its short fields, and so many redactions (all are marked in it). */
const maxKeptBytes = 8 * 1024;
const maxKeptText = 500;
const maxKeptRedactions = 50;

/** A detail that is stored by the hash of its bytes. */
export type StoredDetail = { sha256: string; body: Uint8Array };

/**
 * Makes a draft fit in a record. A detail that is too large is moved out, redacted as it is, under the SHA-256 of
 * its canonical bytes; the record keeps where it is and the fields that lists and ladders use.
 *
 * @param draft already redacted
 * @returns the draft as it goes on record, and the detail to store first, where there is one
 */
export const shrink = (draft: Draft): { draft: Draft; object?: StoredDetail } => {
  if (Buffer.byteLength(canonical(draft)) <= maxRecordBytes) return { draft };
  const body = Buffer.from(canonical(draft.detail));
  const hash = sha256(body);
  const oversized = { sha256: hash, bytes: body.length, redactions: draft.redactions.length };
  return {
    draft: { ...draft, detail: { ...whatMatters(draft.detail), oversized }, redactions: few(draft.redactions) },
    object: { sha256: hash, body },
  };
};

/** Our own fields, in their order, as far as they fit; the event itself is what was too large. */
const whatMatters = (detail: JsonObject): JsonObject => {
  let left = maxKeptBytes;
  const kept = Object.entries(detail).flatMap(([name, value]): [string, Json][] => {
    const field = { [name]: short(value) };
    const bytes = Buffer.byteLength(canonical(field));
    if (bytes > left || name === 'event' || name === 'beside' || name === 'oversized') return [];
    left -= bytes;
    return [[name, short(value)]];
  });
  return Object.fromEntries(kept);
};

const short = (value: Json): Json => (typeof value === 'string' ? cut(value, maxKeptText) : value);

const few = (redactions: Redaction[]): Redaction[] => redactions.slice(0, maxKeptRedactions);
