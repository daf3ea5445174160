import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Environment, environmentFrom } from '../../../functions/support/environment.ts';
import { keyFileSigner } from '../../../functions/support/key-file-signer.ts';
import { kmsSigner } from '../../../functions/support/kms-signer.ts';
import { EscalatorError } from '../../../shared/errors.ts';
import { readNote, signCheckpoint, signedBy, verifierKey } from '../../../shared/proof/note.ts';
import type { Signer } from '../../../shared/seal/archive.ts';
import { temporary } from '../../harness/product.ts';

const name = 'escalator/000000000000/us-east-1';
const rawOf = (key: KeyObject): Uint8Array =>
  Uint8Array.from(Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url'));

/** What every signer does, wherever its key is. */
const contract = (signerNow: () => Promise<Signer>): void => {
  it('signs a checkpoint so that its own key verifies it', async () => {
    const { key, sign: signing } = await signerNow();
    const note = readNote(await signCheckpoint({ origin: name, size: 7, root: 'cd'.repeat(32) }, key, signing));
    expect(note === null ? 'none' : signedBy(note, key)).toBe('good');
  });

  it('is the same key each time it is asked for', async () => {
    expect((await signerNow()).key).toEqual((await signerNow()).key);
  });

  it('signs the message as it is, of any bytes, as Ed25519 (RFC 8032) has it', async () => {
    const { key, sign: signing } = await signerNow();
    const spki = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') },
      format: 'jwk',
    });
    for (const message of [Uint8Array.of(0), Uint8Array.from({ length: 4_096 }, (_, at) => at % 256)])
      expect(verify(null, message, spki, await signing(message))).toBe(true);
  });
};

describe('a key in a file', () => {
  const data = temporary();
  afterAll(() => data.remove());
  const file = join(data.dir, 'seal.key');
  contract(() => Promise.resolve(keyFileSigner(file, name)));

  it('is made where there is none, for its owner alone, and never made again', () => {
    const fresh = join(data.dir, 'fresh.key');
    expect(existsSync(fresh)).toBe(false);
    const { key } = keyFileSigner(fresh, name);
    const written = readFileSync(fresh, 'utf8');
    expect(statSync(fresh).mode & 0o777).toBe(0o600);
    expect(keyFileSigner(fresh, name).key).toEqual(key);
    expect(readFileSync(fresh, 'utf8')).toBe(written);
    expect(key).toEqual(verifierKey(name, rawOf(createPrivateKey(written))));
  });

  it.each([
    ['nothing', ''],
    ['what is no key', 'what is this'],
    [
      'a key of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
    ],
  ])('that holds %s is refused, and left as it is', (_what, text) => {
    const wrong = join(data.dir, 'wrong.key');
    writeFileSync(wrong, text);
    expect(() => keyFileSigner(wrong, name)).toThrow(EscalatorError);
    expect(() => keyFileSigner(wrong, name)).toThrow(wrong);
    expect(readFileSync(wrong, 'utf8')).toBe(text);
  });
});

type Asked = { [field: string]: unknown };
type Answered = { status: number; body: { [field: string]: unknown } };

/** KMS as its API reference has it, for these two calls: JSON 1.1, and it truly signs. Wrong parameters are refused. */
const startKms = async (keys: { [id: string]: { privateKey: KeyObject; publicKey: KeyObject } }) => {
  const refused = (type: string, message: string): Answered => ({ status: 400, body: { __type: type, message } });
  const answer = (call: string, asked: Asked): Answered => {
    const key = keys[String(asked['KeyId'])];
    if (key === undefined) return refused('NotFoundException', `Key '${String(asked['KeyId'])}' does not exist`);
    if (call === 'TrentService.GetPublicKey')
      return {
        status: 200,
        body: { PublicKey: key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64') },
      };
    if (call !== 'TrentService.Sign') return refused('UnknownOperationException', call);
    const message = Buffer.from(String(asked['Message']), 'base64');
    if (asked['SigningAlgorithm'] !== 'ED25519_SHA_512') return refused('InvalidKeyUsageException', 'SigningAlgorithm');
    if (asked['MessageType'] !== 'RAW') return refused('ValidationException', 'ED25519_SHA_512 takes MessageType RAW');
    if (message.length < 1 || message.length > 4_096) return refused('ValidationException', 'Message: 1 to 4096 bytes');
    return { status: 200, body: { Signature: sign(null, message, key.privateKey).toString('base64') } };
  };
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { status, body } = answer(String(request.headers['x-amz-target']), JSON.parse(text) as Asked);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

describe('a key in KMS', () => {
  const ours = generateKeyPairSync('ed25519');
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let kms: Awaited<ReturnType<typeof startKms>>;
  const environment = (id: string): Environment => ({
    ...environmentFrom({}),
    region: 'us-east-1',
    endpoint: kms.endpoint,
    sealKey: { file: '', kms: id },
  });
  beforeAll(async () => void (kms = await startKms({ ours, curve })));
  afterAll(() => void kms.server.close());
  contract(() => kmsSigner(environment('ours'), name));

  it('is known by the public key that KMS answers', async () => {
    expect((await kmsSigner(environment('ours'), name)).key).toEqual(verifierKey(name, rawOf(ours.privateKey)));
  });

  it('of another kind is refused, and said', async () => {
    await expect(kmsSigner(environment('curve'), name)).rejects.toThrow('the KMS key curve is no Ed25519 key');
  });

  it('that is not there is no signer', async () => {
    await expect(kmsSigner(environment('gone'), name)).rejects.toThrow('does not exist');
  });

  it('that refuses to sign signs nothing', async () => {
    const { sign: signing } = await kmsSigner(environment('ours'), name);
    await expect(signing(new Uint8Array(4_097))).rejects.toThrow('1 to 4096');
  });
});
