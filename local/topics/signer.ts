import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from './certificate.ts';

/** 1 is SHA1withRSA, 2 is SHA256withRSA (SNS Developer Guide, "Verifying the signatures of messages"). */
export type SignatureVersion = '1' | '2';

export type Signer = {
  /** @returns base64 */
  sign: (text: string, version: SignatureVersion) => string;
  /** PEM */
  certificate: string;
  /** where the certificate is served, such as `/SimpleNotificationService-0a1b.pem`: another one for another certificate */
  path: string;
};

/** The key of this machine's topics and its certificate, made at the first start. The key leaves its file for nobody. */
export const openSigner = (dir: string, now: () => Date): Signer => {
  const [keyFile, certificateFile] = [join(dir, 'signing.key'), join(dir, 'signing.pem')];
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!existsSync(keyFile)) writeWhole(keyFile, newKey());
  const privateKey = createPrivateKey(readFileSync(keyFile));
  const publicKey = createPublicKey(privateKey);
  if (!existsSync(certificateFile))
    writeWhole(certificateFile, selfSigned({ publicKey, privateKey }, 'Escalator on one machine', now()));
  const certificate = readFileSync(certificateFile, 'utf8');
  const digest = createHash('sha256').update(certificate).digest('hex').slice(0, 32);
  return {
    sign: (text, version) =>
      sign(version === '2' ? 'RSA-SHA256' : 'RSA-SHA1', Buffer.from(text), privateKey).toString('base64'),
    certificate,
    path: `/SimpleNotificationService-${digest}.pem`,
  };
};

const newKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** A process killed in between must leave nothing that is half a key. */
const writeWhole = (file: string, content: string): void => {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
