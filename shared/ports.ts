import type { Entry, Group, Instant, Place, Recorded } from './trail/entry.ts';

/**
 * What the thinking needs from the world, as interfaces. Adapters to AWS stand in `functions/support/`; the same
 * adapters serve on one machine, pointed at loopback.
 */

export type Clock = () => Date;

/** One lane of the trail. Everybody writes through `append`; nothing else writes. */
export interface Trail {
  readonly lane: string;
  /** Appends groups; answers in the order given. Throws only when the store does: then nothing may be acknowledged. */
  append(groups: Group[]): Promise<Recorded[]>;
  /** Where a group stands, or null when no marker names it. */
  find(key: string): Promise<Place | null>;
  /** The entries of the group that stands at a place. */
  read(place: Place): Promise<Entry[]>;
  /** From segment number `segment` on, at most `limit` segments, oldest first; empty at the end of the lane. */
  since(segment: number, limit: number): Promise<SegmentEntries[]>;
  /** The newest segments before number `before`, at most `limit`, newest first (their entries oldest first). */
  latest(before: number, limit: number): Promise<SegmentEntries[]>;
  /** Segments by number, in no order; absent ones are left out. */
  open(segments: number[]): Promise<SegmentEntries[]>;
}

export type SegmentEntries = { segment: number; entries: Entry[] };

/** The lane as it is stored, byte for byte: what signs it and what hands it out reads it so. */
export interface Lane {
  readonly lane: string;
  /** the lane's name in its checkpoints */
  readonly origin: string;
  /** from number `from` on, at most `limit`, oldest first */
  segments(from: number, limit: number): Promise<LaneSegment[]>;
  segment(n: number): Promise<LaneSegment | null>;
  newest(): Promise<LaneSegment | null>;
}

/** A segment with the exact text of each record, and what its writer says the lane is after it. */
export type LaneSegment = {
  n: number;
  first: number;
  count: number;
  head: string;
  frontier: string[];
  at: Instant;
  lines: string[];
};

/** How far a reader has come: the next segment to read. Moved forward only. */
export interface Cursors {
  get(reader: string): Promise<number>;
  advance(reader: string, segment: number): Promise<void>;
  /**
   * Counts one more try at an entry, durably, until the cursor moves on. Answers how many tries there were that did not
   * lead to a try at the entry after it, this one included: an entry that goes well is tried again with its neighbours.
   */
  attempt(reader: string, seq: number): Promise<number>;
}

/** How often something was begun whose end may never be heard of: counted durably, before it is. */
export interface Tries {
  /**
   * Counts one more, unless `atMost` count already.
   * @returns null where it is counted; else when the last one that counts was begun
   */
  begin(key: string, atMost: number, at: Instant): Promise<Instant | null>;
  /** One that was begun failed, and its end was heard of: it counts no more. */
  callOff(key: string): Promise<void>;
}

export interface Queue<Message> {
  send(message: Message, options?: { delaySeconds?: number; group?: string; deduplication?: string }): Promise<void>;
}

/** Due rows: what must be looked at again at a time. The delayed message is quick, the row is sure. */
export interface Timers {
  set(timer: Timer): Promise<void>;
  due(now: Instant, limit: number): Promise<Timer[]>;
  clear(timer: Timer): Promise<void>;
}

/** A timer belongs to the version that set it; an older one no longer counts. */
export type Timer = { ladder: string; version: number; name: string; due: Instant };

/** Messages between functions. */
/** `segment` and `seq`: where the entry of the push stands; absent in messages of older versions. */
export type DescribeMessage = {
  repository: string;
  commit: string;
  old: string | null;
  segment?: number;
  seq?: number;
};
export type ActMessage = { ladder: string; version: number; actKey: string; seq: number };
/** `comment`: what stands there is a comment on a commit, and no alert. */
export type AlertMessage = { seq: number; segment: number; comment?: true };
export type TimerMessage = Timer;

/** Rows that answer questions; rebuildable from the lane, so never the truth. */
export interface Rows {
  put(rows: Row[]): Promise<void>;
  /** newest first; `after` is the sort key to start behind */
  newest(question: string, limit: number, after?: string): Promise<Row[]>;
  /** the rows that stand alone under their questions, with the sort key `state`; in no order, absent ones left out */
  states(questions: string[]): Promise<Row[]>;
}
export type Row = {
  question: string;
  sort: string;
  segment: number;
  body: { [key: string]: unknown };
  /** A row with a version is put only where none, or an older one, is: a slow writer never undoes a newer state. */
  version?: number;
};

/** Large details, by the hash of their bytes. */
export interface Objects {
  put(sha256: string, body: Uint8Array): Promise<void>;
  get(sha256: string): Promise<Uint8Array | null>;
}
