import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addLeaf, leafHash, nodeHash, rootOf } from '../../../shared/trail/merkle.ts';

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 6962 section 2.1, word for word: the largest power of two smaller than n divides the leaves. */
const treeHash = (leaves: Buffer[]): Buffer => {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0] as Buffer);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha256(Uint8Array.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
};

/** The eight leaves that Certificate Transparency's own tests use, and the roots of their first n. */
const known = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const frontierOf = (leaves: Buffer[]): string[] =>
  leaves.reduce<string[]>((frontier, leaf, size) => addLeaf(frontier, size, leafHash(leaf)), []);

describe('the frontier of a Merkle tree', () => {
  it.each(roots.map((root, size) => [size, root]))('of %i known leaves has their known root', (size, root) => {
    const leaves = known.slice(0, size).map((hex) => Buffer.from(hex, 'hex'));
    expect(rootOf(frontierOf(leaves))).toBe(root);
  });

  it('has the root that RFC 6962 defines, after every leaf', () =>
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 70 }), (given) => {
        const leaves = given.map((leaf) => Buffer.from(leaf));
        expect(rootOf(frontierOf(leaves))).toBe(treeHash(leaves).toString('hex'));
      }),
    ));

  it('has one hash for each one in the size written in binary', () =>
    fc.assert(
      fc.property(fc.nat(300), (size) => {
        const leaves = Array.from({ length: size }, (_, n) => Buffer.from(String(n)));
        expect(frontierOf(leaves)).toHaveLength(size.toString(2).replaceAll('0', '').length);
      }),
    ));

  it('has nodes of what it is given alone: what is no hash does not pass for the one before', () => {
    const [left, right] = ['a'.repeat(64), 'b'.repeat(64)];
    const whole = nodeHash(left, right);
    const others = ['', 'a'.repeat(63), `${'a'.repeat(63)}x`, 'a'.repeat(62), 'a'.repeat(66)];
    for (const other of others) {
      nodeHash(left, right);
      expect(nodeHash(other, right)).not.toBe(whole);
      nodeHash(left, right);
      expect(nodeHash(left, other.replaceAll('a', 'b'))).not.toBe(whole);
    }
  });
});
