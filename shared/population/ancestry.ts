import { commitKey, type Population } from './facts.ts';

/** Commits looked at for one move of a branch, at most; the first look finds nearly every move that only went on. */
const firstLook = 100;
const secondLook = 1_000;

/** Whether a branch only went on, or lost commits; often the entries do not hold enough to say. */
export type Ancestry = 'went-on' | 'forced' | 'unknown';

type ParentsOf = (commit: string) => string[] | null;

/**
 * Says whether `old` is an ancestor of `to`, from the parents that `commit.described` entries name. `forced` only where
 * it is certain: every line back from `to` ends at a beginning of history, or at what `old` itself descends from.
 */
export const ancestryOf = (population: Population, repository: string, old: string, to: string): Ancestry => {
  const parentsOf: ParentsOf = (commit) => population.commits.get(commitKey(repository, commit))?.parents ?? null;
  const first = look(parentsOf, to, old, new Set(), firstLook);
  if (first !== 'unknown') return first;
  return look(parentsOf, to, old, ancestorsOf(parentsOf, old), secondLook);
};

/** Goes back from a commit until it meets another. What descends from an ancestor's side cannot lead to it again. */
const look = (parentsOf: ParentsOf, from: string, wanted: string, ends: Set<string>, atMost: number): Ancestry => {
  const seen = new Set([from]);
  let isOpen = false;
  for (const commit of seen) {
    if (commit === wanted) return 'went-on';
    if (ends.has(commit)) continue;
    const parents = seen.size > atMost ? null : parentsOf(commit);
    if (parents === null) isOpen = true;
    for (const parent of parents ?? []) seen.add(parent);
  }
  return isOpen ? 'unknown' : 'forced';
};

/** What a commit descends from, without itself, as far as it is known. */
const ancestorsOf = (parentsOf: ParentsOf, commit: string): Set<string> => {
  const found = new Set(parentsOf(commit));
  for (const ancestor of found) {
    if (found.size > secondLook) break;
    for (const parent of parentsOf(ancestor) ?? []) found.add(parent);
  }
  return found;
};
