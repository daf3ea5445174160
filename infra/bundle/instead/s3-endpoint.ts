import { endpointOf } from './endpoint.ts';

type Asked = { Endpoint?: string; Region?: string; Bucket?: string; ForcePathStyle?: boolean };
type Endpoint = { url: URL; properties: object; headers: object };

const service = endpointOf('s3');

/**
 * Where a bucket is (Amazon S3 User Guide, "Virtual hosting of buckets"): in the host where its name can be part of one, else
 * in the path. Access points, buckets of S3 Express, Outposts and acceleration are nobody's here.
 */
export const s3Endpoint = (asked: Asked): Endpoint => {
  const { Bucket: bucket, Region: region } = asked;
  const { url, headers } = service(asked);
  const properties = {
    authSchemes: [{ disableDoubleEncoding: true, name: 'sigv4', signingName: 's3', signingRegion: region }],
  };
  if (bucket === undefined) return { url, properties, headers };
  if (bucket.startsWith('arn:') || bucket.endsWith('--x-s3'))
    throw new Error(`${bucket} is not the name of a general bucket`);
  return {
    url: asked.ForcePathStyle === true || !canBeHost(bucket, url) ? inPath(bucket, url) : inHost(bucket, url),
    properties,
    headers,
  };
};

/** A name with dots would need a certificate of its own; a number has no names below it. */
const canBeHost = (bucket: string, { hostname }: URL): boolean =>
  /^[a-z\d][a-z\d-]{1,61}[a-z\d]$/.test(bucket) && !/^\d+\.\d+\.\d+\.\d+$/.test(hostname);

const inPath = (bucket: string, url: URL): URL =>
  new URL(`${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(bucket)}`, url);

const inHost = (bucket: string, url: URL): URL => new URL(`${url.protocol}//${bucket}.${url.host}${url.pathname}`);
