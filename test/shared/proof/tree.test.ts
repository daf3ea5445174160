import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cover, emptyRoot, emptyTree, grow, inclusionPath, rootOf, type Subtree } from '../../../shared/proof/tree.ts';
import { nodeHash } from '../../../shared/trail/merkle.ts';
import { leafOf, splitOf, treeHash } from './rfc6962.ts';

const leaves = Array.from({ length: 300 }, (_, index) => leafOf(`entry ${index}`));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const known = new Map<string, string>();
/** MTH of the leaves from `first` to before `last`, each found once: there are few different ones. */
const rootBetween = (first: number, last: number): string => {
  const name = `${first}-${last}`;
  const root = known.get(name) ?? hex(treeHash(leaves.slice(first, last)));
  known.set(name, root);
  return root;
};
/** PATH of RFC 6962 section 2.1.1, for the leaf `m` of those from `first` to before `last`. */
const naive = (m: number, first: number, last: number): string[] => {
  if (last - first === 1) return [];
  const k = first + splitOf(last - first);
  return m < k ? [...naive(m, first, k), rootBetween(k, last)] : [...naive(m, k, last), rootBetween(first, k)];
};

/** What a tree of whole subtrees comes to. */
const grown = (subtrees: Subtree[]): string => {
  const tree = emptyTree();
  for (const subtree of subtrees)
    grow(
      tree,
      subtree.level,
      rootBetween(subtree.index * 2 ** subtree.level, (subtree.index + 1) * 2 ** subtree.level),
      nodeHash,
    );
  return rootOf(tree, nodeHash);
};

describe('the tree', () => {
  it('of no leaves has the hash of nothing as its root', () => {
    expect(rootOf(emptyTree(), nodeHash)).toBe(emptyRoot);
    expect(hex(treeHash([]))).toBe(emptyRoot);
  });

  it('grown leaf by leaf has the root of RFC 6962 at every size up to 300', () => {
    const tree = emptyTree();
    for (const [index, leaf] of leaves.entries()) {
      grow(tree, 0, hex(leaf), nodeHash);
      expect([tree.size, rootOf(tree, nodeHash)]).toEqual([index + 1, rootBetween(0, index + 1)]);
      expect(tree.hashes.length).toBe(((index + 1).toString(2).match(/1/g) ?? []).length);
    }
  });

  it('grown by subtrees has the same root, wherever it is divided', () => {
    for (let size = 1; size <= 300; size += 7)
      for (let middle = 0; middle <= size; middle += 5)
        expect(grown([...cover(0, middle), ...cover(middle, size)])).toBe(rootBetween(0, size));
  });
});

describe('what covers a stretch of leaves', () => {
  it('is perfect, aligned subtrees in order, without gap or overlap, each the largest that fits', () => {
    const stretch = fc
      .tuple(fc.maxSafeNat(), fc.nat({ max: 1e9 }))
      .map(([from, count]) => [from % 1e15, count] as const);
    fc.assert(
      fc.property(stretch, ([from, count]) => {
        let at = from;
        for (const { level, index } of cover(from, from + count)) {
          expect(index * 2 ** level).toBe(at);
          const larger = 2 ** (level + 1);
          expect(at % larger !== 0 || at + larger > from + count).toBe(true);
          at += 2 ** level;
        }
        expect(at).toBe(from + count);
      }),
    );
  });
});

describe('the path of one leaf', () => {
  it('is that of RFC 6962, for every leaf of every size up to 300', () => {
    const wrong: [number, number][] = [];
    for (let size = 1; size <= 300; size += 1)
      for (let index = 0; index < size; index += 1)
        if (inclusionPath(index, size).map(grown).join(' ') !== naive(index, 0, size).join(' '))
          wrong.push([index, size]);
    expect(wrong).toEqual([]);
  }, 60_000);

  it('covers every leaf but its own exactly once, and is never longer than the tree is high, at any size', () => {
    const places = fc.integer({ min: 1, max: 1e15 }).chain((size) =>
      fc.tuple(
        fc.maxSafeNat().map((n) => n % size),
        fc.constant(size),
      ),
    );
    fc.assert(
      fc.property(places, ([index, size]) => {
        const path = inclusionPath(index, size);
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        const stretches = path.flat().map(({ level, index: at }) => [at * 2 ** level, 2 ** level] as const);
        const sorted = [...stretches, [index, 1] as const].toSorted(([a], [b]) => a - b);
        expect(sorted.reduce((at, [first, count]) => (first === at ? at + count : Number.NaN), 0)).toBe(size);
      }),
    );
  });
});
