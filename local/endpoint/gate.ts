import { operationIn } from './wire/rpc.ts';

type Headers = { [name: string]: string | string[] | undefined };

/**
 * Why a request is not served at all, or null. Only programs on this machine may ask: a page in a browser sends an
 * Origin, and a name that an attacker has made to point here (DNS rebinding) stands in Host.
 */
export const refusal = (headers: Headers): string | null => {
  if (headers.origin !== undefined) return 'requests from a page in a browser (with an Origin header) are refused';
  if (!isLoopback(String(headers.host ?? ''))) return 'the Host header does not name this machine';
  return null;
};

/** `bucket.localhost` too: S3 clients put the bucket in front, and nobody can register a name under localhost. */
const isLoopback = (host: string): boolean =>
  /^(?:(?:[a-z0-9.-]+\.)?localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i.test(host);

/** Where requests without a signature belong, by the prefix of X-Amz-Target. */
const scopeOfTarget: { [prefix: string]: string } = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  CodePipeline_20150709: 'codepipeline',
  CodeCommit_20150413: 'codecommit',
  AmazonSSM: 'ssm',
  AmazonEC2ContainerServiceV20141113: 'ecs',
  CodeDeploy_20141006: 'codedeploy',
  AWSEvents: 'events',
  secretsmanager: 'secretsmanager',
  GraniteServiceVersion20100801: 'monitoring',
};

/**
 * Which service a request is for: the service in the scope of its credential, in the header or presigned in the
 * query, else by its target.
 *
 * @returns the name of the signing scope such as `monitoring`, or null when nothing tells
 */
export const scopeOf = (url: string, headers: Headers): string | null => {
  const signed = /Credential=[^/,\s]+\/\d{8}\/[^/,\s]+\/([a-z0-9-]+)\/aws4_request/;
  const header = signed.exec(String(headers.authorization ?? ''));
  if (header !== null) return header[1] ?? null;
  const presigned = /[?&]X-Amz-Credential=([^&]+)/.exec(url);
  if (presigned !== null)
    return (
      decode(presigned[1] ?? '')
        .split('/')
        .at(-2) ?? null
    );
  if (/[?&]AWSAccessKeyId=/.test(url)) return 's3'; // the older way to presign, which only S3 has
  const target = String(headers['x-amz-target'] ?? '').split('.')[0] ?? '';
  if (Object.hasOwn(scopeOfTarget, target)) return scopeOfTarget[target] ?? null;
  return operationIn(url) === '' ? null : 'monitoring';
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};
