import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EscalatorError } from '../../shared/errors.ts';
import { refusal } from '../endpoint/gate.ts';
import type { Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';
import { codecommitOperations } from './operations.ts';
import { gitDirOf, type GitSource, gitSource, listRepositories } from './repositories.ts';
import { answerGit, Refused, type SmartHttp } from './smart-http.ts';
import { createTeller } from './teller.ts';
import { createTold, type Push } from './told.ts';

export type GitRemoteOptions = {
  world: World;
  transaction: Transaction;
  /** the folder of all repositories */
  dir: string;
  /** 0 for any free port */
  port: number;
  /** Told of each branch that moved, in order; again, under the same id, if it failed or the process was killed. */
  onPush?: (push: Push) => unknown;
  log: (line: string) => void;
  /** how often references are compared without a push, for what was moved behind our back (ms; default 10 s) */
  compareEvery?: number;
};

export type GitRemote = {
  /** `http://127.0.0.1:4418/shop.git` */
  url: (repository: string) => string;
  port: number;
  source: GitSource;
  /** CodeCommit's API over the same repositories */
  operations: Operations;
  /** Compares every repository with what was last told, now. */
  compare: () => Promise<void>;
  close: () => Promise<void>;
};

/**
 * A git remote on loopback that emits CodeCommit's events for each reference that really moved. References are
 * compared with what was last told after each push and at start, so a kill between the two loses and doubles nothing.
 *
 * @throws EscalatorError ESC-001 when the port is in use
 */
export const startGitRemote = async (options: GitRemoteOptions): Promise<GitRemote> => {
  const { world, transaction, dir, log, onPush = () => undefined } = options;
  await mkdir(dir, { recursive: true });
  await removeLeftovers(dir);
  const told = createTold(world, transaction);
  const { compare, alone, idle } = createTeller({ dir, told, onPush, log });
  const server = createServer((request, response) => void answer({ dir, alone }, request, response, log));
  const port = await listen(server, options.port);
  const url = (repository: string): string => `http://127.0.0.1:${port}/${repository}.git`;
  await compare();
  const stop = every(options.compareEvery ?? 10_000, compare, log);
  return {
    url,
    port,
    source: gitSource(dir),
    operations: codecommitOperations({ dir, world, transaction, about: told.about, url }),
    compare,
    close: async () => {
      stop();
      await close(server);
      await idle();
    },
  };
};

/** What a killed process left half-way: uploads, a repository not yet seeded, an index. */
const removeLeftovers = async (dir: string): Promise<void> => {
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
  for (const name of await readdir(dir)) if (name.startsWith('.')) await remove(join(dir, name));
  for (const repository of await listRepositories(dir)) {
    const gitDir = gitDirOf(dir, repository);
    for (const name of await readdir(gitDir)) if (name.startsWith('checkout-')) await remove(join(gitDir, name));
  }
};

const answer = async (
  smart: SmartHttp,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void,
): Promise<void> => {
  try {
    const refused = refusal(request.headers);
    if (refused !== null) throw new Refused(403, refused);
    await answerGit(smart, request, response);
  } catch (error) {
    if (!(error instanceof Refused)) log(`git remote: ${String(error)}`);
    refuse(response, error instanceof Refused ? error : new Refused(500, 'failed inside; the terminal says why'));
  }
};

const refuse = (response: ServerResponse, { status, message }: Refused): void => {
  if (response.headersSent) {
    response.destroy(); // half an answer must not look like a whole one
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${message}\n`);
};

const every = (ms: number, work: () => Promise<void>, log: (line: string) => void): (() => void) => {
  const timer = setInterval(() => {
    work().catch((error: unknown) => log(`git remote: comparing references: ${String(error)}`));
  }, ms).unref();
  return () => clearInterval(timer);
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = new EscalatorError(
        'ESC-001',
        `port ${port} is in use, and the git remote wants it`,
        'stop the other process or pass --git-port 0 for any free port',
      );
      reject(error.code === 'EADDRINUSE' ? inUse : error);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref(); // a client that does not come to its end
  });
