import { AwsError, type Operations } from './operations.ts';
import type { Answer, Protocol, WireRequest } from './wire/call.ts';
import { awsJson } from './wire/json.ts';
import { awsQuery } from './wire/query.ts';
import { lambdaRoutes, restJson } from './wire/rest.ts';
import { rpcCbor } from './wire/rpc.ts';

/** The XML namespaces of the services that answer forms, as their API models name them. */
const namespaces: { [scope: string]: string } = {
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  autoscaling: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  monitoring: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
};

/**
 * Answers one request to a stand-in over whichever protocol it came in.
 *
 * @param scope the service's signing scope, e.g. `autoscaling`
 * @param log is told of what failed inside; the caller on the wire is not
 */
export const answerCall = async (
  scope: string,
  operations: Operations,
  request: WireRequest,
  requestId: string,
  log: (line: string) => void,
): Promise<Answer> => {
  const protocol = protocolOf(scope, request.headers);
  try {
    const call = protocol.read(request);
    if (!Object.hasOwn(operations, call.operation)) throw unknown(scope, call.operation, operations, request.headers);
    return protocol.answer(call, await operations[call.operation]?.(call.input), requestId);
  } catch (error) {
    if (error instanceof AwsError) return protocol.refuse(error, requestId);
    log(`${scope} failed inside (request ${requestId}): ${error instanceof Error ? error.stack : String(error)}`);
    return protocol.refuse(
      new AwsError('InternalFailure', 'the request failed inside; the terminal says why', 500),
      requestId,
    );
  }
};

/** Lambda's is its own; the form and CBOR say so in their content type; everything else is JSON, of the version it names. */
export const protocolOf = (scope: string, headers: WireRequest['headers']): Protocol => {
  if (scope === 'lambda') return restJson(lambdaRoutes);
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return awsQuery(namespaces[scope] ?? '');
  if (type.startsWith('application/cbor')) return rpcCbor;
  return awsJson(type.endsWith('1.0') ? '1.0' : '1.1');
};

/** The name AWS gives the mistake depends on the protocol. */
const unknown = (
  scope: string,
  operation: string,
  operations: Operations,
  headers: WireRequest['headers'],
): AwsError => {
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const known = Object.keys(operations).join(', ');
  const message = `${scope} on one machine has no operation "${operation.slice(0, 100)}"; it has ${known || 'none'}`;
  return new AwsError(form ? 'InvalidAction' : 'UnknownOperationException', message);
};
