import type { DecidedOn } from '../ladder/record.ts';
import type { Entry } from '../trail/entry.ts';

/** A version of a ladder as it stands on the trail: what it was decided on, and its entries, `ladder.decided` first. */
export type Version = { ladder: string; version: number; seq: number; on: DecidedOn; entries: Entry[] };

/** What happened, one thing after another: a version of some ladder, or any other entry. */
export type Happening =
  { type: 'version'; seq: number; version: Version } | { type: 'entry'; seq: number; entry: Entry };
