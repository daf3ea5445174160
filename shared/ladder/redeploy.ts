import { failing } from './checks.ts';
import type { Cause, Release } from './events.ts';
import { isRecent, isRefused, lastGood, rootOf, running } from './releases.ts';
import type { KeptRelease } from './state.ts';
import { openIncident, type Turn, within } from './turn.ts';

/** Over how long rollbacks are counted. */
export const rollbacksWithinMs = 86_400_000;

/** What a redeploying level puts there, or why it puts nothing there. */
export type Choice = { release: Release; forCause: Cause | null } | { refused: string };

/**
 * The deploy level redeploys the running release first. It goes back to last good only when the running release is
 * the cause; a release that contains a quarantined commit and fails the same check is gone back from at once.
 */
export const choose = (turn: Turn, level: string): Choice => {
  const current = running(turn.state);
  if (current === null) return { refused: 'no release is known to have been put here' };
  const suspect = rootOf(turn.state, current);
  const cause = causeOf(turn, level, suspect);
  if (cause !== null) return goBack(turn, suspect, cause);
  if (isRefused(turn.state, suspect.commit, turn.now))
    return { refused: `${suspect.commit.slice(0, 7)} was gone back from within 24 h and is not put there again` };
  return { release: bare(suspect), forCause: null };
};

/** Why the running release is the cause; null when nothing says that it is. */
const causeOf = (turn: Turn, level: string, suspect: KeptRelease): Cause | null => {
  const incident = openIncident(turn);
  const redeployed = incident.redeployed === suspect.id;
  const known = suspect.contains !== null || isRefused(turn.state, suspect.commit, turn.now);
  if (!redeployed && !known) return null;
  if (!isRecent(suspect, incident.openedAt, turn.config)) return null;
  const check = failing(turn.state, turn.config).find(
    (candidate) => candidate.level === level && suspect.passedBefore.includes(candidate.name),
  )?.name;
  if (check === undefined) return null;
  const still = redeployed ? 'still fails after a redeploy' : `fails now, and ${reasonKnown(suspect)}`;
  const reason = `check ${check} passed before this release and ${still}`;
  return { release: suspect.id, commit: suspect.commit, check, reason };
};

const reasonKnown = (suspect: KeptRelease): string =>
  suspect.contains === null
    ? 'the release was gone back from before'
    : `it contains ${suspect.contains.slice(0, 7)}, which was gone back from before`;

const goBack = (turn: Turn, suspect: KeptRelease, cause: Cause): Choice => {
  const lastDay = within(turn.state.rollbacks, rollbacksWithinMs, turn.now).length;
  const { rollbacksPerDay } = turn.config.budgets;
  if (openIncident(turn).rolledBack) return { refused: 'this incident went back once already' };
  if (lastDay >= rollbacksPerDay) return { refused: `the budget of ${rollbacksPerDay} rollbacks a day is used up` };
  const good = lastGood(turn.state, suspect, turn.now);
  return good === null
    ? { refused: `${suspect.commit.slice(0, 7)} is the cause, and no earlier release is eligible to be gone back to` }
    : { release: bare(good), forCause: cause };
};

/** The release without what the ladder thinks of it: that may change, an intent may not. */
const bare = ({ good: _good, quarantined: _quarantined, replacedAt: _replacedAt, ...release }: KeptRelease): Release =>
  release;
