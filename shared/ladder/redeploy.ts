import { failing } from './checks.ts';
import type { Release } from './events.ts';
import type { Cause, Redeploy } from './intents.ts';
import { isRecent, lastGood, refusal, rootOf, running } from './releases.ts';
import type { KeptRelease } from './state.ts';
import { openIncident, type ServiceTurn, type Turn, within } from './turn.ts';

/** Over how long rollbacks are counted. */
export const rollbacksWithinMs = 86_400_000;

/** What a redeploying level puts there, or why it puts nothing there. */
export type Choice = { release: Release; forCause: Cause | null } | { refused: string };

/**
 * The deploy level redeploys the running release first. It goes back to last good only when the running release is
 * the cause; a release that contains a quarantined commit and fails the same check is gone back from at once.
 */
export const choose = (turn: ServiceTurn, level: string): Choice => {
  const current = running(turn.state);
  if (current === null) return { refused: 'no release is known to have been put here' };
  const suspect = rootOf(turn.state, current);
  const cause = causeOf(turn, level, suspect);
  if (cause !== null) return goBack(turn, suspect, cause);
  const reason = refusal(turn.state, suspect.commit, turn.now);
  if (reason !== null) return { refused: `${short(suspect)} is not put there again: ${reason}` };
  return { release: bare(suspect), forCause: null };
};

/**
 * Why a redeployment that was intended is no longer to be begun: a person quarantined what it would put there, or
 * something else runs here by now. Null where it still is. Asked with the claim, in the ladder's own stream.
 */
export const overtaken = (turn: Turn, { release, forCause }: Redeploy): string | null => {
  const current = running(turn.state);
  const from = current === null ? null : rootOf(turn.state, current).id;
  if (from !== (forCause?.release ?? release.id)) return 'another release runs here since it was intended';
  const reason = refusal(turn.state, release.commit, turn.now);
  return reason === null ? null : `${short(release)} is not put there: ${reason}`;
};

/** Why the running release is the cause; null when nothing says that it is. */
const causeOf = (turn: ServiceTurn, level: string, suspect: KeptRelease): Cause | null => {
  const incident = openIncident(turn);
  const redeployed = incident.redeployed === suspect.id;
  const known = badKnown(turn, suspect);
  if (!redeployed && known === null) return null;
  if (!isRecent(suspect, incident.openedAt, turn.config)) return null;
  const check = failing(turn.state, turn.config).find(
    (candidate) => candidate.level === level && suspect.passedBefore.includes(candidate.name),
  )?.name;
  if (check === undefined) return null;
  const still = redeployed ? 'still fails after a redeploy' : `fails now, and ${known}`;
  const reason = `check ${check} passed before this release and ${still}`;
  return { release: suspect.id, commit: suspect.commit, check, reason };
};

/** What is known against a release before it was redeployed: it is refused itself, or contains what is. */
const badKnown = ({ state, now }: Turn, suspect: KeptRelease): string | null => {
  const own = refusal(state, suspect.commit, now);
  if (own !== null) return `the release is ${own}`;
  const inside = suspect.contains === null ? null : refusal(state, suspect.contains, now);
  return inside === null ? null : `it contains ${suspect.contains?.slice(0, 7)}, which is ${inside}`;
};

const short = ({ commit }: Release): string => commit.slice(0, 7);

/** Why nothing is gone back from any more, in this incident or today; null where it still may be. */
export const rollbacksSpent = (turn: ServiceTurn): string | null => {
  const lastDay = within(turn.state.rollbacks, rollbacksWithinMs, turn.now).length;
  const { rollbacksPerDay } = turn.config.budgets;
  if (openIncident(turn).rolledBack) return 'this incident went back once already';
  return lastDay >= rollbacksPerDay ? `the budget of ${rollbacksPerDay} rollbacks a day is used up` : null;
};

const goBack = (turn: ServiceTurn, suspect: KeptRelease, cause: Cause): Choice => {
  const spent = rollbacksSpent(turn);
  if (spent !== null) return { refused: spent };
  const good = lastGood(turn.state, suspect, turn.now);
  return good === null
    ? { refused: `${short(suspect)} is the cause, and no earlier release is eligible to be gone back to` }
    : { release: bare(good), forCause: cause };
};

/** The release without what the ladder thinks of it: that may change, an intent may not. */
const bare = ({ good: _good, quarantined: _quarantined, replacedAt: _replacedAt, ...release }: KeptRelease): Release =>
  release;
