import { createHash } from 'node:crypto';

/** A request of S3, as far as conditions go. */
export type PutRequest = {
  method: string;
  headers: { [name: string]: string | string[] | undefined };
  params: unknown;
  body: unknown;
};

export type Refusal = { status: number; xml: string };

/**
 * What fauxqs 2.4.1 leaves out of PutObject: that an object is written only where there is none (If-None-Match: *), and
 * that bytes are those of the SHA-256 that came with them (Amazon S3 User Guide, "Add preconditions to S3 operations";
 * "Checking object integrity").
 *
 * @param isThere whether a bucket has an object of a key
 * @returns null where S3 would take it
 */
export const refusalOf = (
  { method, headers, params, body }: PutRequest,
  isThere: (bucket: string, key: string) => boolean,
): Refusal | null => {
  const { bucket, '*': key } = (params ?? {}) as { bucket?: string; '*'?: string };
  if (method !== 'PUT' || bucket === undefined || key === undefined || key === '') return null;
  if (headers['if-none-match'] === '*' && isThere(bucket, key))
    return refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  const claimed = headers['x-amz-checksum-sha256'];
  if (typeof claimed !== 'string' || !Buffer.isBuffer(body)) return null;
  const isRight = createHash('sha256').update(body).digest('base64') === claimed;
  return isRight ? null : refusal(400, 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
};

const refusal = (status: number, code: string, message: string): Refusal => ({
  status,
  xml: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});
