import type { LadderConfig } from '../config/config.ts';
import type { Instant } from '../trail/entry.ts';
import { onClaim, onOutcome, onResult } from './acting.ts';
import { adoption, heed } from './adopted.ts';
import { answerCall } from './answer-call.ts';
import { actionOf } from './actions.ts';
import { alertOf } from './alert.ts';
import {
  anyUnknown,
  failing,
  mostDrastic,
  noteCheck,
  noteReadings,
  noteTold,
  passingSince,
  wereRead,
} from './checks.ts';
import { onWritten } from './by-hand.ts';
import type { LadderEvent } from './events.ts';
import { onPushed } from './hands.ts';
import { onGameday } from './gameday.ts';
import type { Input, Readings } from './input.ts';
import { onOrder } from './orders.ts';
import { recoverRelease } from './recovered.ts';
import { bake, isRecent, isRefused, reachRelease, rootOf, running } from './releases.ts';
import { revise } from './revoked.ts';
import type { LadderState } from './state.ts';
import {
  afterStep,
  attemptFrom,
  close,
  endStep,
  handOver,
  startAttempt,
  stillAsking,
  stopReason,
  takeStep,
  wait,
} from './steps.ts';
import { startVerifying, verify } from './verifying.ts';
import { onEnded, whileCalling } from './while-calling.ts';
import { targetsNow } from './targets.ts';
import { isWithdrawn, withdrawnReason } from './withdrawn.ts';
import { whoItWas } from '../trail/actor-name.ts';
import { after, incidentId, isOfService, msBetween, openIncident, say, type Turn, wakeIn } from './turn.ts';

/** What comes of an input: a named outcome, and what is put on record for it. Nothing to record is an answer too. */
export type Decision = { outcome: string; events: readonly LadderEvent[] };

/** An alarm event older than this triggers nothing itself: the next reading of its source does. */
export const staleAfterMs = 10 * 60_000;

/**
 * Decides one input. Pure: the same state, input, readings, time and configuration give the same bytes.
 * @param now the time the decision is made at, recorded with it
 */
export const decide = (
  state: LadderState,
  input: Input,
  readings: Readings,
  now: Instant,
  config: LadderConfig,
): Decision => {
  const refusal = notTaken(state, input, now);
  if (refusal !== null) return { outcome: refusal, events: [] };
  const before: Turn = { state, said: [], version: state.version + 1, now, config, readings };
  const turn = answerCall(heedTold(take(heed(revise(before)), input), input));
  if (turn.said.length === 0) return { outcome: 'nothing-new', events: [] };
  return { outcome: outcomeOf(turn), events: alertOf(before, turn).said };
};

/** An entry may tell of checks besides. */
const heedTold = (turn: Turn, { told }: Input): Turn =>
  told === undefined ? turn : engage(noteTold(turn, told, staleAfterMs));

const notTaken = (state: LadderState, input: Input, now: Instant): string | null => {
  if ('seq' in input && input.seq <= state.seen) return 'taken-before';
  if (input.type !== 'timer') return null;
  if (state.incident === null || state.timer?.version !== input.version) return 'stale-timer';
  return now < state.timer.due ? 'early-timer' : null;
};

/** The last thing said that is not bookkeeping names the outcome. */
const outcomeOf = (turn: Turn): string =>
  turn.said.findLast(({ type }) => type !== 'timer.set')?.type ?? 'still-running';

const take = (turn: Turn, input: Input): Turn => {
  switch (input.type) {
    case 'alarm':
      return onAlarm(turn, input);
    case 'read':
      return onRead(turn);
    case 'series':
      return engage(noteReadings(turn));
    case 'sourced':
      return onSourced(turn, input);
    case 'stage':
      return onStage(turn, input);
    case 'recovered':
      return isOfService(turn) ? recoverRelease(turn, input) : turn;
    case 'order':
      return obey(turn, input);
    case 'gameday':
      return onGameday(turn, input, decide);
    case 'claim':
      return onClaim(turn, input);
    case 'result':
      return onResult(turn, input.actKey, input.result);
    case 'pushed':
      return onPushed(turn, input);
    case 'written':
      return onWritten(turn, input);
    case 'above':
      return lookAgain(turn);
    case 'below':
      return onEnded(turn);
    case 'skipped':
      return hold(turn, input.reason);
    case 'withdrawn':
      return isWithdrawn(turn.config) && turn.state.incident !== null ? handOver(turn, withdrawnReason) : turn;
    case 'told':
      return turn;
    case 'timer':
      return onTimer(turn);
  }
};

