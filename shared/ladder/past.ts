import type { LadderConfig } from '../config/config.ts';
import { historyKeptMs } from '../reconcile/alarm-history.ts';
import type { Instant } from '../trail/entry.ts';
import { checkValue } from './alarms.ts';
import { after, msBetween } from './turn.ts';

/** From one moment to another. */
export type Span = { from: Instant; until: Instant };

/** When alarms passed within a time, oldest first, by alarm: what their histories say, in as few words as decisions need. */
export type Past = Span & { passed: { [alarm: string]: Span[] } };

/** A change of an alarm's state, as far as it matters here. */
type Change = { at: Instant; value: string; was: string };

/**
 * When an alarm passed within a time.
 *
 * @param changes of its state from the beginning of the time on, oldest first; those after its end tell of it too
 * @param now how the alarm stands, for where it never changed; null where nobody knows
 */
export const passedWithin = (changes: Change[], now: string | null, { from, until }: Span): Span[] => {
  const inside = changes.filter(({ at }) => at > from && at < until);
  const first = changes.find(({ at }) => at > from)?.was ?? now;
  const bounds = [from, ...inside.map(({ at }) => at), until];
  const values = [first, ...inside.map(({ value }) => value)];
  const spans = values.map((value, n) => ({ value, from: bounds[n] ?? from, until: bounds[n + 1] ?? until }));
  return spans
    .filter(({ value }) => checkValue(value ?? undefined) === 'pass')
    .map(({ from: start, until: end }) => ({ from: start, until: end }));
};

/** A check without an alarm has no past that could be read. */
const alarmsOfAll = ({ checks }: LadderConfig): string[] | null => {
  const alarms = Object.values(checks).map(({ alarm }) => alarm);
  return alarms.every((alarm) => alarm !== undefined) ? alarms : null;
};

/** When all checks of a ladder passed; never, where one of them cannot be known. */
const allPassed = (past: Past, config: LadderConfig): Span[] =>
  (alarmsOfAll(config) ?? []).reduce<Span[]>(
    (all, alarm) => all.flatMap((span) => overlaps(span, past.passed[alarm] ?? [])),
    alarmsOfAll(config) === null ? [] : [{ from: past.from, until: past.until }],
  );

const overlaps = (span: Span, others: Span[]): Span[] =>
  others
    .map(({ from, until }) => ({
      from: from > span.from ? from : span.from,
      until: until < span.until ? until : span.until,
    }))
    .filter(({ from, until }) => from < until);

/** How long a release has to have stayed with all checks passing (ms): at any time, and right before it was replaced. */
export type Bake = { any: number; last: number };

/**
 * Since when a release passed long enough to be gone back to, by the history of the alarms; null where it never did, or
 * nobody can say.
 *
 * @param replacedAt null while it runs
 */
export const goodSince = (
  past: Past | null,
  config: LadderConfig,
  reachedAt: Instant,
  replacedAt: Instant | null,
  bake: Bake,
): Instant | null => {
  if (past === null) return null;
  const stayed = allPassed(past, config)
    .map((span) => ({ ...span, from: span.from > reachedAt ? span.from : reachedAt }))
    .filter(({ from, until }) => from < until);
  const long = stayed.find(({ from, until }) => msBetween(from, until) >= bake.any);
  const last = stayed.find(({ from, until }) => until === replacedAt && msBetween(from, until) >= bake.last);
  return long?.from ?? last?.from ?? null;
};

/** The checks that passed at a moment, or began to fail only after it. */
export const passedAt = (past: Past | null, { checks }: LadderConfig, at: Instant): string[] =>
  Object.values(checks)
    .filter(({ alarm }) => (past?.passed[alarm ?? ''] ?? []).some(({ from, until }) => from <= at && at < until))
    .map(({ name }) => name);

/** A release is judged by this much of its time (ms), or twice as long as it has to stay. */
const judgedForMs = 24 * 3_600_000;

/**
 * The time that a release is judged by: from right before it went out until it was replaced, or until lately.
 *
 * @param latest until when the past of what still runs is settled
 * @returns null where it is over and forgotten
 */
export const judgedBy = (
  startedAt: Instant,
  replacedAt: Instant | null,
  latest: Instant,
  now: Instant,
  bake: Bake,
): Span | null => {
  const most = after(startedAt, Math.max(judgedForMs, 2 * bake.any));
  const until = [replacedAt ?? latest, most].toSorted()[0] ?? latest;
  return msBetween(startedAt, now) > historyKeptMs || until <= startedAt ? null : { from: startedAt, until };
};
