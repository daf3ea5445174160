import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildLog } from './build-log.ts';
import { buildScript, commandsOf, stateFiles } from './build-script.ts';
import type { Buildspec, CommandPhase } from './buildspec.ts';
import type { BuildPhase } from './execution.ts';
import { runShell, type ShellEnd } from './shell.ts';

export type BuildJob = {
  /** `<project>:<uuid>` */
  id: string;
  arn: string;
  inputDir: string;
  /** for the work tree; made anew, removed at the end */
  workDir: string;
  logFile: string;
  /** where the artifact goes, or null when the action has none */
  outputDir: string | null;
  variables: { [name: string]: string };
  timeoutSeconds: number;
  /** gives up: kills what runs */
  signal: AbortSignal;
  now: () => number;
  /** each phase as it is completed */
  onPhase: (phase: BuildPhase) => void;
};

/** A build under way; `signal` is aborted at its deadline too. */
export type RunningBuild = BuildJob & { log: BuildLog; deadline: AbortSignal };

/** Why a phase did not succeed; `output` is what the command said last. */
export type Bad = { status: 'FAILED' | 'TIMED_OUT' | 'STOPPED'; context: string; output?: string };

/** The directories of one build: the sources, a home, room for temporary files, and the shell's state. */
export const dirsOf = ({ workDir }: BuildJob) => ({
  src: join(workDir, 'src'),
  home: join(workDir, 'home'),
  tmp: join(workDir, 'tmp'),
  state: join(workDir, 'state'),
});

/** Lines of output that stand in the reason of a failure. */
const reasonLines = 15;
const reasonLength = 1_500;

/** The commands, then `finally`; a failure of the commands is the phase's, else that of `finally`. */
export const runPhase = async (
  build: RunningBuild,
  buildspec: Buildspec,
  phase: CommandPhase,
  succeeding: boolean,
): Promise<Bad | null> => {
  const lists = commandsOf(buildspec, phase);
  const bad = await runCommands(build, buildspec, lists.commands, succeeding);
  if (build.signal.aborted) return bad;
  const last = await runCommands(build, buildspec, lists.finally, succeeding && bad === null);
  return bad ?? last;
};

/** One shell for the list. */
const runCommands = async (
  build: RunningBuild,
  buildspec: Buildspec,
  commands: string[],
  succeeding: boolean,
): Promise<Bad | null> => {
  if (commands.length === 0) return null;
  const { log, signal } = build;
  const { src, state } = dirsOf(build);
  const script = join(state, 'script');
  await rm(join(state, stateFiles.at), { force: true });
  await writeFile(script, buildScript(commands, state, succeeding));
  log.mark();
  const env = environmentOf(build, buildspec);
  const onOutput = (chunk: Uint8Array): void => log.write(chunk);
  const end = await runShell({ shell: buildspec.env.shell, script, cwd: src, env, signal, onOutput });
  if (end.code === 0) return null;
  const at = Number(await readFile(join(state, stateFiles.at), 'utf8').catch(() => '0'));
  return failure(build, (commands[at] ?? '').trim(), end);
};

const failure = (build: RunningBuild, command: string, { code, killedBy }: ShellEnd): Bad => {
  const output = lastWords(build.log);
  if (build.signal.aborted) return { ...aborted(build, command), output };
  const reason = code === null ? `killed by ${killedBy}` : `exit status ${code}`;
  const context = `COMMAND_EXECUTION_ERROR: Error while executing command: ${command}. Reason: ${reason}`;
  return { status: 'FAILED', context, output };
};

const aborted = ({ deadline, timeoutSeconds }: RunningBuild, command: string): Bad =>
  deadline.aborted
    ? {
        status: 'TIMED_OUT',
        context: `BUILD_TIMED_OUT: Build has timed out after ${timeoutSeconds} s, while executing command: ${command}`,
      }
    : { status: 'STOPPED', context: 'the product was stopped' };

/** Nothing of the product's own environment, except where programs are found. */
const environmentOf = (build: BuildJob, { env }: Buildspec): { [name: string]: string } => {
  const { src, home, tmp } = dirsOf(build);
  return {
    ...env.variables,
    ...build.variables,
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'}`,
    HOME: home,
    TMPDIR: tmp,
    LANG: 'C.UTF-8',
    CODEBUILD_CI: 'true',
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_SRC_DIR: src,
  };
};

/** What the command that ran last said: what comes after the line that announced it. */
const lastWords = (log: BuildLog): string => {
  const lines = log.tail(reasonLines).split('\n');
  const from = lines.findLastIndex((line) => line.startsWith('[Container] Running command')) + 1;
  return lines.slice(from).join('\n').trim().slice(-reasonLength);
};
