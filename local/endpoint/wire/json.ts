import { AwsError, type Members } from '../operations.ts';
import type { Protocol } from './call.ts';

/**
 * awsJson 1.0 and 1.1: the operation in `X-Amz-Target` behind the service's prefix, members as JSON, timestamps as
 * epoch seconds (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
 *
 * @param version of the content type, as the request gave it
 */
export const awsJson = (version: '1.0' | '1.1'): Protocol => {
  const headers = { 'content-type': `application/x-amz-json-${version}` };
  return {
    read: ({ headers: asked, body }) => {
      const target = asked['x-amz-target'] ?? '';
      return { operation: target.slice(target.lastIndexOf('.') + 1), input: parseJson(body) };
    },
    answer: (_call, output) => ({ status: 200, headers, body: JSON.stringify(output ?? {}, secondsForDates) }),
    refuse: ({ code, message, status }) => ({
      status,
      headers: { ...headers, 'x-amzn-errortype': code, 'x-amzn-query-error': `${code};${fault(status)}` },
      body: JSON.stringify({ __type: code, message }),
    }),
  };
};

const fault = (status: number): string => (status < 500 ? 'Sender' : 'Receiver');

/** The JSON object in a body; no body is an empty one. @throws AwsError SerializationException */
export const parseJson = (body: Uint8Array): Members => {
  if (body.length === 0) return {};
  const value = valueIn(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AwsError('SerializationException', 'the body of the request must be a JSON object');
  return value;
};

const valueIn = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new AwsError('SerializationException', 'the body of the request is not JSON');
  }
};

/** `JSON.stringify` has already turned the date into text when it asks, hence `this`. */
function secondsForDates(this: unknown, key: string, value: unknown): unknown {
  const original = (this as { [name: string]: unknown })[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}
