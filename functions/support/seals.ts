import { join } from 'node:path';
import type { Archive, Signer } from '../../shared/seal/archive.ts';
import { directoryArchive } from './directory-archive.ts';
import { type Environment, laneOf, originOf } from './environment.ts';
import { keyFileSigner } from './key-file-signer.ts';
import { kmsSigner } from './kms-signer.ts';
import { s3Archive } from './s3-archive.ts';

/** Where the seals of the environment's lane are kept. */
export const archiveOf = (environment: Environment): Archive =>
  environment.archive.dir === ''
    ? s3Archive(environment)
    : directoryArchive(join(environment.archive.dir, laneOf(environment)));

/** What signs the environment's lane. */
export const signerOf = (environment: Environment): Promise<Signer> =>
  environment.sealKey.file === ''
    ? kmsSigner(environment, originOf(environment))
    : Promise.resolve(keyFileSigner(environment.sealKey.file, originOf(environment)));
