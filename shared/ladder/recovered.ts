import type { ServiceConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import type { Release } from './events.ts';
import type { ExecutionReading, Input } from './input.ts';
import { type Bake, goodSince, judgedBy, passedAt, type Span } from './past.ts';
import { rebuiltFrom, releaseId, rootOf, sourcedOf } from './releases.ts';
import { releasesKept } from './reached.ts';
import type { LadderState } from './state.ts';
import { after, say, type ServiceTurn } from './turn.ts';
import { bakeFor } from './windows.ts';

/**
 * A release that reached its environment without anybody having told: it takes its place among the others, and nothing
 * is begun or told because of it. Whether it was good is read from the history of the alarms.
 */
export type Recovered = Extract<Input, { type: 'recovered' }>;

/** Whether a release that was found late would be kept: it is not known, and not older than all that are. */
export const isMissed = ({ releases }: LadderState, { execution, at }: Recovered): boolean =>
  !releases.some((release) => release.execution === execution) &&
  (releases.length < releasesKept || releases.some(({ reachedAt }) => reachedAt <= at));

/** What has happened since may not be in the history yet (ms). */
const settledAfterMs = 10 * 60_000;

/** Which time of the alarms' history says whether it was good; null where none does. */
export const judgedIn = (state: LadderState, config: ServiceConfig, input: Recovered, now: Instant): Span | null =>
  judgedBy(input.startedAt, replacedAt(state, input.at), after(now, -settledAfterMs), now, bakeOf(state, config));

const bakeOf = (state: LadderState, config: ServiceConfig): Bake => ({
  any: bakeFor(state, config, config.bake),
  last: bakeFor(state, config, config.bakeWhenReplaced),
});

/** When the release that came next came. */
const replacedAt = ({ releases }: LadderState, at: Instant): Instant | null =>
  releases.findLast(({ reachedAt }) => reachedAt > at)?.reachedAt ?? null;

/** Takes its release among those that are known. What CodePipeline does not confirm puts nothing there. */
export const recoverRelease = (turn: ServiceTurn, input: Recovered): ServiceTurn => {
  const { state, config, readings } = turn;
  const { execution } = readings;
  if (!isMissed(state, input) || execution === null || execution.commit === null) return turn;
  const past = readings.past ?? null;
  const release: Release = {
    id: releaseId(config, input.execution),
    execution: input.execution,
    reachedAt: input.at,
    passedBefore: passedAt(past, config, input.startedAt),
    ...sourcedOf(readings.sourced ?? unknownSource(execution.commit)),
    ...originOf(turn, input.execution, execution),
  };
  const since = goodSince(past, config, input.at, replacedAt(state, input.at), bakeOf(state, config));
  return { ...say(turn, { type: 'release.reached', release, recovered: { goodSince: since } }), config };
};

const unknownSource = (commit: string) => ({ commit, author: null, subject: null, contains: null });

/** What a rollback puts there again may be found only after it: its id is known before. */
const originOf = (turn: ServiceTurn, execution: string, reading: ExecutionReading) => {
  const origin = rebuiltFrom(turn, execution, reading);
  if (origin !== null)
    return {
      byRollback: true,
      rebuiltFrom: rootOf(turn.state, origin).id,
      ...(!reading.rollback && { builtAnew: true as const }),
    };
  const target = reading.rollback && reading.target !== null ? releaseId(turn.config, reading.target) : null;
  return { byRollback: reading.rollback, rebuiltFrom: target };
};
