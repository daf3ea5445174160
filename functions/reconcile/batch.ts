import type { Gap } from '../../shared/reconcile/gap.ts';
import type { Place, Reread } from '../../shared/reconcile/reread.ts';
import type { Instant } from '../../shared/trail/entry.ts';

/** What was read of a target, and how far that brings it once it is on record; null where it does not yet. */
export type Batch<Progress> = { rereads: Reread[]; gaps: Gap[]; progress: Progress | null };

/** What one run reads: everything that happened until then. What is newer may still be told. */
export type Run = {
  until: Instant;
  /** when the trail began: what is older is backfilled, and nobody was there to be told */
  began: Instant;
  place: Place;
};
