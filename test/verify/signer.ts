import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

/** Signs checkpoints as docs/reference/evidence-pack.md writes them, with a key that follows from a number. */
export type Signer = {
  name: string;
  /** the line of the key file */
  keyFile: string;
  /** a checkpoint: the whole signed note */
  note: (size: number, root: string) => string;
};

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export const signerFrom = (name: string, seed: number): Signer => {
  const secret = createHash('sha256').update(`signer ${seed}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, secret]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const typed = Buffer.concat([Buffer.of(0x01), spki.subarray(-32)]);
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  const note = (size: number, root: string): string => {
    const text = `${name}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`;
    const signature = sign(null, Buffer.from(text), key);
    return `${text}\n— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
  };
  return { name, keyFile: `${name}+${id.toString('hex')}+${typed.toString('base64')}\n`, note };
};
