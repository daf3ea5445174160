import { withoutSecrets } from '../event/redact.ts';
import type { Cursors, SegmentEntries, Trail } from '../ports.ts';
import type { Entry, Source } from './entry.ts';
import { ownDraft } from './own-draft.ts';
import type { OwnDraft } from './own-kinds.ts';

/** A reader of the lane: who it is, where it reads, and where it says what it passed by. */
export type Reader = { trail: Trail; cursors: Cursors; reader: string; source: Source };

/** Following entry by entry. `handle` throws when the effects of an entry could not be had, and is then called again. */
export type Following = Reader & { handle: (entry: Entry) => Promise<void> };

/** Following by whole segments, oldest first: for a reader whose effects are rows that may be written again. */
export type FollowingSegments = Reader & { handle: (segments: SegmentEntries[]) => Promise<void> };

const segmentsAtOnce = 10;
/** An entry whose handling throws this often is passed by, on record. */
const triesPerEntry = 5;
/** So is one that was begun this often without coming to an end: its handling ends the process. */
const beginningsPerEntry = 10;

/**
 * Makes a reader that follows the lane entry by entry.
 *
 * @returns a call that goes from the reader's cursor to the end of the lane. The cursor moves after the effects of a
 *   segment, so what was under way when the process ended is handled again. It throws when an entry failed: the next
 *   call comes back to that entry, and after five tries passes it by with an entry `reader.skipped`.
 */
export const followLane = (following: Following): (() => Promise<void>) =>
  follow(following, 1, (segments) =>
    segments.flatMap(({ entries }) => entries.map((entry) => ({ entry, run: () => following.handle(entry) }))),
  );

/**
 * As `followLane`, several segments at a time. After a failure they are handled one by one, and one that goes on failing
 * is passed by in the name of its first entry. Its handling appends nothing, and what others append wakes it again: where
 * it was given fewer segments than it asked for, it does not look for more.
 */
export const followSegments = (following: FollowingSegments): (() => Promise<void>) =>
  follow(following, segmentsAtOnce, (segments) =>
    (segments[0]?.entries ?? []).slice(0, 1).map((entry) => ({ entry, run: () => following.handle(segments) })),
  );

/** What is handled at once, and the entry in whose name its tries are counted. */
type Unit = { entry: Entry; run: () => Promise<void> };

const follow = (
  reader: Reader,
  together: number,
  unitsOf: (segments: SegmentEntries[]) => Unit[],
): (() => Promise<void>) => {
  // Counting a try on record costs a write. It is done where a try may not have been the first: in the segment that a
  // process begins with, since that is where the one before may have ended, and after a failure.
  let counting = true;
  const handle = async (segments: SegmentEntries[]): Promise<void> => {
    for (const unit of unitsOf(segments)) {
      if (counting) await handleCounted(reader, unit);
      else await unit.run();
    }
  };
  return async () => {
    let next = await reader.cursors.get(reader.reader);
    for (let more = true; more;) {
      const segments = await reader.trail.since(next, segmentsAtOnce);
      // What is counted may end with an entry that says it was passed by.
      more = segments.length >= (counting ? 1 : together);
      for (let rest = segments; rest.length > 0;) {
        const taken = rest.slice(0, counting ? 1 : together);
        await handle(taken).catch((error: unknown) => {
          counting = true;
          throw error;
        });
        next = (taken.at(-1)?.segment ?? next) + 1;
        rest = rest.slice(taken.length);
        await reader.cursors.advance(reader.reader, next);
        counting = false;
      }
    }
  };
};

const handleCounted = async (reader: Reader, { entry, run }: Unit): Promise<void> => {
  const tries = await reader.cursors.attempt(reader.reader, entry.seq);
  if (tries > beginningsPerEntry) return skip(reader, entry, 'its handling was begun again and again and never ended');
  try {
    await run();
  } catch (error) {
    if (tries < triesPerEntry) throw error;
    await skip(reader, entry, error instanceof Error ? error.message : String(error));
  }
};

const longestReason = 500;

/** Passes an entry by, on record. What says so is itself passed by in silence, or it would breed without end. */
const skip = async ({ trail, reader, source }: Reader, entry: Entry, error: string): Promise<void> => {
  if (entry.kind === 'reader.skipped') return;
  const reason = withoutSecrets(error).slice(0, longestReason).toWellFormed(); // half a character could not be put on record
  const draft: OwnDraft = ownDraft({
    kind: 'reader.skipped',
    subject: `escalator:reader/${reader}`,
    environment: entry.environment,
    service: entry.service,
    outcome: 'failed',
    reason,
    source,
    detail: { reader, seq: entry.seq, segment: entry.segment, skipped: entry.kind, error: reason },
  });
  await trail.append([{ key: `reader/${reader}/${entry.seq}#skipped`, entries: [draft] }]);
};
