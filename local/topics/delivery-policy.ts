import { AwsError } from '../endpoint/operations.ts';
import { httpRetries, type RetryPolicy, wrongWithRetries } from './retry-policy.ts';

/** How messages are posted to an HTTP endpoint. */
export type DeliveryPolicy = { retries: RetryPolicy; contentType: string };

const usual: DeliveryPolicy = { retries: httpRetries, contentType: 'text/plain; charset=UTF-8' };

type Written = {
  healthyRetryPolicy?: Partial<RetryPolicy>;
  requestPolicy?: { headerContentType?: string };
  http?: { defaultHealthyRetryPolicy?: Partial<RetryPolicy>; defaultRequestPolicy?: { headerContentType?: string } };
};

/**
 * The policy of a subscription, else that of its topic, else SNS's own (SNS Developer Guide, "Creating an HTTP/S delivery
 * policy").
 *
 * @param texts the attribute `DeliveryPolicy` of the subscription and of the topic, where they have one
 * @throws AwsError InvalidParameter for what cannot be
 */
export const readDeliveryPolicy = (...texts: (string | undefined)[]): DeliveryPolicy => {
  const written = texts.filter((text) => text !== undefined && text !== '').map((text) => parsed(text ?? ''));
  const [retries] = written.map((one) => one.healthyRetryPolicy ?? one.http?.defaultHealthyRetryPolicy).filter(isThere);
  const [request] = written.map((one) => one.requestPolicy ?? one.http?.defaultRequestPolicy).filter(isThere);
  const policy = { ...usual.retries, ...retries };
  const wrong = wrongWithRetries(policy);
  if (wrong !== null) throw refused(wrong);
  return { retries: policy, contentType: request?.headerContentType ?? usual.contentType };
};

const isThere = <Value>(value: Value | undefined): value is Value => value !== undefined;

const parsed = (text: string): Written => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // said below
  }
  throw refused('failed to parse JSON');
};

const refused = (why: string): AwsError =>
  new AwsError('InvalidParameter', `Invalid parameter: DeliveryPolicy: ${why}`);

/** The queue that takes what a subscriber never took; null where there is none. @throws AwsError InvalidParameter */
export const readRedrivePolicy = (text: string | undefined): string | null => {
  if (text === undefined || text === '') return null;
  try {
    const { deadLetterTargetArn } = JSON.parse(text) as { deadLetterTargetArn?: unknown };
    if (typeof deadLetterTargetArn === 'string' && queueIn(deadLetterTargetArn) !== null) return deadLetterTargetArn;
  } catch {
    // said below
  }
  const wanted = '{"deadLetterTargetArn": "arn:aws:sqs:..."} is wanted';
  throw new AwsError('InvalidParameter', `Invalid parameter: RedrivePolicy: ${wanted}`);
};

/** The name of a queue in its ARN; null where it is none. */
export const queueIn = (arn: string): string | null =>
  /^arn:aws:sqs:[a-z0-9-]+:\d{12}:([\w-]{1,80}(?:\.fifo)?)$/.exec(arn)?.[1] ?? null;
