import { type Config, type LadderConfig, laddersOf } from '../config/config.ts';
import { text } from '../event/fields.ts';
import type { Actor, Entry, Instant } from '../trail/entry.ts';
import { whoItWas } from '../trail/actor-name.ts';
import { grantsOf, seesOf } from './actions.ts';
import type { Passed, Resource } from './actions/action.ts';
import type { Input } from './input.ts';
import type { LadderState } from './state.ts';
import { after, msBetween, say, type Turn } from './turn.ts';
import { inUtc } from '../trail/in-utc.ts';

/** Somebody's call that changed what a ladder acts on, not through the pipeline: two who work on one thing undo each other. */
export type Written = { who: Actor; call: string; target: string; at: Instant };

type WrittenInput = Extract<Input, { type: 'written' }>;

/** A script that changes something again and again is not told each time: this often is enough. */
const notedEveryMs = 10_000;

/**
 * The ladders that a call was made behind the back of: an AWS call that succeeded and changed something, on what a level
 * of the ladder would change too (the resources that its action is granted), by a person or in a role. Not what CodePipeline
 * is called for, since that is the pipeline; nor what an AWS service or a build did in somebody's name, nor we ourselves.
 * @param own the roles that Escalator itself acts in
 */
export const writtenInputs = (entry: Entry, config: Config, own: readonly string[], at: Instant) => {
  if (!isByHand(entry, own)) return [];
  const call = text(entry.detail, 'call') ?? 'something';
  const input: Input = { type: 'written', seq: entry.seq, who: entry.actor, call, target: entry.subject, at };
  return laddersOf(config)
    .filter((ladder) => isTargetOf(ladder, entry.subject))
    .map((service) => ({ service, input }));
};

/**
 * Whether somebody called an AWS API by hand, or in a role that is not one of ours, and changed something.
 * @param own the roles that Escalator itself acts in
 */
export const isByHand = ({ kind, source, actor, detail }: Entry, own: readonly string[]): boolean => {
  if (kind !== 'call' || !source.name.startsWith('aws.') || detail['readOnly'] === true) return false;
  // A service that calls in somebody's name says so; the console is how people call.
  const invokedBy = text(detail, 'invokedBy');
  if (invokedBy !== null && invokedBy !== 'signin.amazonaws.com') return false;
  if (actor.type === 'person') return true;
  return actor.type === 'role-session' && !own.includes(actor.role) && !actor.session.startsWith('AWSCodeBuild-');
};

/**
 * What the levels of a ladder would change, but for the pipeline itself. Where AWS cannot grant a change on one thing alone,
 * the thing is the one that is looked at.
 */
const targetsOf = (ladder: LadderConfig): Resource[] =>
  ladder.levels
    .flatMap((level) => [...grantsOf(level.do, ladder), ...seesOf(level.do, ladder)])
    .flatMap(({ on }): (Resource | Passed)[] => (on === '*' ? [] : on))
    .filter((on): on is Resource => !('arn' in on) && on.service !== 'codepipeline');

/** Whether an ARN names what a ladder acts on, or a part of it. */
export const isTargetOf = (ladder: LadderConfig, arn: string): boolean =>
  targetsOf(ladder).some((target) => isOn(arn, target));

/** Whether an ARN names a resource, what it is part of, or a part of it: an alias is its function's. */
const isOn = (arn: string, { service, name }: Resource): boolean => {
  const [, , called, , , ...rest] = arn.split(':');
  const subject = rest.join(':');
  return called === service && (subject === name || isPart(subject, name) || isPart(name, subject));
};

const isPart = (part: string, whole: string): boolean => [':', '/'].some((mark) => part.startsWith(whole + mark));

/** Takes note of it, where it is not over already. */
export const onWritten = (turn: Turn, { who, call, target, at }: WrittenInput): Turn => {
  const known = turn.state.written;
  if (msBetween(at, turn.now) >= turn.config.handsOff) return turn;
  if (known !== null && msBetween(known.at, at) < notedEveryMs) return turn;
  return say(turn, { type: 'target.written', who, call, target, at });
};

/** Until when a ladder keeps its hands off what somebody is at work on; null where nobody is. */
export const handsOffUntil = (
  { written }: Pick<LadderState, 'written'>,
  { handsOff }: Pick<LadderConfig, 'handsOff'>,
  now: Instant,
): Instant | null => {
  const until = written === null ? null : after(written.at, handsOff);
  return until !== null && now < until ? until : null;
};

/** Why nothing is begun now, in words; null where nobody is at work. */
export const handReason = ({ state, config, now }: Pick<Turn, 'state' | 'config' | 'now'>): string | null => {
  const until = handsOffUntil(state, config, now);
  return until === null || state.written === null
    ? null
    : `${saysWritten(state.written)}; nothing is begun until ${inUtc(until)}`;
};

/** `ada called UpdateAutoScalingGroup on shop-asg, not through the pipeline` */
export const saysWritten = ({ who, call, target }: Written): string =>
  `${whoItWas(who)} called ${call} on ${target.split(/[:/]/).at(-1)}, not through the pipeline`;
