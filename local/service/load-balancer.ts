import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What users talk to: it stays where it is while the releases behind it come and go. */
export type LoadBalancer = {
  port: number;
  /** Sends what comes from now on to these ports in turn; none: nobody is there. */
  point: (ports: number[]) => void;
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
  let targets: number[] = [];
  let turn = 0;
  const next = (tried: number[] = []): number | null => {
    const left = targets.filter((port) => !tried.includes(port));
    turn += 1;
    return left[turn % left.length] ?? null;
  };
  const server = createServer((incoming, outgoing) => {
    const target = next();
    if (target === null) return say(outgoing, 503, 'nothing is deployed here yet, or a new node is on its way');
    forward([target], next, incoming, outgoing);
  });
  const port = await listen(server, wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return listen(server, 0);
  });
  return {
    port,
    point: (ports) => {
      targets = ports;
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
 * that was just leaving or a node that is down, is asked of another one, each once: a switch loses no request.
 *
 * @param tried the ports that it was asked of, the one it is asked of now last
 */
const forward = (
  tried: number[],
  another: (tried: number[]) => number | null,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void => {
  const { connection: _, ...headers } = incoming.headers;
  const options = { host: '127.0.0.1', port: tried.at(-1), agent: false, timeout: answerWithin } as const;
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
    if (outgoing.headersSent) return outgoing.destroy();
    const next = readsOnly(incoming) ? another(tried) : null;
    if (next !== null) return forward([...tried, next], another, incoming, outgoing);
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