/** An order of a person. What they let go on goes on from what is so now. */
const obey = (turn: Turn, input: Extract<Input, { type: 'order' }>): Turn => {
  const obeyed = onOrder(turn, input);
  return input.order.name === 'resume' && obeyed.state.stop === null ? lookAgain(obeyed) : obeyed;
};

const lookAgain = (turn: Turn): Turn => {
  const read = engage(noteReadings(turn));
  return wereRead(turn.readings) && stopReason(read) === null && read.state.incident?.phase.name === 'waiting'
    ? afterWaiting(read)
    : read;
};

/** A claim is over when its time is, whether or not anybody resumes. */
const expire = (turn: Turn): Turn => {
  const { stop } = turn.state;
  if (stop?.until == null || turn.now < stop.until) return turn;
  const why = `the claim of ${whoItWas(stop.who)} is over`;
  return say(turn, { type: 'ladder.resumed', order: null, who: { type: 'service', name: 'escalator' }, why });
};

/** Doubt about what was taken in: nothing more is done here until all checks have passed for a while. */
const hold = (turn: Turn, reason: string): Turn => {
  if (turn.state.incident !== null) return handOver(turn, reason);
  return turn.state.hold === null ? say(turn, { type: 'ladder.held', reason }) : turn;
};

const onAlarm = (turn: Turn, input: Extract<Input, { type: 'alarm' }>): Turn => {
  if (msBetween(input.at, turn.now) > staleAfterMs) return turn;
  const checks = Object.values(turn.config.checks).filter(({ alarm }) => alarm === input.alarm);
  return engage(checks.reduce((next, check) => noteCheck(next, check, input), turn));
};

/** Level-triggered: what every source says now, whether or not an event told us. */
const onRead = (turn: Turn): Turn => {
  const engaged = engage(noteReadings(expire(turn)));
  // The minute's reading is also when a ladder that was not told of it notices that it is let go.
  const read = turn.said.length > 0 ? lookAgain(engaged) : engaged;
  return free(isOfService(read) ? bake(read, read.config.bake) : read);
};

/** Opens an incident for a failing check, or lets the check join the open one. A held ladder opens nothing. */
const engage = (turn: Turn): Turn => {
  const names = failing(turn.state, turn.config).map(({ name }) => name);
  const { incident, hold } = turn.state;
  if (incident === null) return names.length > 0 && hold === null && adoption(turn) === null ? open(turn, names) : turn;
  return names
    .filter((name) => !incident.failing.includes(name))
    .reduce((next, check) => say(next, { type: 'incident.joined', incident: incident.id, check }), turn);
};

const open = (turn: Turn, names: string[]): Turn => {
  const { quiescence } = turn.config;
  const until = after(turn.now, quiescence);
  const incident = incidentId(turn);
  const targets = targetsNow(turn.state, turn.config);
  const opened = say(turn, {
    type: 'incident.opened',
    incident,
    failing: names,
    suspect: suspectOf(turn, names),
    until,
    ...(targets && { targets }),
  });
  return wakeIn(opened, quiescence);
};

/** The running release is suspect when it went out lately and a failing check passed before it. */
const suspectOf = (turn: Turn, names: string[]): string | null => {
  const current = running(turn.state);
  if (current === null || !isOfService(turn)) return null;
  const root = rootOf(turn.state, current);
  const lately = isRecent(root, turn.now, turn.config);
  return lately && names.some((name) => root.passedBefore.includes(name)) ? root.id : null;
};

const free = (turn: Turn): Turn => {
  const at = freeAt(turn.state, turn.config);
  return at === null || turn.now < at ? turn : say(turn, { type: 'ladder.freed', reason: 'all checks pass' });
};

/**
 * When a ladder that is held frees itself: after a hand-over when all checks passed for a while, after observing when
 * they pass. Null where nothing holds it, or a check does not pass.
 */
