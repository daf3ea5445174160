import type { Cursors, Trail } from '../ports.ts';
import type { Draft, Entry, Source } from './entry.ts';

/** What following a lane needs. `failures` counts across calls, so that an entry that always throws ends. */
export type Following = {
  trail: Trail;
  cursors: Cursors;
  reader: string;
  source: Source;
  /** the effects of one entry; throws when they could not be had, and is then called again */
  handle: (entry: Entry) => Promise<void>;
  failures: Map<number, number>;
};

const segmentsAtOnce = 10;
/** An entry that fails this often is passed by, on record. */
const triesPerEntry = 5;

/** Following by whole segments: for a reader whose effects are rows that may be written again. */
export type FollowingSegments = Pick<Following, 'trail' | 'cursors' | 'reader'> & {
  handle: (segment: number, entries: Entry[]) => Promise<void>;
};

/**
 * Follows the lane from the reader's cursor to its end, a segment at a time. The cursor moves after the effects of a
 * segment, so what was under way when the process ended is handled again.
 */
export const followSegments = async ({ trail, cursors, reader, handle }: FollowingSegments): Promise<void> => {
  let next = await cursors.get(reader);
  for (;;) {
    const segments = await trail.since(next, segmentsAtOnce);
    for (const { segment, entries } of segments) {
      await handle(segment, entries);
      next = segment + 1;
      await cursors.advance(reader, next);
    }
    if (segments.length === 0) return;
  }
};

/**
 * Follows the lane entry by entry. Throws on an entry that failed: the next wake-up comes back to it; the fifth time
 * it is passed by with an entry `reader.skipped`.
 */
export const followLane = (following: Following): Promise<void> =>
  followSegments({
    ...following,
    handle: async (_segment, entries) => {
      for (const entry of entries) await handleOnce(following, entry);
    },
  });

const handleOnce = async (following: Following, entry: Entry): Promise<void> => {
  const { failures, handle } = following;
  try {
    await handle(entry);
    failures.delete(entry.seq);
  } catch (error) {
    const failed = (failures.get(entry.seq) ?? 0) + 1;
    failures.set(entry.seq, failed);
    if (failed < triesPerEntry) throw error;
    await skip(following, entry, error);
    failures.delete(entry.seq);
  }
};

const skip = async ({ trail, reader, source }: Following, entry: Entry, error: unknown): Promise<void> => {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  const draft: Draft = {
    kind: 'reader.skipped',
    occurredAt: null,
    actor: { type: 'service', name: 'escalator' },
    subject: `escalator:reader/${reader}`,
    environment: entry.environment,
    service: entry.service,
    change: null,
    execution: null,
    release: null,
    outcome: 'failed',
    reason,
    source,
    detail: { reader, seq: entry.seq, skipped: entry.kind },
    redactions: [],
  };
  await trail.append([{ key: `reader/${reader}/${entry.seq}#skipped`, entries: [draft] }]);
};
