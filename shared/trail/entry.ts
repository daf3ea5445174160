/**
 * The words of the trail. A writer proposes drafts in groups; the append protocol turns them into records, which are
 * hashed and stored byte for byte; a reader sees entries: records with their place and hash.
 */

/** A point in time, fixed-width UTC with milliseconds: `2026-11-21T04:05:06.789Z`. Sorts as text. */
export type Instant = string;

/** Who did it: a closed set. `verified` is false where only a name was claimed (as on one machine). */
export type Actor =
  | { type: 'person'; id: string; name: string; verified: boolean }
  | { type: 'role-session'; id: string; role: string; session: string }
  | { type: 'service'; name: string }
  | { type: 'unknown' };

/** A commit on its way. The repository is null where an event names only the commit. */
export type Change = { repository: string | null; commit: string };

/** Where a fact came from. `digest` is the keyed digest of the raw bytes; null for what Escalator itself says. */
export type Source = { name: string; account: string; region: string; id: string | null; digest: string | null };

/** What redaction took out of the detail: where, by which rule, and a keyed digest so that equal secrets can be matched. */
export type Redaction = { pointer: string; rule: string; digest: string };

/**
 * What a writer proposes to put on record. Absent facts are null, never left out: every field is hashed. Writers name
 * the kinds they may say (`shared/event/kinds.ts`, `shared/trail/own-kinds.ts`); readers take what stands there.
 */
export type Draft<Kind extends string = string> = {
  kind: Kind;
  /** the event's own claim of when it happened; null where it makes none */
  occurredAt: Instant | null;
  actor: Actor;
  /** an ARN or an ARN-like id of the thing this is about */
  subject: string;
  environment: string | null;
  service: string | null;
  change: Change | null;
  /** pipeline execution id */
  execution: string | null;
  /** release id: `<environment>/<service>@<execution that built it>` */
  release: string | null;
  /** started, succeeded, failed, ... in lower case; null where the kind has none */
  outcome: string | null;
  reason: string | null;
  source: Source;
  detail: { [key: string]: Json };
  redactions: Redaction[];
};

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** All or nothing: 1 to 20 drafts under one key, in one segment. A plain fact is a group of one. */
export type Group<Kind extends string = string> = { key: string; entries: Draft<Kind>[] };

/** What is hashed: the draft, and its place in the lane. Serialised as RFC 8785 canonical JSON. */
export type TrailRecord = Draft & {
  v: 1;
  /** the lane's name as in its checkpoints, e.g. `escalator/000000000000/us-east-1` */
  origin: string;
  /** gap-free from 0: also the leaf's index in the lane's Merkle tree */
  seq: number;
  /** hex of the previous leaf hash; 64 zeros for seq 0 */
  prev: string;
  factKey: string;
  /** this entry's place in its group */
  part: { index: number; of: number };
  observedAt: Instant;
};

/** A record with what a reader may ask about it. */
export type Entry = TrailRecord & {
  /** `<lane>/<seq>` */
  id: string;
  lane: string;
  /** segment number */
  segment: number;
  /** hex of SHA-256(0x00 || canonical record) */
  hash: string;
};

/** Where a group stands. */
export type Place = { segment: number; seq: number; count: number };

/**
 * What became of a group: `recorded` (now, or before by this very writer whose reply was lost: same content),
 * or `stood` (the key was taken by other content, or the same fact came before).
 */
export type Recorded = { key: string; status: 'recorded' | 'stood'; place: Place };
