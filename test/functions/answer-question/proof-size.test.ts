import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { proofApi } from '../../../functions/answer-question/proofs.ts';
import { signCheckpoint, verifierKey } from '../../../shared/proof/note.ts';
import type { Archive } from '../../../shared/seal/archive.ts';

const size = 10_000_000;
const origin = 'escalator/123456789012/ap-southeast-2';

/** Ten million entries are not written for this: each tile asked for has its width, and some hashes. Reads are counted. */
const hugeArchive = async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = verifierKey(origin, Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  const note = await signCheckpoint({ origin, size, root: 'ab'.repeat(32) }, key, (text) =>
    Promise.resolve(sign(null, text, privateKey)),
  );
  const reads: string[] = [];
  const archive: Archive = {
    get: (path) => {
      if (path === 'checkpoint') return Promise.resolve(Buffer.from(note));
      reads.push(path);
      const width = Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? 256);
      return Promise.resolve(
        Buffer.concat(Array.from({ length: width }, (_, at) => createHash('sha256').update(`${path}${at}`).digest())),
      );
    },
    putOnce: () => Promise.resolve(false),
    put: () => Promise.resolve(),
    checkpoints: () => Promise.resolve([]),
  };
  return { archive, reads, key };
};

describe('the proof of one entry of ten million', () => {
  it.each([0, 1, 255, 256, 5_000_000, 9_999_359, 9_999_360, size - 1])('is at most 4 KB: entry %i', async (seq) => {
    const { archive, reads, key } = await hugeArchive();
    const unused = () => Promise.reject(new Error('nothing else is read'));
    const lane = { lane: 'l', origin, segments: unused, segment: unused, newest: unused };
    const api = proofApi({ lane, archive, objects: { put: unused, get: unused }, key: () => Promise.resolve(key) });
    const answer = await api.request(`/api/entries/${seq}/proof`);
    expect(answer.status).toBe(200);
    expect(Buffer.byteLength(await answer.text())).toBeLessThanOrEqual(4096);
    // A tile of each of the three levels on the way up, and those beside it on the right edge.
    expect(reads.length).toBeLessThanOrEqual(6);
  });
});
