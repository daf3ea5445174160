import { type Effort, spend } from './effort.ts';
import type { Element, Found } from './fields.ts';

/** What one field of a combination may be: values that are as asked, all its values, and whether none will do. */
export type Asked = { hits: readonly Found[]; all: readonly Found[]; absent: boolean };

/** The elements that have been chosen, at most one of a list. */
type Chosen = readonly Element[];

/**
 * Whether a combination holds when values stand in lists: what is asked of several fields must hold within one
 * element of every list they share. The fields are gone through in the order of their names, as EventBridge's own
 * matcher does, and that shows where absence is asked: a field counts as absent when none of its values stands in
 * the elements chosen so far.
 *
 * All ways to choose are followed at once, a step a field; two that differ only in lists no later field is in are
 * one. So the work grows with the values, not with the ways to combine them.
 *
 * @param asked in the order of the fields' names
 */
export const holdTogether = (asked: readonly Asked[], effort: Effort): boolean => {
  const lastUse = lastUses(asked);
  let ways = new Map<string, Chosen>([['', []]]);
  for (const [at, one] of asked.entries()) {
    const hits = placed(one.hits);
    const all = one.absent ? placed(one.all) : null;
    const next = new Map<string, Chosen>();
    for (const chosen of ways.values()) {
      if (all !== null && !among(all, chosen, effort).some((found) => join(chosen, found, effort) !== null))
        keep(next, chosen, at, lastUse);
      for (const found of among(hits, chosen, effort)) {
        const joined = join(chosen, found, effort);
        if (joined !== null) keep(next, joined, at, lastUse);
      }
    }
    if (next.size === 0 || effort.left < 0) return false;
    ways = next;
  }
  return true;
};

type LastUse = ReadonlyMap<Element['list'], number>;

const lastUses = (asked: readonly Asked[]): LastUse => {
  const lastUse = new Map<Element['list'], number>();
  for (const [at, { all }] of asked.entries())
    for (const { element } of all) for (const one of upFrom(element)) lastUse.set(one.list, at);
  return lastUse;
};

function* upFrom(element: Element | null): Generator<Element> {
  for (let one = element; one !== null; one = one.within) yield one;
}

const keep = (ways: Map<string, Chosen>, chosen: Chosen, at: number, lastUse: LastUse): void => {
  const needed = chosen.filter(({ list }) => (lastUse.get(list) ?? 0) > at);
  ways.set(needed.map(({ id }) => id).join(' '), needed);
};

/** Values by the elements they stand in. */
type Placed = { all: readonly Found[]; in: Map<Element, Found[]>; lists: Set<Element['list']> };

const placed = (all: readonly Found[]): Placed => {
  const within = new Map<Element, Found[]>();
  for (const found of all)
    for (const element of upFrom(found.element)) {
      const others = within.get(element);
      if (others === undefined) within.set(element, [found]);
      else others.push(found);
    }
  return { all, in: within, lists: new Set([...within.keys()].map(({ list }) => list)) };
};

/** The values that may go with what is chosen: the fewest that any chosen element leaves. */
const among = (values: Placed, chosen: Chosen, effort: Effort): readonly Found[] => {
  let few = values.all;
  for (const element of chosen) {
    if (!values.lists.has(element.list)) continue;
    const here = values.in.get(element) ?? [];
    if (here.length < few.length) few = here;
  }
  return spend(effort, few.length + 1) ? few : [];
};

/** What is chosen with a value more, or null where the value stands in another element of a list. */
const join = (chosen: Chosen, { element }: Found, effort: Effort): Chosen | null => {
  let joined = chosen;
  for (const one of upFrom(element)) {
    const other = chosen.find(({ list }) => list === one.list);
    if (!spend(effort, chosen.length + 1) || (other !== undefined && other !== one)) return null;
    if (other === undefined) joined = [...joined, one];
  }
  return joined;
};
