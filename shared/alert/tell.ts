import type { Instant } from '../trail/entry.ts';
import { after, msBetween } from '../trail/time.ts';
import {
  afterTelling,
  type GroupState,
  isOnlyNews,
  lately,
  nothingOpen,
  refusalOf,
  takeIn,
  type Telling,
} from './group.ts';
import { type Message, messageOf } from './message.ts';
import { type AlertInput, louder, type Severity } from './notice.ts';
import { newsApart, newsDue, pageDue, sooner } from './pace.ts';
import { contactsOf, type Tellers, topicsOf } from './route.ts';
import type { Timing } from './timing.ts';

/** Why something is told now. */
export type ToldFor = 'page' | 'first' | 'news' | 'over' | 'repeated' | 'flapping' | 'escalated';

/** Why nothing is told, or not yet. */
export type KeptFor =
  | 'taken-in-already'
  | 'old-timer'
  | 'nothing-new'
  | 'group-wait'
  | 'group-interval'
  | 'silenced'
  | 'inhibited'
  | 'muted'
  | 'acknowledged'
  | 'over-before-told'
  | 'flapping-still'
  | 'not-open'
  | 'acknowledged-already';

/** What the world says about a group at the time. Fails open: what could not be read silences and inhibits nothing. */
export type AlertReadings = {
  /** the silence that covers the newest of it, and until when; null where there is none */
  silence: { id: string; until: Instant } | null;
  /** the group whose own open incident explains this one */
  inhibitedBy: string | null;
  /** who muted or suppressed the alarms that it is about, in words; null where one fails that nobody did */
  mutedBy: string | null;
};

export const nothingRead: AlertReadings = { silence: null, inhibitedBy: null, mutedBy: null };

/**
 * What follows from an input. `recorded` is false where it changes nothing: the same entry again, a timer that a later
 * version replaced.
 */
export type Decision = {
  outcome: ToldFor | KeptFor;
  recorded: boolean;
  message: Message | null;
  /** when to look again; null where there is nothing to look for */
  due: Instant | null;
};

/**
 * Decides whether people are told, now or later, and why: from the group's state, an input, what was read, and the time.
 * A page and an end wait for nothing but a silence; everything else is gathered, so that an incident is one message.
 */
export const decide = (
  group: string,
  state: GroupState,
  input: AlertInput,
  read: AlertReadings,
  now: Instant,
  tellers: Tellers,
): Decision => {
  if (isTakenIn(state, input)) return { outcome: 'taken-in-already', recorded: false, message: null, due: null };
  if (isOldTimer(state, input)) return { outcome: 'old-timer', recorded: false, message: null, due: null };
  const refusal = input.type === 'acknowledged' ? refusalOf(state, input) : null;
  if (refusal !== null) return keep(refusal, state.timer?.due ?? null);
  const taken = takeIn(state, input, now);
  const readings = { ...read, silence: read.silence !== null && read.silence.until > now ? read.silence : null };
  if (input.type === 'notice' && input.notice.mutedBy !== null) return keep('muted', state.timer?.due ?? null);
  const verdict =
    taken.untold === null
      ? whileKnown(taken, readings, now, tellers)
      : whileUntold({ state: taken, untold: taken.untold, settled: input.type === 'timer' }, readings, now, tellers);
  if ('keep' in verdict) return keep(verdict.keep, verdict.until);
  const message = messageOf({ group, state: taken, why: verdict.tell, to: verdict.to, now });
  const then = evolve(state, { input, now, outcome: verdict.tell, message, due: null, version: state.version + 1 });
  const next = whileKnown(then, nothingRead, now, tellers);
  return { outcome: verdict.tell, recorded: true, message, due: 'keep' in next ? next.until : now };
};

const keep = (outcome: KeptFor, due: Instant | null): Decision => ({ outcome, recorded: true, message: null, due });

const isTakenIn = (state: GroupState, input: AlertInput): boolean => 'seq' in input && input.seq <= state.seen;

const isOldTimer = ({ timer }: GroupState, input: AlertInput): boolean =>
  input.type === 'timer' && timer?.version !== input.version;

type Verdict = { tell: ToldFor; to: string[] } | { keep: KeptFor; until: Instant | null };

type Untold = { state: GroupState; untold: Instant; settled: boolean };

const whileUntold = ({ state, ...since }: Untold, readings: AlertReadings, now: Instant, tellers: Tellers): Verdict => {
  const { told } = state;
  const isOver = state.open.every(({ says }) => says === 'over');
  if (readings.silence !== null)
    return isOver && told === null
      ? overUnknown
      : { keep: 'silenced', until: whileSilenced(readings.silence, now, tellers) };
  if (readings.mutedBy !== null && !isOver) return { keep: 'muted', until: lookAgain(now, tellers) };
  const to = topicsFor(state, tellers);
  if (state.urgent) return onceDue(pageDue(state, now, tellers.timing), now, 'group-interval', { tell: 'page', to });
  const called = told === null || state.acknowledged !== null ? null : nextContact(state, told, tellers);
  if (called !== null && !isOver && now >= called.due) return { tell: 'news', to };
  const verdict = gathered(
    { state, ...since },
    { isOver, isInhibited: readings.inhibitedBy !== null, to },
    now,
    tellers,
  );
  return 'keep' in verdict && called !== null ? { ...verdict, until: soonest(verdict.until, called.due) } : verdict;
};

type Known = { isOver: boolean; isInhibited: boolean; to: string[] };

