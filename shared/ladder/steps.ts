import type { LadderConfig, LevelConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { adoption, isCalled, isForcedByPerson } from './adopted.ts';
import { notReady } from './calling.ts';
import { type Cause, causeReason, sharedCause } from './cause.ts';
import { allPass, levelHolds, mostDrastic } from './checks.ts';
import { handReason } from './by-hand.ts';
import { circuitReason } from './circuit.ts';
import type { Closed, StepOutcome } from './events.ts';
import { describeIntent } from './actions.ts';
import { intentFor } from './intend.ts';
import type { LadderState } from './state.ts';
import { whoItWas } from '../trail/actor-name.ts';
import { targetsNow } from './targets.ts';
import { after, msBetween, openIncident, say, type Turn, wakeIn, within } from './turn.ts';
import { unseenReason, unseenUntil } from './unseen.ts';
import { quietFor } from './windows.ts';
import { inUtc } from '../trail/in-utc.ts';

/** How often a step that never began is intended again before a person is called. */
export const retriesAtMost = 3;
/** How long an incident waits for something it does not do itself before a person is called. */
export const waitAtMostMs = 60 * 60_000;
const hourInMs = 3_600_000;

/** Ends the incident. Handed over always calls a person, and holds the ladder until it is freed. */
export const close = (turn: Turn, status: Closed, reason: string): Turn => {
  const { id, openedAt, attempt } = openIncident(turn);
  return trip(say(turn, { type: 'incident.closed', incident: id, status, reason, openedAt, attempts: attempt }));
};

/** Opens the circuit where the run that just ended was one too many. Said with the end of it. */
const trip = (turn: Turn): Turn => {
  const { failed, open } = turn.state.circuit;
  if (open || failed.length < turn.config.budgets.failedRuns) return turn;
  return say(turn, { type: 'circuit.opened', incidents: failed.slice(-turn.config.budgets.failedRuns) });
};

export const handOver = (turn: Turn, reason: string): Turn => close(turn, 'handed-over', reason);

/** Waits and looks again; waiting too long in all hands over. */
export const wait = (turn: Turn, reason: string, tooLate = handOver): Turn => {
  const { waitingSince } = openIncident(turn);
  const { stop } = turn.state;
  const isFree = stop === null && adoption(turn) === null;
  const tooLong = waitingSince !== null && msBetween(waitingSince, turn.now) > waitAtMostMs;
  // What a person stopped waits as long as the person wants, and what is adopted as long as its environment does.
  if (tooLong && isFree) return tooLate(turn, reason);
  return waitFor(turn, reason, isFree ? turn.config.poll : untilLooked(stop?.until ?? null, turn.now));
};

const waitFor = (turn: Turn, reason: string, ms: number, more: { endsItself?: true } = {}): Turn => {
  const incident = openIncident(turn).id;
  return wakeIn(say(turn, { type: 'incident.waiting', incident, reason, until: after(turn.now, ms), ...more }), ms);
};

/** Waits until the alarms can have seen a release that just came, however slow they are; goes on at once where they can. */
export const onceSeen = (turn: Turn, goOn: (turn: Turn) => Turn): Turn => {
  const until = isForcedByPerson(turn) ? null : unseenUntil(turn.state, turn.config, turn.now);
  const reason = unseenReason(turn);
  if (until === null || reason === null) return goOn(turn);
  return waitFor(turn, reason, Math.min(turn.config.poll, msBetween(turn.now, until)), { endsItself: true });
};

/** Waits with all others that fail of the same cause: one message tells of all of them, and one of their hand-over. */
export const waitForCause = (turn: Turn, cause: Cause): Turn => {
  const { id, phase } = openIncident(turn);
  const reason = causeReason(cause);
  const isKnown = phase.name === 'waiting' && phase.reason === reason;
  const known = isKnown ? turn : say(turn, { type: 'cause.shared', incident: id, ...cause });
  return wait(known, reason, (late) =>
    handOver(say(late, { type: 'cause.handed-over', incident: id, ...cause }), reason),
  );
};

/** While a person holds it nothing has to be looked at often: an order is taken in when it comes. */
const untilLooked = (until: Instant | null, now: Instant): number =>
  until === null ? hourInMs : Math.min(hourInMs, Math.max(0, msBetween(now, until)));

/** Why nothing is done here, where a person said so, or the environment's ladder owns the cause. */
export const stopReason = ({ state }: Pick<Turn, 'state'>): string | null => {
  if (state.stop === null) return adoption({ state });
  const { who, why, until } = state.stop;
  return until === null
    ? `held by ${whoItWas(who)}: ${why}`
    : `claimed by ${whoItWas(who)} until ${inUtc(until)}: ${why}`;
};

/** One pass over the steps: from the most drastic level that a failing check asks for, to the last. */
export const startAttempt = (turn: Turn, reason: string, attempt = openIncident(turn).attempt + 1): Turn => {
  const from = mostDrastic(turn.state, turn.config);
  if (from === null) return settle(turn);
  const stopped = stopReason(turn);
  if (stopped !== null) return wait(turn, stopped);
  return onceSeen(turn, (seen) => beginAttempt(seen, from, attempt, reason));
};

const beginAttempt = (turn: Turn, from: number, attempt: number, reason: string): Turn => {
  const incident = openIncident(turn);
  if (attempt > turn.config.attempts) return handOver(turn, `still failing after ${incident.attempt} attempts`);
  const refusal = incident.attempt === 0 ? (circuitReason(turn.state) ?? overBudget(turn)) : null;
  if (refusal !== null) return handOver(turn, refusal);
  const cause = sharedCause(turn);
  if (cause !== null) return waitForCause(turn, cause);
  return takeStep(attemptFrom(turn, from, { attempt, forced: false, reason }));
};

/** Every level from the first, whatever the checks say: what they stand on was built anew. */
export const takeAll = (turn: Turn, reason: string): Turn => {
  const { attempt } = openIncident(turn);
  const refusal = attempt === 0 ? (circuitReason(turn.state) ?? overBudget(turn)) : null;
  if (refusal !== null) return handOver(turn, refusal);
  return takeStep(attemptFrom(turn, 0, { attempt: attempt + 1, forced: true, reason }));
};

/** An attempt from a level to the last, with nothing asked before and nothing taken yet. */
export const attemptFrom = (
  turn: Turn,
  from: number,
  how: { attempt: number; forced: boolean; reason: string },
): Turn => {
  const levels = turn.config.levels.slice(from).map(({ level }) => level);
  const incident = openIncident(turn).id;
  const targets = targetsNow(turn.state, turn.config);
  return say(turn, {
    type: 'attempt.started',
    incident,
    from: levels[0] ?? '',
    levels,
    ...how,
    ...(targets && { targets }),
  });
};

/** How many runs may begin within which time (ms). */
export const runBudgets = ({ budgets }: LadderConfig) =>
  [
    { per: 'an hour', ms: hourInMs, runs: budgets.runsPerHour },
    { per: 'a day', ms: 24 * hourInMs, runs: budgets.runsPerDay },
  ] as const;

const overBudget = ({ state, config, now }: Turn): string | null => {
  const over = runBudgets(config).find(({ ms, runs }) => within(state.runs, ms, now).length >= runs);
  return over === undefined ? null : `the budget of ${over.runs} runs ${over.per} is used up`;
};

/** Takes the level whose turn it is; after the last one, settles. */
export const takeStep = (turn: Turn): Turn => {
  const incident = openIncident(turn);
  const name = incident.plan[incident.step];
  const level = turn.config.levels.find((candidate) => candidate.level === name);
  if (level === undefined) return settle(turn);
  const stopped = stopReason(turn);
  if (stopped !== null) return wait(turn, stopped);
  if (level.mode === 'observe') return close(turn, 'observed', `level ${level.level} only observes`);
  if (mayHold(turn) && levelHolds(turn.state, turn.config, level.level))
    return alreadySo(turn, level.level, 'every check of this level passes');
  const atWork = isForcedByPerson(turn) ? null : handReason(turn);
  if (atWork !== null) return wait(turn, atWork);
  if (approvalsMissing(turn, level) > 0) return ask(turn, level);
  const early = notReady(turn);
  return early === null ? onceSeen(turn, (seen) => intend(seen, level)) : wait(turn, early);
};

/** The first level of an attempt is there because its own check fails; a later one, or one of a call, may hold already. */
export const mayHold = (turn: Turn): boolean => openIncident(turn).step > 0 || isCalled(turn.state);

/** The level is passed by, and counts as taken: what it would bring about is so. */
export const alreadySo = (turn: Turn, level: string, reason: string): Turn =>
  takeStep(
    say(turn, {
      type: 'step.ended',
      incident: openIncident(turn).id,
      actKey: null,
      level,
      outcome: 'already-so',
      reason,
      until: turn.now,
    }),
  );

/** How many people must approve a level before it is taken. */
export const approvalsWanted = ({ approvers }: LadderConfig, { mode, drastic }: LevelConfig): number =>
  drastic ? approvers : mode === 'ask' ? 1 : 0;

/** How many have approved a level in this attempt. */
export const approvalsGiven = ({ incident }: LadderState, { level }: Pick<LevelConfig, 'level'>): number =>
  incident?.approvals.filter((approval) => approval.level === level).length ?? 0;

/** How many approvals a level still wants in this attempt. */
export const approvalsMissing = ({ state, config }: Turn, level: LevelConfig): number =>
  Math.max(0, approvalsWanted(config, level) - approvalsGiven(state, level));

/** Puts the plan to people, with what is about to be done, and waits for their answer. */
const ask = (turn: Turn, level: LevelConfig): Turn => {
  const intent = intentFor(turn, level);
  if ('refused' in intent || 'already' in intent) return notIntended(turn, level, intent);
  const { poll, askFor } = turn.config;
  const asked = { plan: describeIntent(intent), needs: approvalsMissing(turn, level), until: after(turn.now, askFor) };
  const incident = openIncident(turn).id;
  const asking = say(turn, { type: 'incident.asking', incident, level: level.level, ...asked });
  return wakeIn(asking, Math.min(poll, askFor));
};

/** Nobody has answered yet: what is asked for may no longer be needed, and is not asked for ever. */
export const stillAsking = (turn: Turn): Turn => {
  const { phase, forced } = openIncident(turn);
  if (phase.name !== 'asking') return turn;
  const adopted = adoption(turn);
  if (adopted !== null) return wait(turn, adopted);
  if (!forced && allPass(turn.state, turn.config)) return settle(turn);
  if (turn.now >= phase.until) return handOver(turn, `nobody approved level ${phase.level} in time`);
  if (asksForMore(turn)) return startAttempt(turn, 'a check asks for a more drastic level');
  return wakeIn(turn, Math.min(turn.config.poll, msBetween(turn.now, phase.until)));
};

/** Says what is about to be done. Nothing is done here: take-step follows the trail. */
const intend = (turn: Turn, level: LevelConfig): Turn => {
  const incident = openIncident(turn);
  const intent = intentFor(turn, level);
  if ('refused' in intent || 'already' in intent) return notIntended(turn, level, intent);
  return wakeIn(say(turn, { type: 'step.intended', incident: incident.id, intent }), turn.config.poll);
};

/** A first level that has nothing to act on cannot help its own check: a person is called. */
const notIntended = (turn: Turn, level: LevelConfig, why: { refused: string } | { already: string }): Turn => {
  if ('refused' in why) return handOver(turn, why.refused);
  return mayHold(turn) ? alreadySo(turn, level.level, why.already) : handOver(turn, why.already);
};

/** A step that never began is intended again, under a new key; nothing was done under the old one. */
export const intendAgain = (turn: Turn, reason: string): Turn => {
  const incident = openIncident(turn);
  const level = turn.config.levels.find(({ level: name }) => name === incident.plan[incident.step]);
  if (level === undefined || incident.retries >= retriesAtMost) return endStep(turn, 'failed', reason);
  return intend(turn, level);
};

/** Ends the step under way. Done: its quiescence begins. Failed: a new attempt. Unknown: a person. */
export const endStep = (
  turn: Turn,
  outcome: Exclude<StepOutcome, 'already-so'>,
  reason: string,
  became?: string[],
): Turn => {
  const incident = openIncident(turn);
  if (incident.phase.name !== 'acting') return turn;
  const { intent } = incident.phase;
  const quiescence = quietFor(turn.state, turn.config, intent.level);
  const until = after(turn.now, outcome === 'done' ? quiescence : 0);
  const { actKey, level } = intent;
  const ended = say(turn, {
    type: 'step.ended',
    incident: incident.id,
    actKey,
    level,
    outcome,
    reason,
    until,
    ...(became !== undefined && { became }),
  });
  if (outcome === 'unknown') return handOver(ended, `the outcome of ${intent.action} is unknown: ${reason}`);
  if (outcome === 'failed') return startAttempt(ended, `${intent.action} failed: ${reason}`);
  const quiet = wakeIn(ended, quiescence);
  if (intent.action !== 'redeploy' || intent.forCause === null) return quiet;
  return say(quiet, { type: 'release.quarantined', incident: incident.id, ...intent.forCause });
};

/** A step's quiescence is over: climb from a more drastic level if one is asked for now, else go on. */
export const afterStep = (turn: Turn): Turn => {
  if (asksForMore(turn)) return startAttempt(turn, 'a check asks for a more drastic level');
  return takeStep(turn);
};

/** Whether a check fails now that wants a more drastic level than the attempt started from. */
const asksForMore = (turn: Turn): boolean => {
  const asked = mostDrastic(turn.state, turn.config);
  const [first] = openIncident(turn).plan;
  return asked !== null && asked < turn.config.levels.findIndex(({ level }) => level === first);
};

export const settle = (turn: Turn): Turn => {
  const until = after(turn.now, turn.config.settle);
  const settling = say(turn, { type: 'incident.settling', incident: openIncident(turn).id, until });
  return wakeIn(settling, turn.config.settle);
};
