import {
  afterNewest,
  earlier,
  furtherBack,
  type Listed,
  type ListProgress,
  notRead,
  overlapMs,
} from '../../shared/reconcile/progress.ts';
import { inOrder } from '../../shared/reconcile/reread.ts';
import { stackEvent, type StackEventRead } from '../../shared/reconcile/stacks.ts';
import type { StackHistory } from '../support/stack-history.ts';
import type { Batch, Run } from './batch.ts';

/** Reads the newest events of a stack, then goes on into the past from where it was. */
export async function* readStack(
  history: StackHistory,
  stack: string,
  before: ListProgress | null,
  run: Run,
): AsyncGenerator<Batch<ListProgress>> {
  const newest = await history.events(stack, null);
  if (newest === null || newest === 'stale') return;
  const since = before === null ? '' : earlier(before.through, overlapMs);
  let progress = afterNewest(before, listed(newest), run.until);
  yield batchOf(
    newest.events.filter(({ at }) => at >= since),
    progress,
    run,
  );
  while (progress.back !== null) {
    const { back } = progress;
    const answer = await history.events(stack, back.token);
    const page = answer === 'stale' ? newest : answer;
    if (page === null) return;
    progress = { ...progress, back: furtherBack(back, listed(page)) };
    yield batchOf(
      notRead(back, page.events, ({ at }) => at),
      progress,
      run,
    );
  }
}

type Page = { events: StackEventRead[]; token: string | null };

const listed = ({ events, token }: Page): Listed => ({
  times: events.map(({ at }) => at),
  token,
  isLast: token === null,
});

const batchOf = (events: StackEventRead[], progress: ListProgress, { place }: Run): Batch<ListProgress> => ({
  rereads: inOrder(events.toReversed().map((event) => stackEvent(event, place))),
  gaps: [],
  progress,
});
