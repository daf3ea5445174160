import { hash } from 'node:crypto';

/**
 * The lane as an RFC 6962 Merkle tree. Only its frontier is kept: the roots of the perfect subtrees that the leaves
 * so far make up, largest first; from it the root follows, and the next leaf can be added.
 */
export type Frontier = string[];

/** One call for each hash: an object that is fed part by part costs as much again as the hashing itself. */
const leafPrefix = '\0';

/** RFC 6962 2.1: the hash of a leaf, SHA-256(0x00 || bytes), in hex. */
export const leafHash = (bytes: string | Uint8Array): string =>
  hash('sha256', typeof bytes === 'string' ? leafPrefix + bytes : Buffer.concat([Uint8Array.of(0), bytes]), 'hex');

/** As `leafHash` of what stands behind the first of these bytes, which is a zero: it need not be put before them. */
export const hashOfLeaf = (prefixed: Uint8Array): string => hash('sha256', prefixed, 'hex');

/** Where the bytes of a node are put together: to make a buffer for each costs half as much as the hashing. */
const node = Buffer.alloc(1 + 32 + 32, 1);

/** RFC 6962 2.1: the hash of a node, SHA-256(0x01 || left || right), in hex. */
export const nodeHash = (left: string, right: string): string => {
  const written = node.write(left, 1, 32, 'hex') + node.write(right, 33, 32, 'hex');
  const whole = written === 64 && left.length + right.length === 128;
  // Of what is no hash nothing may stand for it that was left by the node before.
  return hash('sha256', whole ? node : Buffer.from(`01${left}${right}`, 'hex'), 'hex');
};

/** Adds the leaf that comes after `size` leaves: equal subtrees join, as a binary counter carries. */
export const addLeaf = (frontier: Frontier, size: number, leaf: string): Frontier => {
  const grown = [...frontier];
  let carried = leaf;
  for (let ones = size; ones % 2 === 1; ones = Math.floor(ones / 2)) carried = nodeHash(grown.pop() ?? '', carried);
  grown.push(carried);
  return grown;
};

/** The root of the tree; that of the empty tree is the hash of nothing (RFC 6962 2.1). */
export const rootOf = (frontier: Frontier): string =>
  frontier.length === 0 ? hash('sha256', '', 'hex') : frontier.reduceRight((right, left) => nodeHash(left, right));
