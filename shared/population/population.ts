import type { TrailRecord } from '../trail/entry.ts';
import { branchExceptions } from './branch-exceptions.ts';
import { type ChangeRow, changeRow, tell } from './change-rows.ts';
import {
  type ExceptionKind,
  exceptionKinds,
  type ExceptionRow,
  outsideExceptions,
  quarantineException,
  releaseExceptions,
  rollbackException,
} from './exception-rows.ts';
import { newPopulation, type Population } from './facts.ts';
import { knownOf } from './known.ts';
import { type Outcome, outcomes, servingOf } from './serving.ts';
import { take } from './take.ts';

export { newPopulation, type Population } from './facts.ts';
export { take } from './take.ts';

/** What the tables add up to, to be held against the entries themselves. */
export type Totals = {
  /** how many entries were read, and the `seq` of the first and the last; null where there were none */
  entries: { count: number; first: number | null; last: number | null };
  /** `release.reached` entries: as many as rows */
  releases: number;
  byRollback: number;
  outcomes: { [outcome in Outcome]: number };
  exceptions: { [kind in ExceptionKind]: number };
  /** moves of branches that releases come from; of `unknown` it cannot be said whether they were forced */
  branchMoves: { count: number; unknown: number };
};

export type Tables = { changes: ChangeRow[]; exceptions: ExceptionRow[]; totals: Totals };

/** Makes the tables of what was taken. Nothing may be taken afterwards. */
export const finish = (population: Population): Tables => {
  const known = knownOf(population);
  const { served, rollbacks } = servingOf(population);
  const told = served.map((one) => tell(known, one));
  const branches = branchExceptions(known);
  const changes = told.map((one) => changeRow(known, one));
  const exceptions = [
    ...told.flatMap(releaseExceptions),
    ...branches.exceptions,
    ...outsideExceptions(population),
    ...rollbacks.map(rollbackException),
    ...population.quarantined.map(quarantineException),
  ].toSorted((a, b) => (a.entries.at(-1) ?? 0) - (b.entries.at(-1) ?? 0));
  const branchMoves = { count: branches.moves, unknown: branches.unknown };
  return { changes, exceptions, totals: { entries: population.entries, branchMoves, ...sums(changes, exceptions) } };
};

const sums = (changes: ChangeRow[], exceptions: ExceptionRow[]) => ({
  releases: changes.length,
  byRollback: changes.filter(({ byRollback }) => byRollback).length,
  outcomes: countedBy(
    outcomes,
    changes.map(({ outcome }) => outcome),
  ),
  exceptions: countedBy(
    exceptionKinds,
    exceptions.map(({ kind }) => kind),
  ),
});

/** How often each name comes, those that do not come too. */
const countedBy = <Name extends string>(names: readonly Name[], found: Name[]): { [name in Name]: number } => {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as { [name in Name]: number };
  for (const name of found) counts[name] += 1;
  return counts;
};

/**
 * The population of a part of the trail: a row for each release and environment, and what an audit asks about first.
 *
 * @param entries oldest first; what was said before them is not known
 */
export const populationOf = (entries: Iterable<TrailRecord>): Tables => {
  const population = newPopulation();
  for (const record of entries) take(population, record);
  return finish(population);
};
