import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../functions/support/aws-clients.ts';
import { type Environment, environmentFrom } from '../../../functions/support/environment.ts';
import { createObjects, objectKey } from '../../../functions/support/s3-objects.ts';
import { sha256 } from '../../../shared/trail/canonical.ts';

describe('large details in the bucket', () => {
  let server: FauxqsServer;
  let environment: Environment;
  let client: S3Client;
  const bucket = 'details-bucket';

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false });
    const endpoint = `http://127.0.0.1:${server.port}`;
    environment = { ...environmentFrom({}), account: '1', region: 'us-east-1', endpoint, bucket };
    client = new S3Client({ ...clientConfig(environment), forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(() => server.stop());

  it('gives back the very bytes that were put under a hash', async () => {
    const body = Buffer.from(JSON.stringify({ text: 'größer ☃', fill: 'x'.repeat(100_000) }));
    const objects = createObjects(environment);
    await objects.put(sha256(body), body);
    expect(Buffer.from((await objects.get(sha256(body))) ?? [])).toEqual(body);
  });

  it('puts the same detail twice as one object, and without an error', async () => {
    const objects = createObjects(environment);
    const body = Buffer.from('{"twice":true}');
    await objects.put(sha256(body), body);
    await objects.put(sha256(body), body);
    const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: objectKey(sha256(body)) }));
    expect(listed.KeyCount).toBe(1);
  });

  it('answers null for what was never put', async () => {
    expect(await createObjects(environment).get(sha256('never'))).toBeNull();
  });

  it('throws when the store does not take it: a detail that is not stored is never acknowledged', async () => {
    const body = Buffer.from('{}');
    const nowhere = createObjects({ ...environment, bucket: 'no-such-bucket' });
    await expect(nowhere.put(sha256(body), body)).rejects.toThrow(/bucket/i);
  });
});
