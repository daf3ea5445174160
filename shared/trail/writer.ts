import type { Marker } from './append.ts';
import type { Head } from './segment.ts';

/**
 * What a writer of a lane knows from one of its appends to the next; it does them one after the other. Only ever saves
 * reads: what it gets wrong, the put of the next segment is refused for.
 */
export type Writer = {
  /** its last segment, all of whose markers stand, and when it was put (epoch ms); null while an append is under way */
  last: { head: Head; at: number } | null;
  /** whether everything since the segment that it last began with is its own, as far as it knows */
  unbroken: boolean;
  looks: Set<Look>;
};

/**
 * The markers of an append that waits for its turn can be read ahead, beside the appends before it: every group that
 * stood then has a marker, and what those appends recorded meanwhile is in `since`. Where another writer came between
 * nobody knows what was missed: it is not `sound`.
 */
export type Look = { since: Marker[]; sound: boolean };

export const freshWriter = (): Writer => ({ last: null, unbroken: false, looks: new Set() });

/**
 * After so many ms without an append somebody else is likely to have come between: reading the newest segment then
 * costs less than a put that is refused.
 */
const warmFor = 1_000;
const isCold = ({ at }: { at: number }, now: Date): boolean => now.getTime() - at >= warmFor;

/** To be called before the markers are read; null where they can only be read in turn, or would have to be read again. */
export const lookAhead = (writer: Writer, now: Date): Look | null => {
  if (!writer.unbroken || (writer.last !== null && isCold(writer.last, now))) return null;
  const look: Look = { since: [], sound: true };
  writer.looks.add(look);
  return look;
};

/** Begins an append. @returns the segment to go on from, or null where the newest has to be read */
export const begin = (writer: Writer, now: Date): Head | null => {
  const { last } = writer;
  writer.last = null;
  if (last !== null && !isCold(last, now)) return last.head;
  lose(writer);
  return null;
};

/** To be called when markers of its segments stand. */
export const noteMarkers = (writer: Writer, markers: Marker[]): void => {
  for (const { since } of writer.looks) since.push(...markers);
};

/** To be called when a put was refused, or nobody knows what became of it. */
export const lose = (writer: Writer): void => {
  writer.unbroken = false;
  for (const look of writer.looks) look.sound = false;
  writer.looks.clear();
};

/** Ends an append that went well. */
export const end = (writer: Writer, warm: Head | null, now: Date): void => {
  writer.last = warm === null ? null : { head: warm, at: now.getTime() };
  writer.unbroken = warm !== null;
};
