import { type Leaf, nextLeaf, readLeaves } from './leaves.ts';
import { linesOf } from './lines.ts';
import { rooting, type RootingOptions } from './roots.ts';
import { type Engine, files, type PackSource } from './source.ts';
import type { Walk } from './walk.ts';

/** Which entry is the first that is not as it was signed; `missing` where all that are there are genuine. */
export type Diagnosis = { seq: number; missing: boolean };

export type Case = {
  source: PackSource;
  engine: Engine;
  found: Walk;
  options: RootingOptions;
  /** the signed root of each size */
  signed: Map<number, string>;
  /** the roots that the entries gave */
  roots: Map<number, string>;
};

/** Finds the first bad entry, where the entries do not give the signed root: by the file of leaves if that gives it. */
export const diagnose = async (at: Case): Promise<Diagnosis> => {
  if (await leavesAreRight(at)) return byLeaves(at);
  const { broken } = at.found;
  if (broken !== null) return { seq: broken.nextFollows === false ? broken.seq : broken.before, missing: false };
  return { seq: byCheckpoints(at), missing: false };
};

const leavesAreRight = async ({ source, engine, options, signed }: Case): Promise<boolean> => {
  const tree = rooting(options);
  let before = -1;
  const leaves = readLeaves(source, engine);
  for (let leaf = await nextLeaf(leaves); leaf !== null; leaf = await nextLeaf(leaves)) {
    const { seq, hash } = leaf;
    if (seq <= before || seq >= options.size) return false;
    tree.place(seq, hash);
    before = seq;
  }
  return tree.end() === 'fits' && tree.roots.get(options.size) === signed.get(options.size);
};

/** Each line beside the leaf whose place it has; and, apart from that, beside the next leaf that is its own. */
const byLeaves = async ({ source, engine }: Case): Promise<Diagnosis> => {
  const [inPlace, inOrder] = [readLeaves(source, engine), readLeaves(source, engine)];
  let [altered, missing, isSubset, end]: [number | null, number | null, boolean, number] = [null, null, true, 0];
  for await (const hash of hashesOf(source, engine)) {
    const place = await nextLeaf(inPlace);
    if (place?.hash !== hash) altered ??= place?.seq ?? end;
    end = (place?.seq ?? end) + 1;
    let own: Leaf | null = isSubset ? await nextLeaf(inOrder) : null;
    for (; own !== null && own.hash !== hash; own = await nextLeaf(inOrder)) missing ??= own.seq;
    isSubset = own !== null;
  }
  missing ??= (await nextLeaf(inOrder))?.seq ?? null;
  return isSubset && missing !== null ? { seq: missing, missing: true } : { seq: altered ?? end, missing: false };
};

async function* hashesOf(source: PackSource, engine: Engine): AsyncGenerator<string> {
  for await (const { bytes, starts, ends } of linesOf(source.chunks(files.entries), engine))
    for (const [index, start] of starts.entries()) yield engine.leaf(bytes, start, ends[index] ?? start);
}

/** All that can be said of what was hashed again: it lies behind the last checkpoint that still fits. */
const byCheckpoints = ({ signed, roots }: Case): number => {
  let fits = 0;
  for (const [size, root] of [...signed].toSorted(([a], [b]) => a - b)) {
    if (roots.get(size) !== root) break;
    fits = size;
  }
  return fits;
};
