import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Engine } from '../../../shared/verify/source.ts';

/** 0x01, left and right: one piece of memory for all nodes, since there is one for every entry. */
const pair = new Uint8Array(65);
pair[0] = 0x01;

/**
 * Hashing in JavaScript alone. The browser's own is not used: it answers only later, which for a hundred thousand short
 * entries takes longer than the hashing does.
 */
export const browserEngine: Engine = {
  leaf: (bytes, start, end) => {
    bytes[start - 1] = 0x00;
    return bytesToHex(sha256(bytes.subarray(start - 1, end)));
  },
  node: (left, right) => {
    pair.set(hexToBytes(left), 1);
    pair.set(hexToBytes(right), 33);
    return bytesToHex(sha256(pair));
  },
  digest: () => {
    const digest = sha256.create();
    return { update: (bytes) => void digest.update(bytes), hex: () => bytesToHex(digest.digest()) };
  },
  memory: (bytes) => new Uint8Array(bytes),
  nextByte: (bytes, byte, from) => bytes.indexOf(byte, from),
  findLast: (bytes, text, at) => {
    for (let from = Math.min(at, bytes.length - text.length); from >= 0; from -= 1)
      if (standsAt(bytes, text, from)) return from;
    return -1;
  },
  hex: bytesToHex,
};

const standsAt = (bytes: Uint8Array, text: string, from: number): boolean => {
  for (let index = 0; index < text.length; index += 1) if (bytes[from + index] !== text.charCodeAt(index)) return false;
  return true;
};
