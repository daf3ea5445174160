import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { EscalatorError } from '../../shared/errors.ts';
import { verifierKey } from '../../shared/proof/note.ts';
import type { Signer } from '../../shared/seal/archive.ts';

/**
 * Signs with an Ed25519 key in a file (PKCS #8, PEM), which is made where there is none.
 *
 * @param name the key's name in notes: the origin of the lane
 * @throws EscalatorError ESC-006 where the file holds no such key
 */
export const keyFileSigner = (file: string, name: string): Signer => {
  if (!existsSync(file)) makeKey(file);
  const key = readKey(file);
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    key: verifierKey(name, Uint8Array.from(Buffer.from(x, 'base64url'))),
    sign: (message) => Promise.resolve(sign(null, message, key)),
  };
};

const makeKey = (file: string): void => {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(`${file}.new`, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
};

const readKey = (file: string) => {
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw unusable(file, cause);
  }
  throw unusable(file);
};

const unusable = (file: string, cause?: unknown): EscalatorError =>
  new EscalatorError(
    'ESC-006',
    `the key that seals are signed with cannot be read from ${file}`,
    'put back the file as it was: a new key could not continue what the old one signed',
    { cause },
  );
