import type { Engine, PackSource } from './source.ts';
import { files } from './source.ts';

/** What the file of leaves says: the places of the entries, and their hashes. */
export type Leaf = { seq: number; hash: string };

const seqBytes = 8;
const leafBytes = 40;

/** A leaf as the file has it: the seq in eight bytes, big-endian, and the hash. In hex. */
export const leafRecord = ({ seq, hash }: Leaf): string => seq.toString(16).padStart(2 * seqBytes, '0') + hash;

/** The file of leaves, read from its beginning, one leaf after the other. */
export type Leaves = {
  /** whether the next leaf is just this one; takes it, whichever it is */
  is: (seq: number, hash: string) => boolean;
  /** the next leaf, which it takes; null at the end */
  next: () => Leaf | null;
  /** reads on, where all that was read is taken; false at the end of the file. To be awaited before the two above. */
  more: () => true | Promise<boolean>;
  /** how many bytes were read and not taken: some are left where the file ends within a leaf */
  left: () => number;
};

export const readLeaves = (source: PackSource, { hex }: Pick<Engine, 'hex'>): Leaves => {
  const chunks = iteratorOf(source.chunks(files.leaves));
  // What was read: the numbers are taken from the bytes, the hashes compared as text, and nothing is made for either.
  let [bytes, text, view, at] = [new Uint8Array(0), '', new DataView(new ArrayBuffer(0)), 0];
  const read = async (): Promise<boolean> => {
    for (;;) {
      const { value, done } = await chunks.next();
      if (done === true) return false;
      bytes = joined(bytes.subarray(at), value);
      [text, view, at] = [hex(bytes), new DataView(bytes.buffer), 0];
      if (bytes.length >= leafBytes) return true;
    }
  };
  const seqAt = (): number => view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
  return {
    more: () => (at + leafBytes <= bytes.length ? true : read()),
    is: (seq, hash) => {
      if (at + leafBytes > bytes.length) return false;
      const same = seqAt() === seq && text.startsWith(hash, 2 * (at + seqBytes));
      at += leafBytes;
      return same;
    },
    left: () => bytes.length - at,
    next: () => {
      if (at + leafBytes > bytes.length) return null;
      const leaf = { seq: seqAt(), hash: text.slice(2 * (at + seqBytes), 2 * (at + leafBytes)) };
      at += leafBytes;
      return leaf;
    },
  };
};

const iteratorOf = <T>(all: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> =>
  Symbol.asyncIterator in all ? all[Symbol.asyncIterator]() : all[Symbol.iterator]();

const joined = (left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> => {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
};

/** The next leaf, read as it is needed; null at the end of the file. */
export const nextLeaf = async (leaves: Leaves): Promise<Leaf | null> => ((await leaves.more()) ? leaves.next() : null);
