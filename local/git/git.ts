import { execFile, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { EscalatorError } from '../../shared/errors.ts';

/** An answer larger than this is refused: no question asked here has one. */
const answerAtMost = 32 * 1024 * 1024;
/** No call to git may take longer: a hanging one must not hold up its repository for ever. */
const deadlineMs = 120_000;

/**
 * What git runs with: nothing of the user's configuration, language or credentials, so that a repository behaves the
 * same on every machine.
 */
const cleanEnvironment = (more: { [name: string]: string } = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  ...more,
});

export type GitOptions = { env?: { [name: string]: string }; input?: string; cwd?: string };

/** Runs git to its end and gives what it printed. Rejects with git's own words when it fails. */
export const git = (args: string[], { env, input, cwd }: GitOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      args,
      { env: cleanEnvironment(env), cwd, maxBuffer: answerAtMost, timeout: deadlineMs, encoding: 'utf8' },
      (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(failure(args, error, stderr))),
    );
    child.stdin?.on('error', () => undefined); // git may leave before it has read everything
    child.stdin?.end(input ?? '');
  });

const failure = (args: string[], error: Error, stderr: string): Error => {
  const command = args.find((arg) => !arg.startsWith('-') && !arg.includes('/')) ?? '';
  return new Error(`git ${command}: ${stderr.trim().slice(0, 2_000) || error.message}`, { cause: error });
};

/** The same, for a question that may rightly have no answer: null when git says no. */
export const gitOrNull = (args: string[], options?: GitOptions): Promise<string | null> =>
  git(args, options).catch(() => null);

/**
 * Runs one side of the smart protocol; its input is an open file or nothing. Resolves with git's exit code when the
 * output is through; a git that takes too long is ended.
 */
export const serve = (
  args: string[],
  { input, output, protocol }: { input: number | Readable | null; output: Writable; protocol: string },
): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      env: cleanEnvironment(protocol === '' ? {} : { GIT_PROTOCOL: protocol }),
      stdio: [typeof input === 'number' ? input : 'pipe', 'pipe', 'ignore'],
      timeout: deadlineMs,
    });
    child.once('error', reject);
    child.once('close', resolve);
    child.stdout?.pipe(output, { end: false });
    output.once('close', () => child.stdout?.resume()); // the client has gone: let git come to its end
    child.stdin?.on('error', () => undefined);
    if (typeof input === 'number') return;
    if (input === null) child.stdin?.end();
    else if (child.stdin !== null) input.pipe(child.stdin);
  });

const oldest = [2, 20] as const;

/**
 * Makes sure that git is there.
 *
 * @throws EscalatorError ESC-004 when `git` is missing, does not run, or is older than 2.20
 */
export const requireGit = async (): Promise<void> => {
  const said = await gitOrNull(['--version']);
  const todo = `install git ${oldest.join('.')} or newer and make sure that it is on the PATH (https://git-scm.com)`;
  if (said === null) throw new EscalatorError('ESC-004', 'git is not there, or does not run', todo);
  const version = versionOf(said);
  if (version === null || isOlder(version)) {
    throw new EscalatorError('ESC-004', `git ${oldest.join('.')} or newer is needed, found "${said.trim()}"`, todo);
  }
};

/** `git version 2.39.5 (Apple Git-154)` is [2, 39]. */
const versionOf = (said: string): [number, number] | null => {
  const found = /(\d+)\.(\d+)/.exec(said);
  return found === null ? null : [Number(found[1]), Number(found[2])];
};

const isOlder = ([major, minor]: [number, number]): boolean =>
  major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
