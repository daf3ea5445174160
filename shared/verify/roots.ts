import { fromBase64, hexOf } from '../proof/bytes.ts';
import { emptyTree, grow, type HashNode, levelAt, rootOf, type Tree } from '../proof/tree.ts';

/** Computes roots from left to right: of what is there, and of hashes that stand for what is not. */
export type Rooting = {
  /** puts a leaf at its place; what lies before it is taken from the proof. Beyond the size it changes nothing. */
  place: (seq: number, hash: string) => void;
  /** goes on to the size, and says whether the proof had just what was needed */
  end: () => Proved;
  /** where the next leaf would be put */
  position: () => number;
  /** the root at each of the sizes asked for that was come by */
  roots: Map<number, string>;
};

/** What the proof was, for what it had to fill. */
export type Proved = 'fits' | 'too short' | 'left over';

export type RootingOptions = {
  size: number;
  /** sizes at which a gap is divided: those of the checkpoints in the pack */
  stops: number[];
  /** sizes whose root is wanted where it can be had */
  wanted: number[];
  /** hashes, in order, as lines of base64; null for one that is none */
  proof: (string | null)[];
  node: HashNode;
};

const nothing = '0'.repeat(64);

export const rooting = ({ size, stops, wanted, proof, node }: RootingOptions): Rooting => {
  const tree: Tree = emptyTree();
  const roots = new Map<number, string>();
  const marks = [...new Set([...wanted, ...stops, size])].toSorted((a, b) => a - b);
  const ends = [...new Set([...stops, size])].toSorted((a, b) => a - b);
  let [taken, isShort, mark] = [0, false, 0];

  const look = (): void => {
    while ((marks[mark] ?? Infinity) < tree.size) mark += 1;
    if (marks[mark] === tree.size) roots.set(tree.size, rootOf(tree, node));
  };
  const fill = (to: number): void => {
    while (tree.size < to) {
      const stop = ends.find((end) => end > tree.size) ?? to;
      const hash = proof[taken++] ?? null;
      isShort ||= hash === null;
      grow(tree, levelAt(tree.size, Math.min(stop, to) - tree.size), hash ?? nothing, node);
      look();
    }
  };
  look();
  return {
    roots,
    position: () => tree.size,
    place: (seq, hash) => {
      if (seq >= size) return;
      if (seq > tree.size) fill(seq);
      grow(tree, 0, hash, node);
      if (tree.size >= (marks[mark] ?? Infinity)) look();
    },
    end: () => {
      fill(size);
      if (isShort) return 'too short';
      return taken < proof.length ? 'left over' : 'fits';
    },
  };
};

/** The lines of the file `proof`, as hex; null for a line that is no hash. A file that ends within a line is short of it. */
export const proofLines = (text: string): (string | null)[] => {
  const lines = text.split('\n');
  const cutOff = lines.pop() !== '';
  const hashes = lines.map((line) => {
    const bytes = fromBase64(line);
    return bytes?.length === 32 ? hexOf(bytes) : null;
  });
  return cutOff ? [...hashes, null] : hashes;
};
