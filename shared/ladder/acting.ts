import { isForcedByPerson } from './adopted.ts';
import { sharedCause } from './cause.ts';
import { handReason } from './by-hand.ts';
import type { LadderEvent } from './events.ts';
import type { ActResult, Input } from './input.ts';
import type { Known } from './actions/action.ts';
import type { Claim, Intent } from './intents.ts';
import { type ActReadings, limitFor, mayAct } from './may-act.ts';
import { doubtOf } from './metric.ts';
import { overtaken } from './redeploy.ts';
import { refusal } from './releases.ts';
import {
  alreadySo,
  approvalsGiven,
  approvalsMissing,
  endStep,
  handOver,
  intendAgain,
  mayHold,
  onceSeen,
  stopReason,
  wait,
  waitForCause,
} from './steps.ts';
import { openIncident, say, type Turn, wakeIn } from './turn.ts';

/**
 * The last question before an act. A claim is a version of the ladder like any other: whatever the ladder decided
 * before it was seen, and what it decides after it knows that the act is being done.
 */
export const onClaim = (turn: Turn, { actKey, holder, attempt }: Extract<Input, { type: 'claim' }>): Turn => {
  const { incident } = turn.state;
  const { act } = turn.readings;
  if (incident?.phase.name !== 'acting' || incident.phase.claim !== null || act === null) return turn;
  const { intent } = incident.phase;
  if (intent.actKey !== actKey) return turn;
  const stopped = stopReason(turn);
  if (stopped !== null) return wait(turn, stopped);
  const withdrawn = withdrawnBy(turn, intent);
  if (withdrawn !== null) return wait(turn, withdrawn);
  const cause = sharedCause(turn);
  if (cause !== null) return waitForCause(turn, cause);
  const atWork = isForcedByPerson(turn) ? null : handReason(turn);
  if (atWork !== null) return wait(turn, atWork);
  const late = intent.action === 'redeploy' ? overtaken(turn, intent) : null;
  if (late !== null) return wait(turn, late);
  return onceSeen(turn, (seen) => askLast(seen, intent, act, { holder, attempt }));
};

/** What was just read decides it. */
const askLast = (turn: Turn, intent: Intent, act: ActReadings, who: Pick<Claim, 'holder' | 'attempt'>): Turn => {
  const incident = openIncident(turn);
  const isWanted = incident.forced || incident.step > 0;
  const permission = mayAct(intent, act, turn.now, turn.config, knownIn(turn, intent), isWanted, turn.state.checks);
  const doubt = isForcedByPerson(turn) ? null : doubtOf(turn.config, intent.level, act, turn.state.checks);
  switch (permission.may) {
    case 'wait':
      return wait(turn, permission.reason);
    case 'not':
      return handOver(turn, permission.reason);
    case 'already':
      return mayHold(turn) ? alreadySo(turn, intent.level, permission.reason) : handOver(turn, permission.reason);
    case 'act':
      return doubt !== null ? handOver(turn, doubt) : claimed(turn, intent, { ...who, ...targetOf(act) });
  }
};

/** Why a level is not taken as it was intended: the configuration says something else by now. Null where it does not. */
const withdrawnBy = (turn: Turn, { level: name }: Intent): string | null => {
  const level = turn.config.levels.find((one) => one.level === name);
  if (level === undefined) return `level ${name} is not there any more`;
  if (level.mode === 'observe') return `level ${name} only observes by now`;
  return approvalsMissing(turn, level) > 0 ? `level ${name} wants to be approved by now` : null;
};

/** What a claim keeps of what was read: what reading back compares with. */
const targetOf = ({ instances, target }: ActReadings) => ({
  instances: instances ?? [],
  ...(target != null && { target }),
});

const claimed = (turn: Turn, { actKey, level }: Intent, claim: Claim): Turn =>
  say(turn, { type: 'step.claimed', incident: openIncident(turn).id, actKey, level, ...claim });

/** What the ladder knows that no reading says, for the last question. */
const knownIn = ({ state, now, config }: Turn, { level }: Intent): Known => ({
  chosen: approvalsGiven(state, { level }) > 0,
  openedAt: state.incident?.openedAt ?? now,
  refusal: (commit) => refusal(state, commit, now),
  delivered: (commit) => state.releases.some((release) => release.commit === commit),
  limit: limitFor(config, level),
});

/** What take-step found out about an act that was claimed. */
export const onResult = (turn: Turn, actKey: string, result: ActResult): Turn => {
  const incident = turn.state.incident;
  if (incident?.phase.name !== 'acting' || incident.phase.intent.actKey !== actKey) return turn;
  switch (result.outcome) {
    case 'started':
      return wakeIn(say(turn, started(incident.id, actKey, result)), turn.config.poll);
    case 'not-started':
      return intendAgain(turn, result.reason);
    case 'deferred':
      return wait(turn, result.reason);
    case 'refused':
      return handOver(turn, result.reason);
    case 'failed':
    case 'unknown':
      return endStep(turn, result.outcome, result.reason);
  }
};

const started = (incident: string, actKey: string, { execution, instances, operation }: ActResult): LadderEvent => ({
  type: 'step.started',
  incident,
  actKey,
  execution,
  instances,
  ...(operation !== undefined && { operation }),
});

/** Asks after a step under way: the event that should have told may never come. */
export const onOutcome = (turn: Turn): Turn => {
  const { phase } = openIncident(turn);
  if (phase.name !== 'acting') return turn;
  const { outcome } = turn.readings;
  if (outcome?.status === 'done') return endStep(turn, 'done', outcome.reason, outcome.became);
  if (outcome?.status === 'failed') return endStep(turn, 'failed', outcome.reason);
  if (turn.now >= phase.intent.deadline) return endStep(turn, 'unknown', 'its outcome was not known by its deadline');
  return wakeIn(turn, turn.config.poll);
};
