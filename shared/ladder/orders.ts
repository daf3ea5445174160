import { handReason } from './by-hand.ts';
import { adoption } from './adopted.ts';
import { failing, noteReadings } from './checks.ts';
import { handIn } from './hands.ts';
import type { Input, Order } from './input.ts';
import { orderQuarantine, quarantineRefused } from './quarantine.ts';
import { approvalsMissing, attemptFrom, stopReason, takeStep } from './steps.ts';
import { incidentId, msBetween, openIncident, say, type Turn } from './turn.ts';
import { whoItWas } from '../trail/actor-name.ts';
import { idOf } from './who.ts';
import { inUtc } from '../trail/in-utc.ts';

type Given = Extract<Input, { type: 'order' }>;
type Who = Given['who'];

/** Does what a person said, or says why not: an order that is refused is on record with its reason too. */
export const onOrder = (turn: Turn, given: Given): Turn => {
  const { order, seq, who } = given;
  const reason = refusalOf(turn, given);
  if (reason === null) return carryOut(turn, given);
  return say(turn, { type: 'order.refused', order: seq, asked: order.name, who, reason });
};

const refusalOf = (turn: Turn, { order, who, why }: Given): string | null => {
  if (why.trim() === '') return 'an order says why';
  switch (order.name) {
    case 'hold':
      return turn.state.stop?.by === 'hold' ? `it is ${stopReason(turn)}` : null;
    case 'claim':
      return claimRefused(turn, order.until, who);
    case 'resume':
      return isFree(turn) ? 'nothing is held here' : null;
    case 'approve':
      return approvalRefused(turn, order, who);
    case 'force':
    case 'converge':
      return forceRefused(turn, order.level, who);
    case 'quarantine':
    case 'release':
      return quarantineRefused(turn, order);
  }
};

/** Whoever takes it over for longer than this has forgotten it, or means a hold. */
const claimAtMostMs = 7 * 86_400_000;

/** A hold beats everything; somebody else's claim is theirs until it is over. */
const claimRefused = (turn: Turn, until: string, who: Who): string | null => {
  const { stop } = turn.state;
  if (until <= turn.now) return 'it would be over already';
  if (msBetween(turn.now, until) > claimAtMostMs) return 'a claim lasts 7 days at most: hold it instead';
  if (stop === null) return null;
  return stop.by === 'hold' || idOf(stop.who) !== idOf(who) ? `it is ${stopReason(turn)}` : null;
};

const approvalRefused = (
  turn: Turn,
  { incident, level: asked }: Extract<Order, { name: 'approve' }>,
  who: Who,
): string | null => {
  const open = turn.state.incident;
  if (open?.id !== incident || open.phase.name !== 'asking') return `${incident} asks for no approval`;
  const { level: name, until } = open.phase;
  if (asked !== undefined && asked !== name) return `it asks for level ${name}, no longer for ${JSON.stringify(asked)}`;
  if (turn.now >= until) return `it was asked for until ${inUtc(until)}`;
  if (idOf(who) === null) return 'it is not known who approves';
  if (open.approvals.some((given) => given.level === name && idOf(given.who) === idOf(who)))
    return `${whoItWas(who)} approved it already`;
  const isDrastic = turn.config.levels.find(({ level }) => level === name)?.drastic === true;
  const hand = isDrastic ? handIn(turn, who) : null;
  return hand === null ? null : `${hand}: somebody else must approve`;
};

const forceRefused = (turn: Turn, name: string, who: Who): string | null => {
  const level = turn.config.levels.find((one) => one.level === name);
  const known = turn.config.levels.map((one) => one.level).join(', ');
  if (level === undefined) return `there is no level ${JSON.stringify(name)}; there are ${known}`;
  if (level.mode === 'observe') return `level ${name} only observes`;
  const adopted = adoption(turn);
  if (adopted !== null) return `it is ${adopted}`;
  const { stop } = turn.state;
  const isOwn = stop?.by === 'claim' && idOf(stop.who) === idOf(who);
  if (stop !== null && !isOwn) return `it is ${stopReason(turn)}`;
  const phase = turn.state.incident?.phase;
  if (phase?.name === 'acting') return 'a step is under way';
  const isQuiet = phase?.name === 'quiescing' || phase?.name === 'quiet';
  return isQuiet && turn.now < phase.until
    ? `nothing is done in a quiescence: this one is over at ${inUtc(phase.until)}`
    : null;
};

const carryOut = (turn: Turn, given: Given): Turn => {
  const { seq, order, who, why } = given;
  switch (order.name) {
    case 'hold':
      return say(turn, { type: 'ladder.stopped', by: 'hold', order: seq, who, why, until: null });
    case 'claim':
      return say(turn, { type: 'ladder.stopped', by: 'claim', order: seq, who, why, until: order.until });
    case 'resume':
      return resume(turn, given);
    case 'approve':
      return approve(turn, given);
    case 'force':
    case 'converge':
      return force(turn, order.level, given);
    case 'quarantine':
    case 'release':
      return orderQuarantine(turn, order, given);
  }
};

const isFree = (turn: Turn): boolean => {
  const { stop, hold, circuit } = turn.state;
  return stop === null && hold === null && !circuit.open && handReason(turn) === null;
};

/** What a person held goes on, and so does what a hand-over left held, or too many runs that did not converge. */
const resume = (turn: Turn, { seq, who, why }: Given): Turn => {
  const resumed = say(turn, { type: 'ladder.resumed', order: seq, who, why });
  const freed =
    turn.state.hold === null
      ? resumed
      : say(resumed, { type: 'ladder.freed', reason: `resumed by ${whoItWas(who)}: ${why}` });
  return turn.state.circuit.open ? say(freed, { type: 'circuit.closed', order: seq, who, why }) : freed;
};

const approve = (turn: Turn, given: Given): Turn => {
  const { phase } = openIncident(turn);
  const level = turn.config.levels.find((one) => phase.name === 'asking' && one.level === phase.level);
  if (level === undefined) return turn;
  const approved = approvedBy(turn, level.level, given);
  return approvalsMissing(approved, level) > 0 ? approved : takeStep(approved);
};

const approvedBy = (turn: Turn, level: string, { seq, who, why }: Given): Turn =>
  say(turn, { type: 'step.approved', incident: openIncident(turn).id, level, order: seq, who, why });

/** A person chooses the level. That is an approval of it too, where they are one who may give it. */
const force = (turn: Turn, name: string, given: Given): Turn => {
  const read = noteReadings(isFree(turn) ? turn : resume(turn, given));
  const engaged = read.state.incident === null ? open(read) : read;
  const from = turn.config.levels.findIndex(({ level }) => level === name);
  const asked = given.order.name === 'converge' ? 'to be converged' : 'forced';
  const reason = `${asked} by ${whoItWas(given.who)}: ${given.why}`;
  const attempt = openIncident(engaged).attempt + 1;
  const started = attemptFrom(engaged, from, { attempt, forced: true, reason });
  const mayApprove = turn.config.levels[from]?.drastic !== true || handIn(turn, given.who) === null;
  return takeStep(mayApprove ? approvedBy(started, name, given) : started);
};

const open = (turn: Turn): Turn => {
  const names = failing(turn.state, turn.config).map(({ name }) => name);
  const incident = incidentId(turn);
  return say(turn, { type: 'incident.opened', incident, failing: names, suspect: null, until: turn.now });
};
