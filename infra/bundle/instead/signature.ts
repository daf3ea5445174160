import { SignatureV4 } from '@smithy/signature-v4';

/** In place of signatures that hold in many Regions at once: no call of ours goes to an address of many Regions. */
export class SignatureV4MultiRegion extends SignatureV4 {
  static sigv4aDependency = (): string => 'none';
}

/** Only S3 Express asks for it, and no bucket of ours is one. */
export { SignatureV4 as SignatureV4SignWithCredentials };
