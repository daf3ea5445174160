import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What users talk to: it stays where it is while the releases behind it come and go. */
export type LoadBalancer = {
  port: number;
  /** Sends what comes from now on to this port; null: nobody is there. */
  point: (port: number | null) => void;
  close: () => Promise<void>;
};

/** How long a release may take for an answer before the user is told (ms). */
const answerWithin = 30_000;

/**
 * Starts the load balancer of a service on loopback.
 *
 * @param wanted the port it had before; another free one is taken when that is in use
 */
export const startLoadBalancer = async (wanted: number): Promise<LoadBalancer> => {
  let target: number | null = null;
  const server = createServer((incoming, outgoing) => {
    if (target === null) return say(outgoing, 503, 'nothing is deployed here yet, or a new node is on its way');
    forward(target, () => target, incoming, outgoing);
  });
  const port = await listen(server, wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return listen(server, 0);
  });
  return {
    port,
    point: (next) => {
      target = next;
    },
    close: () => close(server),
  };
};

const say = (outgoing: ServerResponse, status: number, words: string): void => {
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  outgoing.end(`${words}\n`);
};

/**
 * Each on a connection of its own, so that none outlives the release it leads to. What only reads, and met a release
 * that was just leaving, is asked of the one that took its place: a switch loses no request.
 */
const forward = (
  port: number,
  current: () => number | null,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void => {
  const { connection: _, ...headers } = incoming.headers;
  const options = { host: '127.0.0.1', port, agent: false, timeout: answerWithin } as const;
  const passed = request(
    { ...options, method: incoming.method, path: incoming.url, headers: { ...headers, ...forwarded(incoming) } },
    (answer) => {
      const { connection: __, 'keep-alive': ___, 'transfer-encoding': ____, ...kept } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, kept);
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    },
  );
  passed.on('timeout', () => passed.destroy(new Error('no answer in time')));
  passed.on('error', () => {
    const next = current();
    if (outgoing.headersSent) return outgoing.destroy();
    if (next !== null && next !== port && readsOnly(incoming)) return forward(next, current, incoming, outgoing);
    return say(outgoing, 502, 'the node does not answer');
  });
  outgoing.on('close', () => passed.destroy());
  incoming.pipe(passed);
};

const readsOnly = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const forwarded = ({ headers, socket }: IncomingMessage): { [name: string]: string } => ({
  'x-forwarded-for': socket.remoteAddress ?? '',
  'x-forwarded-proto': 'http',
  ...(headers.host !== undefined && { 'x-forwarded-host': headers.host }),
});

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
