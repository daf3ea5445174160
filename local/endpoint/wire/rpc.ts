import { AwsError, type Members } from '../operations.ts';
import type { Protocol } from './call.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';

const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

/**
 * Smithy's rpc-v2-cbor: the operation is the last part of `/service/<name>/operation/<operation>`
 * (https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html).
 */
export const rpcCbor: Protocol = {
  read: ({ path, body }) => ({ operation: operationIn(path), input: members(body) }),
  answer: (_call, output) => ({ status: 200, headers, body: encodeCbor(output ?? {}) }),
  refuse: ({ code, message, status }) => ({
    status,
    headers: { ...headers, 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` },
    body: encodeCbor({ __type: code, message }),
  }),
};

/** @returns the operation named in the path of an rpc-v2-cbor request; empty when it names none */
export const operationIn = (path: string): string =>
  /^\/service\/[A-Za-z0-9_]+\/operation\/([A-Za-z0-9_]+)$/.exec(path)?.[1] ?? '';

const members = (body: Uint8Array): Members => {
  const value = body.length === 0 ? {} : decoded(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AwsError('SerializationException', 'the body of the request must be a CBOR map');
  return value;
};

const decoded = (body: Uint8Array): unknown => {
  try {
    return decodeCbor(body);
  } catch {
    throw new AwsError('SerializationException', 'the body of the request is not CBOR');
  }
};
