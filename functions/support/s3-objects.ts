import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Objects } from '../../shared/ports.ts';
import { clientConfig } from './aws-clients.ts';
import type { Environment } from './environment.ts';

/** Where a large detail stands in the bucket: `details/<first two hex digits>/<SHA-256 in hex>`. */
export const objectKey = (sha256: string): string => `details/${sha256.slice(0, 2)}/${sha256}`;

/**
 * Large details in the bucket, by the hash of their bytes. An object is written once: the same hash is the same
 * bytes, so finding it there already is as good as having put it.
 *
 * @throws the SDK's error when the store did not answer: then nothing may be acknowledged
 */
export const createObjects = (environment: Environment): Objects => {
  const client = new S3Client({ ...clientConfig(environment), forcePathStyle: environment.endpoint !== null });
  const at = (sha256: string) => ({ Bucket: environment.bucket, Key: objectKey(sha256) });
  return {
    put: async (sha256, Body) => {
      // A checksum of ours, so that bytes damaged on the way are refused rather than kept under the wrong name.
      const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
      try {
        const ContentType = 'application/json';
        await client.send(new PutObjectCommand({ ...at(sha256), Body, ContentType, ChecksumSHA256, IfNoneMatch: '*' }));
      } catch (error) {
        if (!isThereAlready(error)) throw error;
      }
    },
    get: async (sha256) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(sha256)));
        return Body === undefined ? null : await Body.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },
  };
};

const isThereAlready = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
