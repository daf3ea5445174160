import { present, text } from '../event/fields.ts';
import { pushedBy } from '../question/things.ts';
import type { Entry, Instant } from '../trail/entry.ts';
import type { Place, Reread } from './reread.ts';

/** Where a branch is, and where it was when it was looked at, or told of, last; null where it was not there. */
export type BranchMove = { branch: string; old: string | null; commit: string | null };

/** Branches by name, and the commit that each is at. */
export type Heads = { [branch: string]: string };

/** What moved between two looks, by name. A branch that went away and came back in between has not moved. */
export const movesBetween = (before: Heads, now: Heads): BranchMove[] =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .toSorted()
    .map((branch) => ({ branch, old: headOf(before, branch), commit: headOf(now, branch) }))
    .filter(({ old, commit }) => old !== commit);

/** Where a branch is; null where it is not there. */
export const headOf = (heads: Heads, branch: string): string | null =>
  Object.hasOwn(heads, branch) ? (heads[branch] ?? null) : null;

/**
 * The event that CodeCommit sends of a branch that moved. Who moved it, when, and in how many steps nothing says: its
 * time is the last at which it was known to be where it was, so that it comes before all that followed from it.
 */
export const branchEvent = (
  repository: string,
  { branch, old, commit }: BranchMove,
  since: Instant,
  place: Place,
): Reread => ({
  at: since,
  by: 'codecommit:GetBranch',
  event: {
    version: '0',
    'detail-type': 'CodeCommit Repository State Change',
    source: 'aws.codecommit',
    ...place,
    time: since,
    resources: [],
    detail: {
      event: commit === null ? 'referenceDeleted' : old === null ? 'referenceCreated' : 'referenceUpdated',
      repositoryName: repository,
      referenceType: 'branch',
      referenceName: branch,
      referenceFullName: `refs/heads/${branch}`,
      ...present({ commitId: commit, oldCommitId: old }),
    },
  },
});

/**
 * What of a move no event told. A move of which only the beginning was told goes on from there.
 *
 * @param entries of the repository, on record since the branch was known to be at `old`, in the order of the lane
 * @returns null where the branch is where the record says; `byCall` whether a call on record says who put it there
 */
export const untold = (
  repository: string,
  move: BranchMove,
  entries: Entry[],
): { move: BranchMove; byCall: boolean } | null => {
  const ref = `refs/heads/${move.branch}`;
  const told = entries.findLast((one) => one.kind.startsWith('reference.') && text(one.detail, 'ref') === ref);
  const old = told === undefined ? move.old : text(told.detail, 'new');
  if (old === move.commit) return null;
  const byCall = entries
    .flatMap(pushedBy)
    .some((one) => one.repository === repository && one.ref === ref && one.commit === move.commit);
  return { move: { ...move, old }, byCall };
};
