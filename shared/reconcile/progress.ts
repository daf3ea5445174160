import type { Instant } from '../trail/entry.ts';
import type { AlarmItem } from './alarm-history.ts';
import { type BranchMove, headOf, type Heads, movesBetween } from './branches.ts';
import { type ExecutionRead, isOver } from './executions.ts';

/**
 * How far each target was read, as it is kept between runs. A run that dies leaves the progress that it came to, and what
 * is read again after it is on record already. Losing all progress costs reading everything once more, and no more.
 */

/** What may change in an answer after it was given: it is read again from so long before (ms). */
export const overlapMs = 10 * 60_000;

/**
 * Until when a target was read, by its progress, whichever kind it is of; null where it was not yet. Where a run did not come
 * back to what was read before, it was read until there and no further.
 */
export const readUntil = (progress: unknown): Instant | null => {
  if (progress === null || typeof progress !== 'object') return null;
  const { through, seenAt, back } = progress as Partial<ListProgress & BranchProgress>;
  return back?.until ?? through ?? seenAt ?? null;
};

/** The same progress, to be read again from so long before (ms). */
export const overlapping = (progress: ListProgress | null, ms: number): ListProgress | null =>
  progress === null ? null : { ...progress, through: earlier(progress.through, ms) };

export const earlier = (at: Instant, ms: number): Instant => new Date(Date.parse(at) - ms).toISOString();

/** Of what is listed newest first: executions, events of a stack, calls. */
export type ListProgress = {
  /** all that happened until then is on record, but for what `back` still has to find */
  through: Instant;
  /** where to go on into the past; null where it was read as far as it has to be */
  back: Back | null;
};

/**
 * `before` is the time of the oldest that was read, for a token that is not taken any more, or where there is none that
 * could be kept; `until` is how far back it goes: as far as there is anything where null.
 */
export type Back = { token: string | null; before: Instant | null; until: Instant | null };

/** A page of a list, as far as progress is about it; `isLast` where nothing older follows. */
export type Listed = { times: Instant[]; token: string | null; isLast: boolean };

/** Of the newest executions those in which something may be news: changed since, or still under way. */
export const changedSince = (progress: ListProgress | null, executions: ExecutionRead[]): ExecutionRead[] =>
  progress === null
    ? executions
    : executions.filter(
        ({ status, updatedAt }) => !isOver(status) || updatedAt >= earlier(progress.through, overlapMs),
      );

/** The progress after the newest page. Where it does not reach back to what was read before, the rest is gone back for. */
export const afterNewest = (
  progress: ListProgress | null,
  { times, token, isLast }: Listed,
  through: Instant,
): ListProgress => {
  const oldest = oldestOf(times);
  if (isLast) return { through, back: null };
  if (progress !== null && isReached(progress, { times })) return { through, back: progress.back };
  const until = progress === null ? null : progress.back === null ? progress.through : progress.back.until;
  return { through, back: { token, before: oldest, until } };
};

/** Whether a page goes back to what was read before. */
export const isReached = (progress: ListProgress | null, { times }: Pick<Listed, 'times'>): boolean =>
  progress !== null && (oldestOf(times) ?? progress.through) < progress.through;

/** Where to go on after an older page; null at the end. */
export const furtherBack = (back: Back, { times, token, isLast }: Listed): Back | null => {
  const oldest = oldestOf(times) ?? back.before;
  const isAsked = back.until !== null && oldest !== null && oldest < back.until;
  return isLast || isAsked ? null : { ...back, token, before: smaller(oldest, back.before) };
};

/** Of an older page what was not read yet. */
export const notRead = <Item>({ before }: Back, items: Item[], timeOf: (item: Item) => Instant): Item[] =>
  before === null ? items : items.filter((item) => timeOf(item) <= before);

const oldestOf = (times: Instant[]): Instant | null => times.toSorted()[0] ?? null;

const smaller = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null || (other !== null && other < one) ? other : one;

/** `last` is the newest change of state that was read. */
export type AlarmProgress = { through: Instant; last: Pick<AlarmItem, 'value' | 'at'> | null };

/** From when on the history of an alarm is read; an item may come into it a little late. */
export const alarmFrom = (progress: AlarmProgress | null, kept: Instant): Instant =>
  progress === null ? kept : earlier(progress.through, overlapMs);

/** `open` are deployments that were under way when they were read last. */
export type DeploymentProgress = { through: Instant; open: string[] };

/** Deployments are listed by the time of their creation, so many days at once (ms). */
const windowMs = 3 * 24 * 3_600_000;

/** The next time of creation to look through; nothing is read of the future. */
export const nextWindow = (from: Instant, until: Instant): { from: Instant; until: Instant } => {
  const end = earlier(from, -windowMs);
  return { from, until: end < until ? end : until };
};

/** `heads` as settled at `at`, `seen` as last seen at `seenAt`: what moved is believed when it is seen twice. */
export type BranchProgress = { heads: Heads; at: Instant; seen: Heads; seenAt: Instant };

/**
 * What moved since branches were looked at last. A push may have been seen before its event came, so that only what was
 * there already at the look before counts as told by nobody.
 */
export const settledMoves = (
  { heads, seen, seenAt }: BranchProgress,
  now: Heads,
  at: Instant,
): { moves: BranchMove[]; progress: BranchProgress } => {
  const isSettled = ({ branch, commit }: BranchMove): boolean => headOf(seen, branch) === commit;
  const moves = movesBetween(heads, now).filter(isSettled);
  return { moves, progress: { heads: withMoves(heads, moves), at: seenAt, seen: now, seenAt: at } };
};

const withMoves = (heads: Heads, moves: BranchMove[]): Heads => {
  const moved = new Set(moves.map(({ branch }) => branch));
  return Object.fromEntries([
    ...Object.entries(heads).filter(([branch]) => !moved.has(branch)),
    ...moves.flatMap(({ branch, commit }) => (commit === null ? [] : [[branch, commit] as const])),
  ]);
};
