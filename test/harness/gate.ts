import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call of the product to AWS that stands at the gate. Left standing, it never arrives and is never answered. */
export type Standing = {
  operation: string;
  body: string;
  pass: () => void;
  /** it has its effect, and whoever called never hears; resolves when the effect is there */
  passUnheard: () => Promise<void>;
};

/** Stands between the functions of a product and the AWS endpoint that it asks. */
export type Gate = {
  url: string;
  /** operations that were passed on to the endpoint, in order */
  passed: () => string[];
  /** The next call of this operation stops here; others go on. One stop at a time for an operation. */
  stop: (operation: string) => Promise<Standing>;
  close: () => void;
};

type Asked = { request: IncomingMessage; body: string; response: ServerResponse };

/**
 * Starts a gate; a product started with its url asks through it. An operation is what the call names
 * (`RollbackStage`), or, where a service has none on the wire, how it is asked (`PUT /2015-03-31/functions/...`).
 */
export const startGate = async (): Promise<Gate> => {
  const agent = new Agent({ keepAlive: true });
  const passed: string[] = [];
  const stops = new Map<string, (standing: Standing) => void>();
  const standingOf = (operation: string, asked: Asked): Standing => {
    const go = (then: (answer: Answered) => void): void => {
      passed.push(operation);
      forward(agent, asked, then);
    };
    return {
      operation,
      body: asked.body,
      pass: () => go((answer) => deliver(answer, asked.response)),
      passUnheard: () => new Promise((resolve) => go(() => resolve())),
    };
  };
  const server = createServer((message, response) => {
    void bodyOf(message).then((body) => {
      const operation = operationOf(message, body);
      const standing = standingOf(operation, { request: message, body, response });
      const stop = [...stops.keys()].find((name) => operation.startsWith(name));
      if (stop === undefined) return standing.pass();
      stops.get(stop)?.(standing);
      stops.delete(stop);
      return undefined;
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: () => passed,
    stop: (operation) => new Promise((resolve) => stops.set(operation, resolve)),
    close: () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
};

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('latin1');
};

const operationOf = ({ headers, method, url }: IncomingMessage, body: string): string => {
  const target = String(headers['x-amz-target'] ?? '').split('.')[1];
  const inQuery = /^(?:.*&)?Action=(\w+)/.exec(body)?.[1];
  return target ?? inQuery ?? /\/operation\/(\w+)$/.exec(url ?? '')?.[1] ?? `${method} ${url}`;
};

type Answered = { status: number; headers: IncomingMessage['headers']; body: string };

/** To where the caller meant to ask: its Host header says so. */
const forward = (agent: Agent, { request: asked, body, response }: Asked, then: (answer: Answered) => void): void => {
  const { method, url, headers } = asked;
  const passing = request(`http://${headers.host}${url}`, { agent, method, headers }, (answer) => {
    void bodyOf(answer).then((text) => then({ status: answer.statusCode ?? 500, headers: answer.headers, body: text }));
  });
  // An endpoint that is gone was killed with its product: whoever asked is gone too.
  passing.on('error', () => response.destroy());
  passing.end(body, 'latin1');
};

const deliver = ({ status, headers, body }: Answered, response: ServerResponse): void =>
  void response.writeHead(status, headers).end(body, 'latin1');
