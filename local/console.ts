import { serve, type ServerType } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { AddressInfo } from 'node:net';
import { EscalatorError } from '../shared/errors.ts';
import { refusal } from './endpoint/gate.ts';
import { pageRoutes } from './page/page.ts';

export type Console = { url: string; close: () => Promise<void> };

/** Serves the query API and the page, on loopback. Throws ESC-001 when the port is in use. */
export const startConsole = async ({ port, api }: { port: number; api: Hono }): Promise<Console> => {
  const app = new Hono();
  // A page of somebody else's must not reach us through the browser: only loopback names are answered.
  app.use(async (context, next) => {
    const refused = refusal({ host: context.req.header('host'), origin: foreignOrigin(context) });
    return refused === null ? next() : context.text(`${refused}\n`, 403);
  });
  app.route('/', api);
  app.route('/', pageRoutes());
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
  const url = await listening(server, port);
  return { url, close: () => close(server) };
};

/** Browsers name our own page as the origin when they load its modules; the loopback name is checked as any host's. */
const foreignOrigin = ({ req }: Context): string | undefined => {
  const origin = req.header('origin');
  return origin === `http://${req.header('host')}` ? undefined : origin;
};

const listening = (server: ServerType, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message = `port ${port} is in use, and the console wants it`;
      const inUse = new EscalatorError('ESC-001', message, 'stop the other process or pass --port 0 for any free port');
      reject(error.code === 'EADDRINUSE' ? inUse : error);
    });
    server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

const close = (server: ServerType): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
