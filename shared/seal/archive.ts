import type { Sign, VerifierKey } from '../proof/note.ts';

/**
 * Where seals are kept, by path: S3 with Object Lock on AWS, a directory on one machine. Everything in it is written
 * once, but for the name `checkpoint`, which moves to the newest.
 */
export interface Archive {
  get(path: string): Promise<Uint8Array | null>;
  /** writes where there is nothing; answers false, and writes nothing, where there is something */
  putOnce(path: string, body: Uint8Array): Promise<boolean>;
  /** for what moves */
  put(path: string, body: Uint8Array): Promise<void>;
  /** the sizes of all checkpoints ever signed, in rising order */
  checkpoints(): Promise<{ size: number; at: string }[]>;
}

/** Who signs: a key that never leaves KMS on AWS, a key file on one machine. */
export type Signer = { key: VerifierKey; sign: Sign };

export const checkpointName = 'checkpoint';
export const checkpointPath = (size: number): string => `checkpoints/${size}`;
