import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';

/** A running release: one process of our own Node that listens on a port of its own. */
export type ReleaseProcess = {
  port: number;
  pid: number | undefined;
  /** how it ended, in words; null while it runs */
  ended: () => string | null;
  /** the last of what it printed */
  tail: () => string;
  /** Asks it to leave, ends it if it does not, and resolves when it has gone. */
  stop: () => Promise<void>;
};

export type ReleaseStart = {
  /** absolute path of its `server.js` */
  file: string;
  commit: string;
  /** `<environment>/<service>@<execution>` */
  release: string;
  /** how long it may take to leave when asked to (ms) */
  graceMs: number;
};

const lifeline = new URL('./lifeline.ts', import.meta.url).href;

/** Starts a release on a free port, in a clean environment: nothing of the product's own reaches it. */
export const startRelease = async (start: ReleaseStart): Promise<ReleaseProcess> => {
  const port = await freePort();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', lifeline, start.file], {
    cwd: dirname(start.file),
    env: {
      PATH: process.env['PATH'],
      HOME: dirname(start.file),
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      COMMIT: start.commit,
      RELEASE: start.release,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'], // the fourth is the lifeline
    detached: true, // a process group of its own: Ctrl-C is for the product, which ends its releases in order
  });
  const tail = keepTail(child);
  const end = watchEnd(child);
  return {
    port,
    pid: child.pid,
    ended: end.words,
    tail,
    stop: () => stop(child, end, start.graceMs),
  };
};

/** A port that was free a moment ago. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

const tailAtMost = 4_096;

/** Keeps reading: a process whose output nobody takes comes to a stop. */
const keepTail = (child: ChildProcess): (() => string) => {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-tailAtMost)));
  return () => text.trim();
};

type End = { words: () => string | null; gone: Promise<void> };

const watchEnd = (child: ChildProcess): End => {
  let words: string | null = null;
  const gone = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      words ??= how;
      killGroup(child, 'SIGKILL'); // what it started and left behind
      resolve();
    };
    child.once('error', (error) => end(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => end(signal === null ? `ended with exit code ${code}` : `ended by ${signal}`));
  });
  child.stdio[3]?.on('error', () => undefined);
  return { words: () => words, gone };
};

const stop = async (child: ChildProcess, end: End, graceMs: number): Promise<void> => {
  if (end.words() !== null) return;
  child.kill('SIGTERM');
  const tooLong = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
  await end.gone.finally(() => clearTimeout(tooLong));
};

const killGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // nobody is left in it
  }
};
