import type { DecidedOn } from '../ladder/record.ts';
import type { LadderEvent } from '../ladder/events.ts';
import type { Entry, Instant } from '../trail/entry.ts';

/** A version of a ladder as it stands on the trail: what it was decided on, and its entries, `ladder.decided` first. */
export type Version = { ladder: string; version: number; seq: number; on: DecidedOn; entries: Entry[] };

/**
 * What happened, one thing after another: a version of some ladder, or any other entry; of the time before Escalator also what
 * is known of a ladder that nobody decided then.
 */
export type Happening =
  | { type: 'version'; seq: number; version: Version }
  | { type: 'entry'; seq: number; entry: Entry }
  | { type: 'known'; seq: number; ladder: string; at: Instant; event: LadderEvent };
