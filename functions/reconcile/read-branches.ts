import { arnIn } from '../../shared/event/arn.ts';
import { branchEvent, untold } from '../../shared/reconcile/branches.ts';
import { branchGap } from '../../shared/reconcile/gap.ts';
import { type BranchProgress, settledMoves } from '../../shared/reconcile/progress.ts';
import type { Entry, Instant } from '../../shared/trail/entry.ts';
import type { Branches } from '../support/branches.ts';
import type { Batch, Run } from './batch.ts';

export type BranchPorts = {
  branches: Branches;
  /** entries about a subject that were put on record since, oldest first */
  about: (subject: string, since: Instant) => Promise<Entry[]>;
  now: () => Instant;
};

/** Looks where the branches of a repository are. The first look says nothing: where they were before nobody can say. */
export async function* readBranches(
  { branches, about, now }: BranchPorts,
  repository: string,
  before: BranchProgress | null,
  { place }: Run,
): AsyncGenerator<Batch<BranchProgress>> {
  const at = now(); // before the look: what moves during it, and is told then, counts as told since
  const heads = await branches.heads(repository);
  if (heads === null) return;
  if (before === null) return yield { rereads: [], gaps: [], progress: { heads, at, seen: heads, seenAt: at } };
  const { moves, progress } = settledMoves(before, heads, at);
  const entries = moves.length === 0 ? [] : await about(arnIn(place, 'codecommit', repository), before.at);
  const missed = moves.flatMap((move) => untold(repository, move, entries) ?? []);
  yield {
    rereads: missed.map(({ move }) => branchEvent(repository, move, before.at, place)),
    gaps: missed
      .filter(({ byCall }) => !byCall)
      .map(({ move }) => branchGap(repository, move, before.at, before.seenAt)),
    progress,
  };
}
