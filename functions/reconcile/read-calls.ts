import { callEvent, callsKeptMs } from '../../shared/reconcile/calls.ts';
import { forgottenGap } from '../../shared/reconcile/gap.ts';
import {
  afterNewest,
  earlier,
  furtherBack,
  isReached,
  type Listed,
  type ListProgress,
  overlapping,
} from '../../shared/reconcile/progress.ts';
import { inOrder } from '../../shared/reconcile/reread.ts';
import type { CallHistory, CallPage } from '../support/call-history.ts';
import type { Batch, Run } from './batch.ts';

/** What CloudTrail tells later than that is found all the same, where it is not later by more than this (ms). */
const overlapMs = 5 * 60_000;

/**
 * Reads the newest calls back to those that were read before, then goes on into the past from where it was. A run that
 * does not come back so far leaves the rest to the next: an account with many calls is read late, and whole.
 *
 * @param settleMs what is newer CloudTrail may not tell of yet
 */
export async function* readCalls(
  history: CallHistory,
  before: ListProgress | null,
  run: Run,
  settleMs: number,
): AsyncGenerator<Batch<ListProgress>> {
  const kept = earlier(run.until, callsKeptMs);
  if (before !== null && before.through < kept)
    yield { rereads: [], gaps: [forgottenGap({ of: 'calls' }, before.through, kept)], progress: null };
  const known = overlapping(before, settleMs + overlapMs);
  const settled = earlier(run.until, settleMs);
  let progress: ListProgress = { through: run.until, back: null };
  for await (const page of history.until(settled)) {
    progress = afterNewest(known, listed(page), run.until);
    yield batchOf(page, progress, run);
    if (isReached(known, listed(page))) break;
  }
  if (progress.back === null) return;
  for await (const page of history.until(progress.back.before ?? settled)) {
    if (progress.back === null) return;
    progress = { ...progress, back: furtherBack(progress.back, listed(page)) };
    yield batchOf(page, progress, run);
  }
}

const listed = ({ calls, isLast }: CallPage): Listed => ({ times: calls.map(({ at }) => at), token: null, isLast });

const batchOf = ({ calls }: CallPage, progress: ListProgress, { place }: Run): Batch<ListProgress> => ({
  rereads: inOrder(calls.toReversed().flatMap(({ record }) => callEvent(record, place) ?? [])),
  gaps: [],
  progress,
});
