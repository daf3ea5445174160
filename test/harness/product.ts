import {
  CodePipelineClient,
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
  type PipelineDeclaration,
} from '@aws-sdk/client-codepipeline';
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';

/** The real process, as `npm start` runs it, on free ports and a data directory of its own. */
export type Product = {
  ready: Ready;
  process: ChildProcess;
  stderr: () => string;
  get: <T = Answer>(path: string) => Promise<T>;
  /** asks again until it is so; throws with the last answer after the time allowed (the real product takes real time) */
  until: <T>(what: string, ask: () => Promise<T | null | false | undefined>, withinMs?: number) => Promise<T>;
  kill: () => Promise<void>;
  stop: () => Promise<number | null>;
};

export type Ready = {
  ready: true;
  console: string;
  git: string;
  aws: string;
  data: string;
  services: { shop: string };
};
// What the API answers is looked into freely by tests: wrong assumptions fail there.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = any;

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const run = promisify(execFile);
const divert = new URL('divert.ts', import.meta.url).href;

/**
 * Starts the product and waits until it says that it is ready.
 *
 * @param gate the url of a gate that its functions are to ask AWS through
 */
export const startProduct = async (data: string, more: string[] = [], gate?: string): Promise<Product> => {
  const ports = ['--port', '0', '--git-port', '0', '--aws-port', '0'];
  const through = gate === undefined ? [] : ['--import', divert];
  const words = [...through, ...startArguments(), '--data', data, '--json', ...ports, ...more];
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: { ...process.env, ...(gate !== undefined && { TEST_GATE: gate }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ready = await firstLine(child, () => stderr);
  const get = async <T>(path: string): Promise<T> => (await (await fetch(new URL(path, ready.console))).json()) as T;
  return {
    ready,
    process: child,
    stderr: () => stderr,
    get,
    until,
    kill: () => end(child, 'SIGKILL').then(() => {}),
    stop: () => end(child, 'SIGINT'),
  };
};

/** What `npm start` gives to Node. */
const startArguments = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').slice(1);
};

const firstLine = (child: ChildProcess, stderr: () => string): Promise<Ready> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((candidate) => candidate.startsWith('{"ready"'));
      if (line !== undefined && text.includes('\n')) resolve(JSON.parse(line) as Ready);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready:\n${stderr()}`)));
  });

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  child.kill(signal);
  return ended;
};

const until = async <T>(
  what: string,
  ask: () => Promise<T | null | false | undefined>,
  withinMs = 60_000,
): Promise<T> => {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < deadline) {
    const answer = await ask().catch((error: unknown) => void (last = error));
    if (answer !== null && answer !== false && answer !== undefined) return answer;
    last = answer ?? last;
    await pause(50);
  }
  throw new Error(`waited ${withinMs} ms in vain for: ${what}${last instanceof Error ? ` (${last.message})` : ''}`);
};

/** A directory that is gone after the test. */
export const temporary = (): { dir: string; remove: () => void } => {
  const dir = mkdtempSync(join(tmpdir(), 'escalator-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }) };
};

/** A developer's clone, worked on with the real git. */
export const cloneOf = async (url: string, dir: string) => {
  await run('git', ['clone', '-q', url, dir]);
  const git = async (...args: string[]): Promise<string> =>
    (
      await run('git', ['-C', dir, '-c', 'user.name=Ada Lovelace', '-c', 'user.email=ada@example.com', ...args])
    ).stdout.trim();
  return {
    dir,
    git,
    /** writes files, commits and pushes; answers the commit */
    push: async (message: string, files: { [name: string]: string }): Promise<string> => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
      await git('add', '-A');
      await git('commit', '-q', '--allow-empty', '-m', message);
      await git('push', '-q', 'origin', 'HEAD:main');
      return git('rev-parse', 'HEAD');
    },
    read: (name: string) => git('show', `HEAD:${name}`),
  };
};

/** A server that answers every request with 500: the build passes, the smoke check does not. */
export const brokenServer = `
const http = require('node:http');
http.createServer((request, response) => { response.writeHead(500); response.end('broken'); })
  .listen(Number(process.env.PORT), '127.0.0.1');
`;

/** What the command line answers, as a user would ask it; throws with all that it said when its exit code is not 0. */
export const escalator = async ({ ready }: Pick<Product, 'ready'>, ...words: string[]): Promise<string> => {
  const env = { ...process.env, ESCALATOR_URL: ready.console };
  const args = ['--disable-warning=ExperimentalWarning', 'cli/main.ts', ...words];
  return run(process.execPath, args, { cwd: root, env }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}${error.stderr}`);
    },
  );
};

/** Waits until there is a release to go back to, and nothing is the matter; says what is, if it stays so. */
export const untilGood = (product: Product, withinMs?: number): Promise<Answer> =>
  product.until(
    'all is well',
    async () => {
      const { status, reason, checks, running } = await product.get('/api/ladders/production/shop');
      const { items } = await product.get('/api/releases');
      const isWell = status === 'at-rest' && checks.every(({ value }: Answer) => value === 'pass');
      if (isWell && items.some(({ lastGood }: Answer) => lastGood)) return true;
      throw new Error(JSON.stringify({ status, reason, checks, running, releases: items.slice(0, 5) }));
    },
    withinMs,
  );

/** Waits for the incident that was opened after a time, until it is as it is wanted: over, where nothing is said. */
export const incidentAfter = (
  product: Product,
  since: string,
  isWanted: (incident: Answer) => boolean = ({ closedAt }) => closedAt !== null,
): Promise<Answer> =>
  product.until('the incident is as wanted', async () => {
    const after = (await product.get('/api/incidents')).items.filter((item: Answer) => item.openedAt > since);
    return after.find(isWanted);
  });

/** The process ids of the shop that a product runs: those whose command line names its data directory. */
export const shopProcesses = (data: string): number[] =>
  execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(data) && line.includes('server.js'))
    .map((line) => Number(line.trim().split(/\s+/)[0]));

/** The whole lane, oldest first. */
export const allEntries = async (product: Pick<Product, 'get'>): Promise<Answer[]> => {
  const entries: Answer[] = [];
  let cursor: string | null = null;
  do {
    const page: Answer = await product.get(`/api/entries?limit=500${cursor === null ? '' : `&cursor=${cursor}`}`);
    entries.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return entries.toReversed();
};

/** Makes another pipeline, which builds and deploys nothing; answers its first execution. */
export const makePipeline = async (product: Product, name: string): Promise<string> => {
  const text = readFileSync(join(root, 'examples/shop/pipeline.json'), 'utf8');
  const { pipeline } = JSON.parse(text) as { pipeline: PipelineDeclaration };
  const client = new CodePipelineClient(awsOf(product));
  const stages = pipeline.stages?.slice(0, 2);
  await client.send(new CreatePipelineCommand({ pipeline: { ...pipeline, name, stages } }));
  return product.until('its first execution', async () => {
    const listed = await client.send(new ListPipelineExecutionsCommand({ pipelineName: name }));
    return listed.pipelineExecutionSummaries?.[0]?.pipelineExecutionId;
  });
};

/** What AWS clients are made with here. */
export const awsOf = ({ ready }: Pick<Product, 'ready'>) => ({
  endpoint: ready.aws,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
