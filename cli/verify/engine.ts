import { createHash, hash } from 'node:crypto';
import type { Engine } from '../../shared/verify/source.ts';

/** 0x01, left and right: one piece of memory for all nodes, since there is one for every entry. */
const pair = Buffer.alloc(65);
pair[0] = 0x01;

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Node's own hashing, without copying: the byte before a leaf is made the 0x00 that it is hashed with. */
export const nodeEngine: Engine = {
  leaf: (bytes, start, end) => {
    bytes[start - 1] = 0x00;
    return hash('sha256', bytes.subarray(start - 1, end), 'hex');
  },
  node: (left, right) => {
    pair.write(left, 1, 'hex');
    pair.write(right, 33, 'hex');
    return hash('sha256', pair, 'hex');
  },
  digest: () => {
    const digest = createHash('sha256');
    return { update: (bytes) => void digest.update(bytes), hex: () => digest.digest('hex') };
  },
  memory: (bytes) => Buffer.allocUnsafeSlow(bytes),
  nextByte: (bytes, byte, from) => (bytes as Buffer).indexOf(byte, from),
  // A place before the beginning is to Node one counted from the end.
  findLast: (bytes, text, at) => (at < 0 ? -1 : (bytes as Buffer).lastIndexOf(text, at, 'latin1')),
  hex: (bytes) => bufferOf(bytes).toString('hex'),
};
