import { cut, text } from '../event/fields.ts';
import { whyOutside } from '../population/outside.ts';
import type { Row } from '../ports.ts';
import { says } from '../story/says.ts';
import { upTo } from '../story/words.ts';
import { isByHand } from '../ladder/by-hand.ts';
import type { Actor, Entry } from '../trail/entry.ts';
import { type How, type Move, movesIn } from './moves.ts';
import { pad } from '../trail/keys.ts';
import { callOf, eventIn, whenOf } from './things.ts';

const hows = new Map<string, How>([
  ['release.reached', 'released'],
  ['target.written', 'by-hand'],
  ['deployment.started', 'deployed'],
  ['service-deployment.started', 'deployed'],
  ['instance-refresh.started', 'deployed'],
  ['stack.started', 'deployed'],
  ['alarm.configured', 'configured'],
  ['configuration.loaded', 'configured'],
  ['instance.launched', 'scaled'],
  ['instance.terminated', 'scaled'],
  ['action.failed', 'failed'],
  ['build.failed', 'failed'],
  ['deployment.failed', 'failed'],
  ['service-deployment.failed', 'failed'],
  ['stack.failed', 'failed'],
]);

/** The move that an entry tells of; null where it tells of none. */
export const moveOf = (entry: Entry): Move | null => {
  const how = hows.get(entry.kind) ?? (isCallByHand(entry) ? 'by-hand' : undefined);
  if (how === undefined) return null;
  const { seq, kind, environment, service, change, execution, release } = entry;
  return {
    seq,
    kind,
    how,
    at: whenOf(entry),
    says: saidOf(entry),
    // What a ladder noted is the ladder's own entry: the hand stands in it.
    by: kind === 'target.written' ? (entry.detail['who'] as unknown as Actor) : entry.actor,
    environment,
    service,
    subject: text(entry.detail, 'target') ?? entry.subject,
    commit: change?.commit ?? null,
    execution,
    release,
    log: text(entry.detail, 'logs') ?? text(entry.detail, 'url'),
  };
};

/** Of a release people ask at once whose it is and what it brings. */
const saidOf = (entry: Entry): string => {
  const [author, subject] = [text(entry.detail, 'release', 'author'), text(entry.detail, 'release', 'subject')];
  if (entry.kind !== 'release.reached' || subject === null) return says(entry);
  return upTo(`${says(entry)}: "${cut(subject, subjectAtMost)}" by ${author ?? 'nobody known'}`);
};

const subjectAtMost = 120;

/** A call by a person; or in a role, where it changes what is served without a pipeline that delivers it. */
const isCallByHand = (entry: Entry): boolean => {
  const call = callOf(entry);
  if (call === null || !isByHand(entry, [])) return false;
  return entry.actor.type === 'person' || whyOutside(call.service, call.name, eventIn(entry)) !== null;
};

/** As many moves as a row holds, the newest: a storm of one kind says no more by being told in full. */
const inRowAtMost = 20;

/** One row for each environment and segment. */
export const moveRows = (segment: number, entries: Entry[]): Row[] => {
  const found = Map.groupBy(
    entries.flatMap((entry) => moveOf(entry) ?? []),
    ({ environment }) => environment,
  );
  return [...found].map(([environment, moves]) => ({
    question: movesIn(environment),
    sort: pad(segment),
    segment,
    body: { moves: moves.slice(-inRowAtMost) },
  }));
};
