/** In place of sessions of S3 Express: a client makes one of these, and asks it only where a bucket is of that kind. */
export class S3ExpressIdentityProviderImpl {
  getS3ExpressIdentity(): never {
    throw new Error('S3 Express is not in this bundle: see infra/bundle/slim.ts');
  }
}