export const freeAt = (state: LadderState, config: LadderConfig): Instant | null => {
  const since = state.hold === null ? null : passingSince(state, config);
  return since === null ? null : after(since, state.hold?.freeAfter === 'pause' ? config.freeAfter : 0);
};

const onSourced = (turn: Turn, { execution, commit }: Extract<Input, { type: 'sourced' }>): Turn => {
  if (turn.state.sourced.some((known) => known.execution === execution)) return turn;
  const sourced = turn.readings.sourced ?? { commit, author: null, subject: null, contains: null };
  const noted = say(turn, { type: 'release.sourced', execution, ...sourced });
  if (sourced.contains === null || isRefused(turn.state, commit, turn.now)) return noted;
  const advice = `git revert ${sourced.contains}`;
  return say(noted, { type: 'change.warned', execution, commit, contains: sourced.contains, advice });
};

/** The stage that puts releases here ended for some execution: perhaps ours, perhaps somebody's. */
const onStage = (turn: Turn, input: Extract<Input, { type: 'stage' }>): Turn => {
  const reached = input.outcome === 'succeeded' && isOfService(turn) ? reachRelease(turn, input) : turn;
  const phase = turn.state.incident?.phase;
  if (phase?.name !== 'acting' || phase.execution !== input.execution) return reached;
  if (input.outcome === 'succeeded') return endStep(reached, 'done', 'the stage succeeded');
  const ended = ['failed', 'stopped', 'canceled'].includes(input.outcome) && !actionOf(phase.intent).resumes;
  return ended ? endStep(reached, 'failed', input.reason || `the stage ${input.outcome}`) : reached;
};

const onTimer = (turn: Turn): Turn => {
  const { phase } = openIncident(turn);
  if (phase.name === 'acting') return onOutcome(turn);
  if (!wereRead(turn.readings)) return wait(turn, 'the checks cannot be read');
  const read = engage(noteReadings(expire(turn)));
  switch (phase.name) {
    case 'asking':
      return stillAsking(read);
    case 'quiescing':
      return afterQuiescence(read);
    case 'waiting':
      return afterWaiting(read);
    case 'quiet':
      return afterStep(read);
    case 'calling':
      return whileCalling(read);
    case 'settling':
      return startVerifying(read);
    case 'verifying':
      return verify(read);
  }
};

/** Nothing fails any more: it healed by itself. `unknown` selects no level: it waits. */
const afterQuiescence = (turn: Turn): Turn => {
  if (mostDrastic(turn.state, turn.config) !== null) return startAttempt(turn, 'quiescence is over');
  if (anyUnknown(turn.state, turn.config)) return wait(turn, 'a check cannot be read');
  return close(turn, 'self-healed', 'every check passes again, and nothing was done');
};

/** Looks again: what was waited for may have changed what runs here, so the plan is made anew. */
const afterWaiting = (turn: Turn): Turn => {
  const incident = openIncident(turn);
  if (incident.forced) return forcedAgain(turn);
  if (incident.attempt === 0) return afterQuiescence(turn);
  const isDoubt = mostDrastic(turn.state, turn.config) === null && anyUnknown(turn.state, turn.config);
  if (isDoubt) return wait(turn, 'a check cannot be read');
  // What was begun is gone through with: a new node that passes its check is nothing before it is configured.
  if (incident.step > 0 && incident.steps.at(-1)?.outcome !== 'failed') return afterStep(turn);
  // The same attempt, from its first level: what it waited for is not a failure of the attempt. A step that failed is.
  // Where nothing fails any more, it settles.
  return startAttempt(turn, 'what it waited for is over', incident.step > 0 ? incident.attempt + 1 : incident.attempt);
};

/** What a person chose stays chosen: the same attempt, from the same level. */
const forcedAgain = (turn: Turn): Turn => {
  const { attempt, plan } = openIncident(turn);
  const stopped = stopReason(turn);
  if (stopped !== null) return wait(turn, stopped);
  const from = turn.config.levels.findIndex(({ level }) => level === plan[0]);
  return takeStep(attemptFrom(turn, from, { attempt, forced: true, reason: 'what it waited for is over' }));
};
