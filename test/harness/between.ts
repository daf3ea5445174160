import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Body = { [field: string]: unknown };
/** What happens to a request: it is passed on (perhaps changed), and what comes back is given on, changed, or lost. */
export type Fault = (
  operation: string,
  asked: Body,
) => { pass?: Body; reply?: (answer: Body) => Body; lose?: boolean; refuse?: Body };

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

/**
 * Stands before a true DynamoDB protocol and does to it what a network and a throttled table do; also where what is
 * asked and answered is counted. `refuse` answers in the table's place, with status 400.
 */
export const startBetween = async (
  endpoint: string,
  fault: Fault,
): Promise<{ endpoint: string; close: () => void }> => {
  const agent = new Agent({ keepAlive: true });
  const server: Server = createServer((asked, answered) => {
    void (async () => {
      const operation = String(asked.headers['x-amz-target']).split('.')[1] ?? '';
      const body = JSON.parse(await bodyOf(asked)) as Body;
      const { pass = body, reply = (answer: Body) => answer, lose, refuse } = fault(operation, body);
      const type = { 'content-type': 'application/x-amz-json-1.0' };
      if (refuse !== undefined) return answered.writeHead(400, type).end(JSON.stringify(refuse));
      const sent = JSON.stringify(pass);
      const { 'content-length': _length, ...headers } = asked.headers;
      const passed = request(endpoint, {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(sent) },
      });
      // A connection that was idle may have been closed just now: who asked is told, and asks again.
      passed.on('error', () => asked.socket.destroy());
      passed.end(sent);
      passed.on('response', (response) => {
        void bodyOf(response).then((text) => {
          if (lose === true) return asked.socket.destroy();
          return answered
            .writeHead(response.statusCode ?? 500, type)
            .end(JSON.stringify(reply(JSON.parse(text) as Body)));
        });
      });
      return undefined;
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const close = (): void => {
    server.close();
    agent.destroy();
  };
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
};
