import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded into the product's process before anything of it (`node --import`): what its functions ask of AWS, all but
 * what keeps the trail, the queues and the alerts going, is sent to the gate of the test instead. The product itself
 * knows nothing of it.
 */
const gate = new URL(process.env['TEST_GATE'] ?? 'http://127.0.0.1:0');
const leftAlone = ['dynamodb', 'sqs', 'sns', 's3'];
const { request } = http;

type Asked = http.RequestOptions & { headers?: { [name: string]: unknown } };

const isForGate = ({ headers }: Asked): boolean => {
  const scope = /\/([a-z0-9-]+)\/aws4_request/.exec(String(headers?.['authorization']))?.[1];
  return scope !== undefined && !leftAlone.includes(scope);
};

http.request = ((...args: Parameters<typeof request>) => {
  const [asked, ...rest] = args as unknown as [Asked, ...unknown[]];
  const isDiverted = typeof asked === 'object' && isForGate(asked);
  const to = isDiverted ? { ...asked, host: gate.hostname, port: gate.port } : asked;
  return (request as (...all: unknown[]) => http.ClientRequest)(to, ...rest);
}) as typeof request;
syncBuiltinESMExports();
