import type { Trail } from '../../shared/ports.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { addLeaf, type Frontier, nodeHash, rootOf } from '../../shared/trail/merkle.ts';

/** All entries of a lane, oldest first. */
export const laneEntries = async (trail: Pick<Trail, 'since'>): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for (let next = 0; ;) {
    const segments = await trail.since(next, 50);
    if (segments.length === 0) return entries;
    for (const segment of segments) entries.push(...segment.entries);
    next = (segments.at(-1)?.segment ?? 0) + 1;
  }
};

/** What is wrong with a lane, or null: a gap, a broken chain, a group in part, twice, or in two segments. */
export const wrongWith = (entries: Entry[]): string | null => {
  const begun = new Map<string, Entry>();
  for (const [index, entry] of entries.entries()) {
    if (entry.seq !== index) return `seq ${entry.seq} stands at ${index}`;
    if (entry.prev !== (entries[index - 1]?.hash ?? '0'.repeat(64))) return `the chain is broken at ${index}`;
    const first = begun.get(entry.factKey);
    if (entry.part.index === 0) {
      if (first !== undefined) return `${entry.factKey} is recorded twice`;
      begun.set(entry.factKey, entry);
    } else if (first?.seq !== entry.seq - entry.part.index || first.segment !== entry.segment)
      return `${entry.factKey} is recorded in part`;
    const last = entries[index + 1]?.factKey !== entry.factKey;
    if (last && entry.part.index !== entry.part.of - 1) return `${entry.factKey} is recorded in part`;
  }
  return null;
};

/** RFC 6962 2.1, by its definition: the root over leaf hashes. */
export const treeOf = (leaves: string[]): string => {
  if (leaves.length === 0) return rootOf([]);
  if (leaves.length === 1) return leaves[0] ?? '';
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(treeOf(leaves.slice(0, half)), treeOf(leaves.slice(half)));
};

export const frontierOf = (leaves: string[]): Frontier =>
  leaves.reduce<Frontier>((frontier, leaf, size) => addLeaf(frontier, size, leaf), []);
