import { commitKey, type Population } from './facts.ts';

/** Commits looked at for one move of a branch, at most; the first look finds nearly every move that only went on. */
const firstLook = 100;
const secondLook = 1_000;

/** Whether a branch only went on, or lost commits; often the entries do not hold enough to say. */
export type Ancestry = 'went-on' | 'forced' | 'unknown';

type ParentsOf = (commit: string) => readonly string[] | null;

/**
 * Says whether `old` is an ancestor of `to`, from the parents that `commit.described` entries name. `forced` only where
 * it is certain: every line back from `to` ends at a beginning of history, or at what `old` itself descends from.
 */
export const ancestryOf = (population: Population, repository: string, old: string, to: string): Ancestry => {
  const parentsOf: ParentsOf = (commit) => population.commits.get(commitKey(repository, commit))?.parents ?? null;
  const first = lookBack(parentsOf, to, old, new Set());
  if (first !== 'unknown') return first;
  return lookBack(parentsOf, to, old, ancestorsOf(parentsOf, old), secondLook);
};

/**
 * Goes back from a commit until it meets another.
 * @param ends ancestors of the one that is looked for: what leads to one of them cannot lead to it
 * @param atMost after so many commits nobody can say
 */
export const lookBack = (
  parentsOf: ParentsOf,
  from: string,
  wanted: string,
  ends: ReadonlySet<string>,
  atMost = firstLook,
): Ancestry => {
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
