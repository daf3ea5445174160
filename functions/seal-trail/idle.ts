import type { LaneSegment } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnGroup } from '../../shared/trail/own-kinds.ts';

/** After this long without an entry the trail says that it is idle: that nothing happened is then sealed too. */
const idleMs = 10 * 60_000;

/**
 * The entry that says that nothing came, or null where something did. With it no stretch of the trail is longer than
 * ten minutes without an entry, and so silence cannot be mistaken for something taken out.
 */
export const idleGroup = (newest: LaneSegment | null, now: Date, lane: string, source: Source): OwnGroup | null => {
  if (newest === null || now.getTime() - Date.parse(newest.at) < idleMs) return null;
  const size = newest.first + newest.count;
  return {
    key: `idle/${lane}/${size}`,
    entries: [
      ownDraft({
        kind: 'trail.idle',
        subject: `escalator:trail/${lane}`,
        source,
        detail: { since: newest.at },
      }),
    ],
  };
};
