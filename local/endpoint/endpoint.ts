import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { EscalatorError } from '../../shared/errors.ts';
import { readBody } from './body.ts';
import { startDynamoDb, type DynamoDb } from './dynamodb.ts';
import { refusal, scopeOf } from './gate.ts';
import { AwsError, type Operations } from './operations.ts';
import { openQueues, type Queues } from './queues.ts';
import { answerCall, protocolOf } from './stand-in.ts';
import type { Answer } from './wire/call.ts';

type StandInScope =
  | 'cloudformation'
  | 'cloudtrail'
  | 'codepipeline'
  | 'codecommit'
  | 'monitoring'
  | 'ssm'
  | 'autoscaling'
  | 'events'
  | 'codedeploy'
  | 'ecs'
  | 'lambda'
  | 'secretsmanager'
  | 'sns';

export type StandIns = {
  [scope in StandInScope]: Operations;
};

export type EndpointOptions = {
  dataDir: string;
  /** 0 = any free one */
  port: number;
  account: string;
  region: string;
  operations: StandIns;
  /** answers a GET that nobody signed, such as of a link in a message; null where it is for nobody */
  visit?: (path: string) => Answer | null;
  log: (line: string) => void;
};

export type Endpoint = {
  /** `http://127.0.0.1:<port>`: the one address for all AWS clients */
  url: string;
  /** puts a message in a queue, as EventBridge does for a rule's target; throws when the queue did not take it */
  send: Queues['send'];
  close: () => Promise<void>;
};

/** Everything a request may be handed to. */
type Backends = Pick<EndpointOptions, 'operations' | 'visit' | 'log'> & { queues: Queues; dynamodb: DynamoDb };

/** Bytes; AWS takes 16 MB for DynamoDB's largest batch, and 1 MB for the largest call to a stand-in. */
const bodyLimits = { dynamodb: 16 * 1024 * 1024, standIn: 4 * 1024 * 1024 };

/** Idle connections are kept longer than SDK clients keep them, so that none is closed under a request. */
const keepAliveMs = 65_000;

/**
 * Starts the one AWS endpoint of this machine, on loopback.
 *
 * @throws EscalatorError ESC-001 when the port is in use; Error when the data cannot be opened
 */
export const startEndpoint = async (options: EndpointOptions): Promise<Endpoint> => {
  const { dataDir, port, account, region, operations, visit, log } = options;
  const dynamodb = await startDynamoDb({ dir: join(dataDir, 'dynamodb'), account, region, log });
  const queues = await openQueues({ dir: join(dataDir, 'queues'), region });
  const backends = { operations, ...(visit && { visit }), log, queues, dynamodb };
  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) =>
    serve(backends, request, response),
  );
  const closeData = async (): Promise<void> => void (await Promise.all([queues.close(), dynamodb.close()]));
  const url = await listen(server, port).catch(async (error: unknown) => {
    await closeData();
    throw error;
  });
  queues.rehome(url);
  return {
    url,
    send: queues.send,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await closeData(); // ends the long polls; what is still asked is answered with an error
      server.closeAllConnections();
      await closed;
    },
  };
};

const listen = (server: Server, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new EscalatorError('ESC-001', `port ${port} is in use`, 'stop the other process or pass --aws-port 0', {
              cause: error,
            })
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

const serve = (backends: Backends, request: IncomingMessage, response: ServerResponse): void => {
  const requestId = randomUUID();
  response.setHeader('x-amzn-requestid', requestId);
  route(backends, request, response, requestId).catch((error: unknown) => {
    backends.log(`the AWS endpoint could not answer request ${requestId}: ${String(error)}`);
    if (!response.headersSent) sendText(response, 500, 'the request failed inside; the terminal says why\n');
    else response.destroy();
  });
};

const route = async (
  backends: Backends,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> => {
  const refused = refusal(request.headers);
  if (refused !== null) return sendText(response, 403, `${refused}\n`);
  const scope = scopeOf(request.url ?? '/', request.headers);
  if (scope === null) return sendWithoutScope(backends, request, response);
  if (['sqs', 's3', 'sts'].includes(scope)) return backends.queues.handle(request, response);
  const answer =
    scope === 'dynamodb'
      ? await askDynamoDb(backends.dynamodb, request)
      : await askStandIn(backends, scope, request, requestId);
  response.writeHead(answer.status, answer.headers).end(answer.body);
};

const askDynamoDb = async (dynamodb: DynamoDb, request: IncomingMessage): Promise<Answer> => {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  const read = await readBody(request, bodyLimits.dynamodb);
  if (read === null) return { status: 413, headers: {}, body: '' };
  const target = String(request.headers['x-amz-target'] ?? '');
  const { status, body } = await dynamodb.call(target.slice(target.indexOf('.') + 1), read.toString('utf8'));
  return { status, headers, body };
};

const askStandIn = async (
  { operations, log }: Backends,
  scope: string,
  request: IncomingMessage,
  requestId: string,
): Promise<Answer> => {
  const headers = singleHeaders(request);
  const body = await readBody(request, bodyLimits.standIn);
  if (body === null) {
    const message = `the request is larger than ${bodyLimits.standIn} bytes`;
    return protocolOf(scope, headers).refuse(new AwsError('RequestEntityTooLargeException', message, 413), requestId);
  }
  const known = Object.hasOwn(operations, scope) ? operations[scope as keyof StandIns] : {};
  const wire = { method: request.method ?? '', path: request.url ?? '/', headers, body };
  return answerCall(scope, known, wire, requestId, log);
};

const singleHeaders = (request: IncomingMessage): { [name: string]: string } =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));

const about = `This is the AWS endpoint of Escalator on one machine. Point AWS clients at it, e.g.
  aws --endpoint-url http://HOST codepipeline list-pipelines
with any credentials. It serves DynamoDB, SQS, SNS, S3, EventBridge, CodePipeline, CodeCommit, CloudWatch alarms,
Auto Scaling, CodeDeploy, ECS, Lambda and SSM, as far as Escalator uses them.
`;

const sendWithoutScope = ({ visit }: Backends, request: IncomingMessage, response: ServerResponse): void => {
  const answer = request.method === 'GET' ? (visit?.(request.url ?? '/') ?? null) : null;
  if (answer !== null) return void response.writeHead(answer.status, answer.headers).end(answer.body);
  if (request.method === 'GET' && request.url === '/')
    return sendText(response, 200, about.replace('HOST', String(request.headers.host)));
  sendText(response, 403, 'MissingAuthenticationToken: the request names no service; sign it, as AWS clients do\n');
};

const sendText = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(text);
};
