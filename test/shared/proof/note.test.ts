import { ed25519 } from '@noble/curves/ed25519.js';
import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  noteLimit,
  readKey,
  readNote,
  signCheckpoint,
  signedBy,
  verifierKey,
  writeKey,
} from '../../../shared/proof/note.ts';
import { memorySigner } from '../../harness/sealing.ts';

const origin = 'escalator/123456789012/eu-west-1';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const key = verifierKey(origin, Uint8Array.from(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')));
const checkpoint = { origin, size: 1042, root: 'ab'.repeat(32) };
const signed = await signCheckpoint(checkpoint, key, (text) => Promise.resolve(sign(null, text, privateKey)));

/** What anybody would be told of a note. */
const said = (note: string): string => {
  const read = readNote(note);
  return read === null ? 'no note' : signedBy(read, key);
};

describe('a checkpoint', () => {
  it('says what was signed, and by whom', () => {
    const note = readNote(signed);
    expect(note?.checkpoint).toEqual(checkpoint);
    expect(said(signed)).toBe('good');
  });

  it('is written as the standards say: origin, size, root; an empty line; the signature', () => {
    expect(signed).toMatch(
      /^escalator\/123456789012\/eu-west-1\n1042\n[\w+/]{43}=\n\n— escalator\/123456789012\/eu-west-1 [\w+/]{91}=\n$/,
    );
  });

  it('with any one bit of it changed is refused', () => {
    const bytes = Buffer.from(signed);
    for (let at = 0; at < bytes.length; at += 1)
      for (let bit = 0; bit < 8; bit += 1) {
        const mutated = Buffer.from(bytes);
        mutated[at] = (mutated[at] ?? 0) ^ (1 << bit);
        expect([at, bit, said(mutated.toString())]).not.toEqual([at, bit, 'good']);
      }
  });

  it('with any one byte taken out, doubled, or put in is refused', () => {
    const bytes = Buffer.from(signed);
    for (let at = 0; at <= bytes.length; at += 1) {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
      if (at < bytes.length) expect(said(Buffer.concat([before, bytes.subarray(at + 1)]).toString())).not.toBe('good');
      for (const byte of ['\n', ' ', '0', 'A', '='])
        expect(said(Buffer.concat([before, Buffer.from(byte), after]).toString())).not.toBe('good');
    }
  });

  it.each([
    ['a size with a zero before it', signed.replace('\n1042\n', '\n01042\n')],
    ['a negative size', signed.replace('\n1042\n', '\n-1042\n')],
    ['a size of sixteen digits', signed.replace('\n1042\n', `\n${'1'.repeat(16)}\n`)],
    ['another line ending', signed.replaceAll('\n', '\r\n')],
    ['an extension line', signed.replace('\n\n', '\nmore\n\n')],
    ['a second signature', `${signed}${signed.split('\n').at(-2) ?? ''}\n`],
    ['a hyphen for the dash', signed.replace('—', '-')],
    ['another origin than the name that signs', signed.replace('escalator/', 'escalatoe/')],
    ['nothing', ''],
    ['a very long text', 'x'.repeat(noteLimit * 4)],
  ])('with %s is none', (_what, note) => expect(readNote(note)).toBeNull());

  it('signed by another key is told from one badly signed', async () => {
    const other = memorySigner(origin);
    expect(said(await signCheckpoint(checkpoint, other.key, other.sign))).toBe('by another key');
    // Under our name and id, with somebody else's signature.
    expect(said(await signCheckpoint(checkpoint, key, other.sign))).toBe('bad signature');
  });

  it('has one signature and no second one made from it: S plus the order of the group is refused', async () => {
    const note = readNote(signed);
    if (note === null) throw new Error('the note does not read');
    const order = ed25519.Point.Fn.ORDER;
    const s = Buffer.from(note.signature.subarray(32)).reverse();
    const larger = (BigInt(`0x${s.toString('hex')}`) + order).toString(16).padStart(64, '0');
    const malleated = Buffer.concat([note.signature.subarray(0, 32), Buffer.from(larger, 'hex').reverse()]);
    expect(said(await signCheckpoint(checkpoint, key, () => Promise.resolve(malleated)))).toBe('bad signature');
  });

  it('is not vouched for by a key of small order, which would vouch for anything', async () => {
    const weak = verifierKey(origin, Uint8Array.from([1, ...Array<number>(31).fill(0)]));
    const nothing = Uint8Array.from([1, ...Array<number>(63).fill(0)]);
    const note = readNote(await signCheckpoint(checkpoint, weak, () => Promise.resolve(nothing)));
    expect(note === null ? 'no note' : signedBy(note, weak)).toBe('bad signature');
  });
});

describe('a key file', () => {
  it('gives back the key that was written', () => {
    expect(readKey(writeKey(key))).toEqual(key);
    expect(readKey(`${writeKey(key)}\n`)).toEqual(key);
  });

  it('with any one character of it changed holds no key', () => {
    const line = writeKey(key);
    for (let at = 0; at < line.length; at += 1)
      for (const char of ['A', 'b', '0', '+', ' ', '\n']) {
        const mutated = `${line.slice(0, at)}${char}${line.slice(at + 1)}`;
        if (mutated !== line && mutated.trimEnd() !== line)
          expect([mutated, readKey(mutated)]).toEqual([mutated, null]);
      }
  });

  it('cannot name a key with a space, a plus or nothing, nor hold one of another length', () => {
    for (const name of ['a b', 'a+b', '', 'a\nb']) expect(() => verifierKey(name, key.publicKey)).toThrow(TypeError);
    expect(() => verifierKey(origin, key.publicKey.subarray(1))).toThrow(TypeError);
  });
});

describe('other implementations', () => {
  const note = readNote(signed);
  const spki = () =>
    createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') },
      format: 'jwk',
    });

  it('Node verifies what we sign, with the key from the key file', () => {
    expect(verify(null, Buffer.from(note?.text ?? ''), spki(), note?.signature ?? Buffer.alloc(0))).toBe(true);
  });

  const openssl = spawnSync('openssl', ['version']).stdout?.toString() ?? '';
  it.runIf(openssl.startsWith('OpenSSL 3'))('openssl verifies what we sign, and refuses it for another text', () => {
    const dir = mkdtempSync(join(tmpdir(), 'escalator-note-'));
    try {
      const file = (name: string, body: string | Uint8Array): string => {
        writeFileSync(join(dir, name), body);
        return join(dir, name);
      };
      const pem = file('key.pem', spki().export({ format: 'pem', type: 'spki' }));
      const signature = file('signature', note?.signature ?? '');
      const verified = (text: string) =>
        spawnSync('openssl', [
          'pkeyutl',
          '-verify',
          '-pubin',
          '-inkey',
          pem,
          '-rawin',
          '-in',
          file('text', text),
          '-sigfile',
          signature,
        ]).status;
      expect(verified(note?.text ?? '')).toBe(0);
      expect(verified((note?.text ?? '').replace('1042', '1043'))).not.toBe(0);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
