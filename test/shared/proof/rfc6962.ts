import { createHash } from 'node:crypto';

/** RFC 6962 section 2.1 and RFC 9162 section 2.1.3.2, word for word and slow: what the product is held against. */

const digest = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

export const leafOf = (entry: string | Uint8Array): Buffer => digest(Uint8Array.of(0), Buffer.from(entry));
export const nodeOf = (left: Uint8Array, right: Uint8Array): Buffer => digest(Uint8Array.of(1), left, right);

/** The largest power of two smaller than n. */
export const splitOf = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** MTH(D[n]), of leaf hashes. */
export const treeHash = (leaves: Uint8Array[]): Uint8Array => {
  if (leaves.length === 0) return digest();
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  const k = splitOf(leaves.length);
  return nodeOf(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
};

/** RFC 9162 section 2.1.3.2: whether the proof leads from the leaf to the root. */
export const proves = (
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: Uint8Array[],
  root: Uint8Array,
): boolean => {
  if (index >= size) return false;
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeOf(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else r = nodeOf(r, p);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && Buffer.compare(r, root) === 0;
};
