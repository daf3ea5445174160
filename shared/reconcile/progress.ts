import type { Instant } from '../trail/entry.ts';
import type { AlarmItem } from './alarm-history.ts';
import { type BranchMove, headOf, type Heads, movesBetween } from './branches.ts';
import { type ExecutionRead, isOver } from './executions.ts';

/**
 * How far each target was read, as it is kept between runs. A run that dies leaves the progress that it came to, and what
 * is read again after it is on record already. Losing all progress costs reading everything once more, and no more.
 */

/** What may change in an answer after it was given: it is read again from so long before (ms). */
const overlapMs = 10 * 60_000;

/** Until when a target was read, by its progress, whichever kind it is of; null where it was not yet. */
export const readUntil = (progress: unknown): Instant | null => {
  if (progress === null || typeof progress !== 'object') return null;
  const { through, seenAt } = progress as Partial<AlarmProgress & BranchProgress>;
  return through ?? seenAt ?? null;
};

export const earlier = (at: Instant, ms: number): Instant => new Date(Date.parse(at) - ms).toISOString();

export type PipelineProgress = {
  /** all that happened until then is on record, but for what `back` still has to find */
  through: Instant;
  /** where to go on into the past; null where it was read as far as it has to be */
  back: Back | null;
};

/**
 * Executions are listed newest first. `before` is when the oldest that was read began, for a token that is not taken any
 * more; `until` is how far back it goes: as far as there is anything where null.
 */
export type Back = { token: string | null; before: Instant | null; until: Instant | null };

export type ExecutionPage = { executions: ExecutionRead[]; token: string | null };

/** Of the newest executions those in which something may be news: changed since, or still under way. */
export const changedSince = (progress: PipelineProgress | null, executions: ExecutionRead[]): ExecutionRead[] =>
  progress === null
    ? executions
    : executions.filter(
        ({ status, updatedAt }) => !isOver(status) || updatedAt >= earlier(progress.through, overlapMs),
      );

/** The progress after the newest page. Where it does not reach back to what was read before, the rest is gone back for. */
export const afterNewest = (
  progress: PipelineProgress | null,
  { executions, token }: ExecutionPage,
  through: Instant,
): PipelineProgress => {
  const oldest = oldestOf(executions);
  if (token === null) return { through, back: null };
  if (progress !== null && oldest !== null && oldest < progress.through) return { through, back: progress.back };
  const until = progress === null ? null : progress.back === null ? progress.through : progress.back.until;
  return { through, back: { token, before: oldest, until } };
};

/** Of an older page the executions that were not read yet. */
export const notRead = ({ before }: Back, executions: ExecutionRead[]): ExecutionRead[] =>
  before === null ? executions : executions.filter(({ startedAt }) => startedAt <= before);

/** Where to go on after an older page; null at the end. */
export const furtherBack = (back: Back, { executions, token }: ExecutionPage): Back | null => {
  const oldest = oldestOf(executions) ?? back.before;
  const isReached = back.until !== null && oldest !== null && oldest < back.until;
  return token === null || isReached ? null : { ...back, token, before: smaller(oldest, back.before) };
};

const oldestOf = (executions: ExecutionRead[]): Instant | null =>
  executions.map(({ startedAt }) => startedAt).toSorted()[0] ?? null;

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
