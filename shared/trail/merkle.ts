import { createHash } from 'node:crypto';

/**
 * The lane as an RFC 6962 Merkle tree. Only its frontier is kept: the roots of the perfect subtrees that the leaves
 * so far make up, largest first; from it the root follows, and the next leaf can be added.
 */
export type Frontier = string[];

const hash = (prefix: number, ...parts: Uint8Array[]): Buffer => {
  const digest = createHash('sha256').update(Uint8Array.of(prefix));
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** RFC 6962 2.1: the hash of a leaf, SHA-256(0x00 || bytes), in hex. */
export const leafHash = (bytes: string | Uint8Array): string =>
  hash(0, typeof bytes === 'string' ? Buffer.from(bytes) : bytes).toString('hex');

/** RFC 6962 2.1: the hash of a node, SHA-256(0x01 || left || right), in hex. */
export const nodeHash = (left: string, right: string): string =>
  hash(1, Buffer.from(left, 'hex'), Buffer.from(right, 'hex')).toString('hex');

/** Adds the leaf that comes after `size` leaves: equal subtrees join, as a binary counter carries. */
export const addLeaf = (frontier: Frontier, size: number, leaf: string): Frontier => {
  const grown = [...frontier];
  let carried = leaf;
  for (let ones = size; ones % 2 === 1; ones = Math.floor(ones / 2)) carried = nodeHash(grown.pop() ?? '', carried);
  return [...grown, carried];
};

/** The root of the tree; that of the empty tree is the hash of nothing (RFC 6962 2.1). */
export const rootOf = (frontier: Frontier): string =>
  frontier.length === 0
    ? createHash('sha256').digest('hex')
    : frontier.reduceRight((right, left) => nodeHash(left, right));
