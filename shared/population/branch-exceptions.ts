import { ancestryOf } from './ancestry.ts';
import { sorted } from './change-rows.ts';
import type { ExceptionRow } from './exception-rows.ts';
import type { Move } from './facts.ts';
import { byTime, type Known, pullOf, releasedBranches } from './known.ts';
import { whoIs } from './who.ts';

/** What happened on the branches that releases come from. */
export type Branches = {
  exceptions: ExceptionRow[];
  /** moves of these branches from one commit to another, and of how many it cannot be said whether they were forced */
  moves: number;
  unknown: number;
};

export const branchExceptions = (known: Known): Branches => {
  const all: Branches = { exceptions: [], moves: 0, unknown: 0 };
  for (const branch of releasedBranches(known)) {
    const moves = (known.population.moves.get(branch) ?? []).toSorted(byTime);
    moves.forEach((move, index) => {
      if (move.to === null) all.exceptions.push(deleted(move, moves[index + 1] ?? null));
      else noteMove(known, all, move, move.to);
    });
  }
  return all;
};

const noteMove = (known: Known, all: Branches, move: Move, to: string): void => {
  if (pullOf(known, move.repository, to, move.ref) === null) all.exceptions.push(directPush(move));
  if (move.old === null) return;
  all.moves += 1;
  const ancestry = ancestryOf(known.population, move.repository, move.old, to);
  if (ancestry === 'unknown') all.unknown += 1;
  if (ancestry === 'forced') all.exceptions.push(forced(move));
};

const ofMove = ({ seq, at, by, repository, to }: Move) => ({
  at,
  who: whoIs(by),
  environment: null,
  service: null,
  repository,
  release: null,
  commit: to,
  entries: [seq],
});

const nameOf = ({ ref }: Move): string => ref.replace('refs/heads/', '');

const directPush = (move: Move): ExceptionRow => ({
  kind: 'direct-push',
  ...ofMove(move),
  what: `${nameOf(move)} ${move.old === null ? 'was made at' : `was moved from ${move.old} to`} ${move.to}`,
  why: 'releases come from this branch, and no pull request that was merged into it is among the entries for this commit',
});

const forced = (move: Move): ExceptionRow => ({
  kind: 'force-push',
  ...ofMove(move),
  what: `${nameOf(move)} was moved from ${move.old} to ${move.to}`,
  why: 'the new commit does not descend from the old one: commits that were there are no longer',
});

const deleted = (move: Move, next: Move | null): ExceptionRow => {
  const again = next?.to == null ? '' : ` and made again at ${next.to}`;
  const row = ofMove(move);
  return {
    kind: 'force-push',
    ...row,
    commit: move.old,
    what: `${nameOf(move)}${move.old === null ? '' : `, which stood at ${move.old},`} was deleted${again}`,
    why: 'releases come from this branch; nothing ties what comes after to what was there before',
    entries: sorted([...row.entries, ...(again === '' || next === null ? [] : [next.seq])]),
  };
};
