import { type Claim, claimOf, recordIn } from './claims.ts';
import { type Leaf, nextLeaf, readLeaves } from './leaves.ts';
import { linesOf } from './lines.ts';
import { rooting, type RootingOptions } from './roots.ts';
import { type Engine, files, type PackSource } from './source.ts';
import type { Walk } from './walk.ts';

/**
 * Which entry is the first that is not as it was signed; `missing` where all that are there are genuine, and whether
 * the last one, which recorded the export, is then there; `seq` is null where none are, and nothing says which. `roots`: those that the leaves give where they are right,
 * otherwise those of the entries.
 */
export type Diagnosis = { seq: number | null; missing: boolean; last: 'there' | 'missing'; roots: Map<number, string> };

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
  const tree = await leafRoots(at);
  if (tree.get(at.options.size) === at.signed.get(at.options.size)) return { ...(await byLeaves(at)), roots: tree };
  const { roots, signed } = at;
  if (at.found.entries === 0 && at.found.ended !== 'too long')
    return { seq: null, missing: true, last: 'missing', roots: signed };
  return { seq: (await byChain(at)) ?? byCheckpoints(at), missing: false, last: 'there', roots };
};

/** The roots that the file of leaves gives; none where its leaves are in no order. */
const leafRoots = async ({ source, engine, options }: Case): Promise<Map<number, string>> => {
  const tree = rooting(options);
  let before = -1;
  const leaves = readLeaves(source, engine);
  for (let leaf = await nextLeaf(leaves); leaf !== null; leaf = await nextLeaf(leaves)) {
    const { seq, hash } = leaf;
    if (seq <= before || seq >= options.size) return new Map();
    tree.place(seq, hash);
    before = seq;
  }
  tree.end();
  return tree.roots;
};

/** Each line beside the leaf whose place it has; and, apart from that, beside the next leaf that is its own. */
const byLeaves = async ({ source, engine }: Case): Promise<Omit<Diagnosis, 'roots'>> => {
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
  const rest = await nextLeaf(inOrder);
  missing ??= rest?.seq ?? null;
  if (!isSubset || missing === null) return { seq: altered ?? end, missing: false, last: 'there' };
  return { seq: missing, missing: true, last: rest === null ? 'there' : 'missing' };
};

async function* hashesOf(source: PackSource, engine: Engine): AsyncGenerator<string> {
  for await (const { bytes, starts, ends } of linesOf(source.chunks(files.entries), engine))
    for (const [index, start] of starts.entries()) yield engine.leaf(bytes, start, ends[index] ?? start);
}

/**
 * The first line that does not follow from the one before, or that one, where the line after follows from it. Each is
 * read as JSON: what tells a genuine line quickly may take an altered one for it. Null where all follow.
 */
const byChain = async ({ source, engine }: Case): Promise<number | null> => {
  let before: { seq: number; hash: string } | null = null;
  let suspect: { seq: number; before: number } | null = null;
  for await (const { bytes, starts, ends } of linesOf(source.chunks(files.entries), engine)) {
    for (const [index, start] of starts.entries()) {
      const end = ends[index] ?? start;
      const claim = claimOf(recordIn(bytes, start, end));
      const seq: number = placeAfter(before, claim) ?? (before?.seq ?? -1) + 1;
      const does = placeAfter(before, claim) !== null;
      if (suspect !== null) return does ? suspect.before : suspect.seq;
      if (!does) suspect = { seq, before: before?.seq ?? seq };
      before = { seq, hash: engine.leaf(bytes, start, end) };
    }
  }
  return suspect?.before ?? null;
};

/** The seq of a line that follows: the next one, with the hash of the line before, or one behind a gap. */
const placeAfter = (before: { seq: number; hash: string } | null, claim: Claim | null): number | null => {
  if (claim === null) return null;
  const due = (before?.seq ?? -1) + 1;
  const follows = claim.seq > due || (claim.seq === due && claim.prev === (before?.hash ?? '0'.repeat(64)));
  return follows ? claim.seq : null;
};

/** All that can be said of what was hashed again: it lies behind the last checkpoint that still fits. */
const byCheckpoints = ({ signed, roots }: Case): number => {
  let fits = 0;
  for (const [size, root] of [...signed].toSorted(([a], [b]) => a - b)) {
    if (roots.get(size) !== root) break;
    fits = size;
  }
  return fits;
};
