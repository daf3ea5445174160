import type { Actor, Instant } from '../trail/entry.ts';
import { findOrPut, type Population, type Quarantined, type Reached } from './facts.ts';

/** What became of a release: it is what was put there last, or another was, or itself again, or it was gone back from. */
export const outcomes = ['running', 'replaced', 'redeployed', 'rolled-back'] as const;
export type Outcome = (typeof outcomes)[number];

export type RolledBack = { at: Instant; why: string; to: string; by: Actor; seqs: number[] };
export type Served = { reached: Reached; outcome: Outcome; rolledBack: RolledBack | null };

/** A going back: from what (null where that is not among the entries), and to what. */
export type Rollback = RolledBack & { from: Reached | null; reached: Reached };

export type Serving = { served: Served[]; rollbacks: Rollback[] };

/** Follows each service in each environment from release to release. */
export const servingOf = (population: Population): Serving => {
  const ladders = new Map<string, Served[]>();
  const serving: Serving = { served: [], rollbacks: [] };
  for (const reached of population.reached) {
    const before = findOrPut(ladders, ladderOf(reached), () => []);
    const rollback = rollbackBy(population, reached, before.at(-1)?.reached ?? null);
    if (rollback !== null) serving.rollbacks.push(rollback);
    leave(before, reached, rollback);
    const served: Served = { reached, outcome: 'running', rolledBack: null };
    before.push(served);
    serving.served.push(served);
  }
  return serving;
};

const ladderOf = ({ environment, service }: Pick<Reached, 'environment' | 'service'>): string =>
  `${environment}\n${service}`;

/** The release whose revisions these are. */
const rootOf = ({ rebuiltFrom, release }: Reached): string => rebuiltFrom ?? release;

/** What ran until now is no longer what runs. */
const leave = (before: Served[], reached: Reached, rollback: Rollback | null): void => {
  const last = before.at(-1);
  if (last === undefined) return;
  if (rollback === null) last.outcome = reached.byRollback ? 'redeployed' : 'replaced';
  else {
    for (const one of before.filter((each) => rootOf(each.reached) === rootOf(last.reached))) {
      one.outcome = 'rolled-back';
      one.rolledBack = rollback;
    }
  }
};

/** Putting the running release there again is no going back. */
const rollbackBy = (population: Population, reached: Reached, from: Reached | null): Rollback | null => {
  if (!reached.byRollback) return null;
  const act = population.acts.get(reached.execution ?? '');
  const intent = act === undefined ? undefined : population.intents.get(act.actKey);
  const isAgain = from === null ? intent?.forCause === false : isSame(reached, from);
  if (isAgain) return null;
  const quarantined = population.quarantined.findLast((one) => from !== null && isOf(one, from));
  const execution = population.executions.get(reached.execution ?? '');
  const by = act === undefined ? (execution?.startedBy ?? { type: 'unknown' as const }) : escalator;
  const receipts = [reached.seq, act?.seq, intent?.seq, quarantined?.seq, ...(execution?.seqs ?? [])];
  return {
    from,
    reached,
    at: reached.at,
    by,
    why: quarantined?.reason ?? intent?.reason ?? 'no reason is on record',
    to: reached.rebuiltFrom ?? reached.commit ?? reached.release,
    seqs: receipts.filter((seq) => seq !== undefined),
  };
};

const escalator: Actor = { type: 'service', name: 'escalator' };

const isSame = (reached: Reached, from: Reached): boolean =>
  rootOf(reached) === rootOf(from) || (reached.commit !== null && reached.commit === from.commit);

const isOf = (quarantined: Quarantined, from: Reached): boolean =>
  ladderOf(quarantined) === ladderOf(from) &&
  (quarantined.release === rootOf(from) || (from.commit !== null && quarantined.commit === from.commit));