/** What is no page waits for what belongs to it, and for its time. */
const gathered = (
  { state, untold, settled }: Untold,
  { isOver, isInhibited, to }: Known,
  now: Instant,
  tellers: Tellers,
): Verdict => {
  const { timing } = tellers;
  const { told } = state;
  if (isInhibited && !isOver) return { keep: 'inhibited', until: lookAgain(now, tellers) };
  const flaps = comesAndGoes(state, now, timing);
  if (flaps !== null) return state.flapping ? { keep: 'flapping-still', until: flaps } : { tell: 'flapping', to };
  if (isOver) return told === null && !somethingDone(state) ? overUnknown : { tell: 'over', to };
  return told === null
    ? firstTold({ state, untold }, now, timing, { tell: 'first', to })
    : onceDue(newsDue({ told, untold, now, settled, timing }), now, 'group-interval', { tell: 'news', to });
};

const firstTold = (
  { state, untold }: Pick<Untold, 'state' | 'untold'>,
  now: Instant,
  timing: Timing,
  verdict: Verdict,
): Verdict => {
  const due = after(untold, timing.wait);
  const apart = isOnlyNews(state) ? newsApart(state, timing) : null;
  return apart !== null && apart > due
    ? onceDue(apart, now, 'group-interval', verdict)
    : onceDue(due, now, 'group-wait', verdict);
};

/** Nobody was told that it began, and nobody has to be told that it is over. */
const overUnknown = { keep: 'over-before-told', until: null } as const;

/** A silence may be lifted before its end. */
const whileSilenced = ({ until }: { until: Instant }, now: Instant, tellers: Tellers): Instant =>
  sooner(until, lookAgain(now, tellers));

/** When to ask again what may end at any time; each time is a version, also where nothing waits between messages. */
const lookAgain = (now: Instant, { timing }: Tellers): Instant => after(now, Math.max(timing.interval, soonestAgain));
const soonestAgain = 10_000;

const onceDue = (due: Instant, now: Instant, reason: KeptFor, verdict: Verdict): Verdict =>
  now >= due ? verdict : { keep: reason, until: due };

/** Until when it counts as coming and going; null where it does not. */
const comesAndGoes = (
  { begun, flapping }: GroupState,
  now: Instant,
  { flapping: { times, quiet } }: Timing,
): Instant | null => {
  const last = begun.at(-1);
  if (last === undefined || msBetween(last, now) >= quiet) return null;
  return flapping || lately(begun, now).length >= times ? after(last, quiet) : null;
};

const somethingDone = ({ open }: GroupState): boolean => open.some(({ done }) => done);

/** Everything was told. What goes on is told again, and to others, until somebody says that they know. */
const whileKnown = (
  state: GroupState,
  { silence, mutedBy }: AlertReadings,
  now: Instant,
  tellers: Tellers,
): Verdict => {
  const { told } = state;
  if (told === null) return { keep: 'nothing-new', until: null };
  if (state.acknowledged !== null) return { keep: 'acknowledged', until: null };
  const next = nextContact(state, told, tellers);
  const again = severityOfOpen(state) === 'info' ? null : after(told.at, tellers.timing.repeat);
  const until = next === null ? again : soonest(again, next.due);
  if (until === null || now < until) return { keep: 'nothing-new', until };
  if (silence !== null) return { keep: 'silenced', until: whileSilenced(silence, now, tellers) };
  if (mutedBy !== null) return { keep: 'muted', until: lookAgain(now, tellers) };
  return next !== null && now >= next.due ? { tell: 'escalated', to: [next.to] } : { tell: 'repeated', to: told.to };
};

/** The first contact of those for this alert that a page which nobody acknowledged has not gone to yet. */
const nextContact = ({ newest }: GroupState, { pagedAt, escalated }: Telling, tellers: Tellers) => {
  if (pagedAt === null || newest === null) return null;
  const next = contactsOf(newest, tellers).find(({ to }) => !escalated.includes(to));
  return next === undefined ? null : { to: next.to, due: after(pagedAt, next.after) };
};

/** Whoever was told of a beginning is told of its end. */
const topicsFor = ({ newest, told }: GroupState, tellers: Tellers): string[] => [
  ...new Set([...(told?.to ?? []), ...(newest === null ? [] : topicsOf(newest, tellers))]),
];

const severityOfOpen = ({ open }: GroupState): Severity =>
  open.reduce<Severity>((loudest, { severity }) => louder(loudest, severity), 'info');

const soonest = (one: Instant | null, other: Instant): Instant => (one === null ? other : sooner(one, other));

/** A version, as far as the state needs it. */
export type Version = Pick<Decision, 'outcome' | 'message' | 'due'> & {
  input: AlertInput;
  now: Instant;
  version: number;
};

/** Folds a version into the state. */
export const evolve = (state: GroupState, { input, now, outcome, message, due, version }: Version): GroupState => {
  const taken = { ...takeIn(state, input, now), version, timer: due === null ? null : { version, due } };
  if (outcome === 'over-before-told') return nothingOpen(taken);
  if (message === null) return taken;
  const flapping = outcome === 'flapping' || (taken.flapping && !settles.has(outcome));
  return { ...afterTelling(taken, tellingOf(taken, message, now)), flapping };
};

/** Told as everything else is, it does not come and go any more. */
const settles = new Set<Decision['outcome']>(['first', 'news', 'over']);

const tellingOf = ({ told }: GroupState, message: Message, now: Instant): Telling => {
  const escalated = told?.escalated ?? [];
  return {
    at: now,
    number: message.number,
    severity: message.severity,
    to: [...new Set([...(told?.to ?? []), ...message.to])],
    pagedAt: message.severity === 'page' ? (told?.pagedAt ?? now) : (told?.pagedAt ?? null),
    escalated: message.why === 'escalated' ? [...escalated, ...message.to] : escalated,
  };
};
