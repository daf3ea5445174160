import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Archive } from '../../shared/seal/archive.ts';
import { clientConfig } from './aws-clients.ts';
import { type Environment, laneOf } from './environment.ts';

/**
 * An archive in a bucket, under the lane's name. What is written once is written only where nothing is (If-None-Match,
 * Amazon S3 User Guide, "Conditional writes"); that nobody takes it away again is the bucket's Object Lock.
 *
 * @throws the SDK's error when the bucket does not answer
 */
export const s3Archive = (environment: Environment): Archive => {
  const client = new S3Client({ ...clientConfig(environment), forcePathStyle: environment.endpoint !== null });
  const Bucket = environment.archive.bucket;
  const at = (path: string) => ({ Bucket, Key: `${laneOf(environment)}/${path}` });
  return {
    get: async (path) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(path)));
        return Body === undefined ? null : await Body.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },
    putOnce: async (path, Body) => {
      try {
        await client.send(new PutObjectCommand({ ...at(path), Body, IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' }));
        return true;
      } catch (error) {
        if (isThereAlready(error)) return false;
        throw error;
      }
    },
    put: async (path, Body) =>
      void (await client.send(new PutObjectCommand({ ...at(path), Body, ChecksumAlgorithm: 'SHA256' }))),
    checkpoints: async () => {
      const Prefix = at('checkpoints/').Key;
      const found: { size: number; at: string }[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page: ListObjectsV2CommandOutput = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }),
        );
        for (const { Key = '', LastModified } of page.Contents ?? [])
          found.push({ size: Number(Key.slice(Prefix.length)), at: LastModified?.toISOString() ?? '' });
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found.toSorted((a, b) => a.size - b.size);
    },
  };
};

/** 412 Precondition Failed. A 409, for a conflict with another request, says nothing: whoever seals tries again. */
const isThereAlready = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
