import { branchKey, commitKey, findOrPut, type Move, type Population, type Pull, type Reached } from './facts.ts';
import { after } from '../trail/time.ts';

/** What was taken in, sorted so that rows are found in it. */
export type Known = {
  population: Population;
  movesTo: Map<string, Move[]>;
  /** merged pull requests by the commits that came of them */
  merges: Map<string, Pull[]>;
  /** and by where their destination stood */
  mergedOnto: Map<string, Pull>;
};

export const knownOf = (population: Population): Known => {
  const known: Known = { population, movesTo: new Map(), merges: new Map(), mergedOnto: new Map() };
  const moves = [...population.moves.values()].flat().toSorted(byTime);
  for (const move of moves)
    if (move.to !== null) findOrPut(known.movesTo, commitKey(move.repository, move.to), () => []).push(move);
  for (const pull of population.pulls.values()) noteMerge(known, pull);
  return known;
};

/** Oldest first; events of one second in the order in which they came. */
export const byTime = (a: Move, b: Move): number => (a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1);

const noteMerge = (known: Known, pull: Pull): void => {
  const { repository, merged } = pull;
  if (repository === null || merged === null) return;
  for (const commit of new Set([merged.source, merged.commit]))
    if (commit !== null) findOrPut(known.merges, commitKey(repository, commit), () => []).push(pull);
  if (merged.ref !== null && merged.onto !== null)
    known.mergedOnto.set(commitKey(branchKey(repository, merged.ref), merged.onto), pull);
};

/**
 * The merged pull request that a commit came by: it is the last commit of its branch, or what the merge made of it, or
 * has it for a parent, or is where the destination branch went to from where it was merged.
 *
 * @param ref only one that was merged into this branch, where it is given
 */
export const pullOf = (known: Known, repository: string, commit: string, ref: string | null = null): Pull | null => {
  const key = commitKey(repository, commit);
  const parents = known.population.commits.get(key)?.parents ?? [];
  const merged = parents.length > 1 ? parents : [];
  const found = [
    ...(known.merges.get(key) ?? []),
    ...merged.flatMap((parent) => known.merges.get(commitKey(repository, parent)) ?? []),
    ...(known.movesTo.get(key) ?? []).flatMap((move) => mergeBy(known, move) ?? []),
  ];
  return found.find((pull) => ref === null || pull.merged?.ref == null || pull.merged.ref === ref) ?? null;
};

const mergeBy = ({ mergedOnto }: Known, { repository, ref, old }: Move): Pull | undefined =>
  old === null ? undefined : mergedOnto.get(commitKey(branchKey(repository, ref), old));

/** A push and what it starts say their times in whole seconds, by two clocks. */
const slackMs = 5_000;

/** The move of a branch that brought a release's commit on its way: the last one before its execution started. */
export const moveOf = ({ population, movesTo }: Known, reached: Reached): Move | null => {
  if (reached.commit === null || reached.repository === null) return null;
  const moves = movesTo.get(commitKey(reached.repository, reached.commit)) ?? [];
  const execution = population.executions.get(reached.execution ?? '');
  const named = moves.find(({ ref }) => execution?.branch != null && ref === `refs/heads/${execution.branch}`);
  const by = after(execution?.startedAt ?? reached.at, slackMs);
  return named ?? moves.findLast(({ at }) => at <= by) ?? moves[0] ?? null;
};

/** What started an execution that says nothing of a branch. */
const byHand = new Set(['StartPipelineExecution', 'ManualRollback', 'AutomatedRollback']);

/** The branches that releases come from, as far as what was released tells. */
export const releasedBranches = (known: Known): Set<string> => {
  const branches = new Set<string>();
  for (const reached of known.population.reached) {
    const trigger = known.population.executions.get(reached.execution ?? '')?.trigger;
    const move = reached.byRollback || byHand.has(trigger ?? '') ? null : moveOf(known, reached);
    if (move !== null) branches.add(branchKey(move.repository, move.ref));
  }
  return branches;
};
