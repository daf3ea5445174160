/**
 * An RFC 6962 tree (section 2.1) that is built from left to right, of leaves and of whole subtrees. What it keeps is
 * the roots of the perfect subtrees so far, largest first: as many as the size has ones in binary.
 */
export type Tree = { size: number; levels: number[]; hashes: string[] };

/** How nodes are hashed: SHA-256(0x01 || left || right), all in hex. */
export type HashNode = (left: string, right: string) => string;

export const emptyTree = (): Tree => ({ size: 0, levels: [], hashes: [] });

/**
 * Adds the root of the next 2^level leaves; equal neighbours join. The tree is changed in place: this runs once for
 * each of millions of entries.
 */
export const grow = (tree: Tree, level: number, hash: string, node: HashNode): void => {
  const { levels, hashes } = tree;
  let [grown, carried] = [level, hash];
  while (levels.at(-1) === grown) {
    levels.pop();
    carried = node(hashes.pop() ?? '', carried);
    grown += 1;
  }
  levels.push(grown);
  hashes.push(carried);
  tree.size += 2 ** level;
};

/** SHA-256 of nothing: the root of the empty tree. */
export const emptyRoot = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const rootOf = ({ hashes }: Tree, node: HashNode): string =>
  hashes.length === 0 ? emptyRoot : hashes.reduceRight((right, left) => node(left, right));

/** A perfect subtree: the leaves from `index * 2^level` on, `2^level` of them. */
export type Subtree = { level: number; index: number };

/** The perfect subtrees, each the largest that fits, that cover the leaves from `from` to before `to`, in order. */
export const cover = (from: number, to: number): Subtree[] => {
  const subtrees: Subtree[] = [];
  for (let at = from; at < to;) {
    const level = levelAt(at, to - at);
    subtrees.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return subtrees;
};

/** The largest level whose subtree begins at `at` and has no more than `room` leaves. */
export const levelAt = (at: number, room: number): number => {
  let level = 0;
  while (2 ** (level + 1) <= room && at % 2 ** (level + 1) === 0) level += 1;
  return level;
};

/**
 * The proof of one leaf: what the path from it to the root needs (RFC 6962 section 2.1.1), from the leaf's sibling up.
 * A sibling on the right edge may not be perfect: it is then the fold of several subtrees.
 */
export const inclusionPath = (index: number, size: number): Subtree[][] => {
  const path: Subtree[][] = [];
  let [first, last] = [0, size];
  while (last - first > 1) {
    let half = 1;
    while (half * 2 < last - first) half *= 2;
    const middle = first + half;
    if (index < middle) {
      path.push(cover(middle, last));
      last = middle;
    } else {
      path.push(cover(first, middle));
      first = middle;
    }
  }
  return path.toReversed();
};
