import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scopeOf } from '../../local/endpoint/gate.ts';
import { add, chunks, type Usage } from './bill.ts';

/** What was asked since the meter was last read. */
export type Reading = { usage: Usage; requests: number };

export type Meter = { url: string; read: () => Reading };

type Asked = { scope: string; operation: string; method: string; path: string; body: string };
type Answered = { status: number; body: string };

/**
 * Stands before the AWS endpoint of this machine, passes everything on, and counts what AWS would bill: of DynamoDB by
 * the units that it says were consumed, of everything else by requests and bytes.
 */
export const startMeter = async (endpoint: string): Promise<Meter> => {
  let reading: Reading = { usage: {}, requests: 0 };
  const agent = new Agent({ keepAlive: true });
  const server = createServer((message, response) => {
    void (async () => {
      const asked = await askedIn(message);
      const answer = await pass(agent, endpoint, message, { ...asked, body: withUnits(asked, url(), endpoint) });
      reading = { usage: add(reading.usage, billed(asked, answer)), requests: reading.requests + 1 };
      const { 'content-length': _was, 'transfer-encoding': _chunked, ...headers } = answer.headers;
      response.writeHead(answer.status, headers).end(answer.bytes);
    })().catch(() => message.socket.destroy());
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url(),
    read: () => {
      const was = reading;
      reading = { usage: {}, requests: 0 };
      return was;
    },
  };
};

const askedIn = async (message: IncomingMessage): Promise<Asked> => {
  const path = message.url ?? '/';
  const body = (await bytesOf(message)).toString('latin1');
  const scope = scopeOf(path, message.headers) ?? '';
  const target = String(message.headers['x-amz-target'] ?? '').split('.')[1];
  const operation = target ?? /\/operation\/(\w+)/.exec(path)?.[1] ?? /Action=(\w+)/.exec(body)?.[1] ?? '';
  return { scope, operation, method: message.method ?? '', path, body };
};

const bytesOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

/** DynamoDB is asked to say what it consumed; queues are known under the address of the endpoint behind. */
const withUnits = ({ scope, body }: Asked, here: string, there: string): string => {
  if (scope === 'sqs') return body.replaceAll(here, there);
  if (scope !== 'dynamodb') return body;
  return JSON.stringify({
    ...(JSON.parse(Buffer.from(body, 'latin1').toString()) as object),
    ReturnConsumedCapacity: 'TOTAL',
  });
};

const pass = (
  agent: Agent,
  endpoint: string,
  { method, url, headers }: IncomingMessage,
  { scope, body }: Asked,
): Promise<Answered & { headers: IncomingHttpHeaders; bytes: Buffer }> =>
  new Promise((resolve, reject) => {
    const sent = Buffer.from(body, scope === 'dynamodb' ? 'utf8' : 'latin1');
    const { 'content-length': _length, 'transfer-encoding': _chunked, ...others } = headers;
    const passed = request(new URL(url ?? '/', endpoint), {
      agent,
      ...(method !== undefined && { method }),
      headers: { ...others, host: new URL(endpoint).host, 'content-length': sent.length },
    });
    passed.on('error', reject);
    passed.on('response', (answer) => {
      bytesOf(answer).then((bytes) => {
        resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: bytes.toString(), bytes });
      }, reject);
    });
    passed.end(sent);
  });

const billed = (asked: Asked, answer: Answered): Usage => {
  const bytes = Math.max(asked.body.length, answer.body.length);
  switch (asked.scope) {
    case 'dynamodb':
      return units(asked, answer);
    case 'sqs':
      return { [asked.body.includes('.fifo"') ? 'sqs.fifo' : 'sqs.standard']: chunks(bytes) };
    case 'sns':
      return { 'sns.publish': chunks(bytes) };
    case 's3':
      return {
        [asked.method === 'GET' && !asked.path.includes('list-type') ? 's3.get' : 's3.put']: 1,
        ...signed(asked),
      };
    case 'monitoring':
      return { 'cloudwatch.request': 1 };
    case 'events':
      return { 'eventbridge.custom': chunks(asked.body.length) };
    // What is asked of these is not billed (Parameter Store: standard parameters at standard throughput; CloudTrail: the
    // history of events).
    case 'cloudformation':
    case 'cloudtrail':
    case 'codepipeline':
    case 'codecommit':
    case 'codedeploy':
    case 'autoscaling':
    case 'ecs':
    case 'lambda':
    case 'ssm':
      return {};
    default:
      return { [`a request of ${asked.scope} ${asked.operation}`]: 1 }; // has no price: the bill refuses it
  }
};

/** On this machine a file signs; on AWS each checkpoint is one call of KMS. */
const signed = ({ method, path }: Asked): Usage =>
  method === 'PUT' && path.includes('/checkpoints/') ? { 'kms.sign': 1 } : {};

const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];

/** A put whose condition does not hold is billed like one whose does. */
const units = ({ operation, body }: Asked, { status, body: answer }: Answered): Usage => {
  const write = writes.includes(operation);
  if (status !== 200) return write ? { 'dynamodb.write': Math.max(1, Math.ceil(body.length / 1_024)) } : {};
  const { ConsumedCapacity: consumed } = JSON.parse(answer) as { ConsumedCapacity?: Consumed | Consumed[] };
  const all = [consumed ?? []].flat();
  const sum = all.reduce((so, { CapacityUnits: some = 0 }) => so + some, 0);
  return { [write ? 'dynamodb.write' : 'dynamodb.read']: sum };
};

type Consumed = { CapacityUnits?: number };
