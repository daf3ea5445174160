import { type ChildProcess, spawn } from 'node:child_process';

export type ShellRun = {
  shell: 'sh' | 'bash';
  /** path of the script */
  script: string;
  cwd: string;
  env: { [name: string]: string };
  onOutput: (chunk: Uint8Array) => void;
  /** kills the whole process group */
  signal: AbortSignal;
};

/** `code` null: it was killed, by `signal` if that is aborted. */
export type ShellEnd = { code: number | null; killedBy: NodeJS.Signals | null };

/** How long output may still come in after the group was killed: a process that left the group may hold the pipe. */
const drainMs = 500;

/**
 * Runs a script in a process group of its own, with nothing on standard input and descriptor 3 held open by us as
 * its lifeline (see build-script.ts). When it ends, or `signal` is aborted, whatever is left of the group is killed.
 *
 * @throws when the shell cannot be started
 */
export const runShell = async ({ shell, script, cwd, env, onOutput, signal }: ShellRun): Promise<ShellEnd> => {
  if (signal.aborted) return { code: null, killedBy: 'SIGKILL' };
  const child = spawn(shell, [script], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const kill = (): void => killGroup(child);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdout?.on('data', onOutput);
  child.stderr?.on('data', onOutput);
  child.stdio[3]?.on('error', () => undefined); // the other end closes it as soon as it likes
  signal.addEventListener('abort', kill, { once: true });
  try {
    return await new Promise<ShellEnd>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, killedBy) => resolve({ code, killedBy }));
    });
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
    await within(closed, drainMs);
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.stdio[3]?.destroy();
  }
};

const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // nothing is left of it
  }
};

const within = async (promise: Promise<void>, milliseconds: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([promise, new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
};
