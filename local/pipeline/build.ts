import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyTree, emptyDir } from './artifacts.ts';
import { collectFiles } from './build-files.ts';
import { type BuildLog, openBuildLog } from './build-log.ts';
import { buildScript, commandsOf, stateFiles } from './build-script.ts';
import { type Buildspec, type CommandPhase, maxBuildspecBytes, parseBuildspec } from './buildspec.ts';
import type { BuildPhase, PhaseType } from './execution.ts';
import { runShell } from './shell.ts';

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

/** Lines of output that stand in the reason of a failure. */
const reasonLines = 15;
const reasonLength = 1_500;

type Bad = { status: 'FAILED' | 'TIMED_OUT' | 'STOPPED'; context: string; output?: string };
type PhaseWork = () => Promise<Bad | null>;

/**
 * Runs a build as CodeBuild does: a clean work tree, the phases of `buildspec.yml`, its artifacts. A failing install
 * or pre_build stops it; after a failing build, post_build still runs; `finally` runs whatever its commands did.
 *
 * @returns the first failure, with the failing command, its exit code and the last lines of its output, or null
 */
export const runBuild = async (job: BuildJob): Promise<{ phase: PhaseType; reason: string } | null> => {
  const log = await openBuildLog(job.logFile);
  const deadline = AbortSignal.timeout(job.timeoutSeconds * 1000);
  const build = { ...job, log, deadline, signal: AbortSignal.any([job.signal, deadline]) };
  let first: { phase: PhaseType; reason: string } | null = null;
  const phase = async (type: PhaseType, work: PhaseWork): Promise<boolean> => {
    const bad = await completePhase(build, type, work);
    if (bad !== null) first ??= { phase: type, reason: reasonOf(bad) };
    return bad === null;
  };
  try {
    await phases(build, phase);
    await phase('FINALIZING', async () => {
      await rm(job.workDir, { recursive: true, force: true });
      return null;
    });
    return first;
  } finally {
    await log.close();
  }
};

type RunningBuild = BuildJob & { log: BuildLog; deadline: AbortSignal };
type Phase = (type: PhaseType, work: PhaseWork) => Promise<boolean>;

const phases = async (build: RunningBuild, phase: Phase): Promise<void> => {
  let buildspec: Buildspec | null = null;
  if (!(await phase('SUBMITTED', async () => null))) return;
  if (!(await phase('PROVISIONING', () => makeWorkDir(build)))) return;
  const downloaded = await phase('DOWNLOAD_SOURCE', async () => {
    const read = await downloadSource(build);
    if ('bad' in read) return read.bad;
    buildspec = read.buildspec;
    return null;
  });
  if (!downloaded || buildspec === null) return;
  await commandsAndArtifacts(build, buildspec, phase);
};

const commandsAndArtifacts = async (build: RunningBuild, buildspec: Buildspec, phase: Phase): Promise<void> => {
  const run = (type: CommandPhase, succeeding: boolean): Promise<boolean> =>
    phase(phaseTypes[type], () => runPhase(build, buildspec, type, succeeding));
  if (!(await run('install', true)) || !(await run('pre_build', true))) return;
  const built = await run('build', true);
  if (build.signal.aborted) return;
  const after = await run('post_build', built);
  if (built && after) await phase('UPLOAD_ARTIFACTS', () => upload(build, buildspec));
};

const phaseTypes = { install: 'INSTALL', pre_build: 'PRE_BUILD', build: 'BUILD', post_build: 'POST_BUILD' } as const;

const completePhase = async (build: RunningBuild, type: PhaseType, work: PhaseWork): Promise<Bad | null> => {
  const startedAt = build.now();
  if (type in shownInLog) build.log.note(`Entering phase ${type}`);
  const bad = await work().catch((error: unknown): Bad => ({
    status: 'FAILED',
    context: `CLIENT_ERROR: ${messageOf(error)}`,
  }));
  if (bad !== null) build.log.note(`Phase ${type} ${bad.status}: ${bad.context}`);
  const { status, context } = bad ?? { status: 'SUCCEEDED' as const, context: '' };
  build.onPhase({ type, status, startedAt, endedAt: build.now(), context });
  return bad;
};

const shownInLog: { [type: string]: true } = {
  DOWNLOAD_SOURCE: true,
  INSTALL: true,
  PRE_BUILD: true,
  BUILD: true,
  POST_BUILD: true,
  UPLOAD_ARTIFACTS: true,
};

/** The directories of one build: the sources, a home, room for temporary files, and the shell's state. */
const dirsOf = ({ workDir }: BuildJob) => ({
  src: join(workDir, 'src'),
  home: join(workDir, 'home'),
  tmp: join(workDir, 'tmp'),
  state: join(workDir, 'state'),
});

const makeWorkDir: (build: RunningBuild) => Promise<null> = async (build) => {
  await emptyDir(build.workDir);
  for (const dir of Object.values(dirsOf(build))) await mkdir(dir);
  return null;
};

const downloadSource = async (build: RunningBuild): Promise<{ buildspec: Buildspec } | { bad: Bad }> => {
  const { src } = dirsOf(build);
  await copyTree(build.inputDir, src);
  const bad = (reason: string) => ({
    bad: { status: 'FAILED' as const, context: `YAML_FILE_ERROR: buildspec.yml: ${reason}` },
  });
  const file = join(src, 'buildspec.yml');
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) return bad('the file is missing; put one at the root of the repository');
  if (found.size > maxBuildspecBytes) return bad(`it has ${found.size} bytes; at most ${maxBuildspecBytes} are read`);
  const read = parseBuildspec(await readFile(file, 'utf8'));
  return 'refused' in read ? bad(read.refused) : read;
};

/** The commands, then `finally`; a failure of the commands is the phase's, else that of `finally`. */
const runPhase = async (
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

const runCommands = async (
  build: RunningBuild,
  buildspec: Buildspec,
  commands: string[],
  succeeding: boolean,
): Promise<Bad | null> => {
  if (commands.length === 0) return null;
  const { src, state } = dirsOf(build);
  const script = join(state, 'script');
  await rm(join(state, stateFiles.at), { force: true });
  await writeFile(script, buildScript(commands, state, succeeding));
  const { log, signal } = build;
  const env = environmentOf(build, buildspec);
  log.mark();
  const end = await runShell({
    shell: buildspec.env.shell,
    script,
    cwd: src,
    env,
    signal,
    onOutput: (chunk) => log.write(chunk),
  });
  if (end.code === 0) return null;
  const at = Number(await readFile(join(state, stateFiles.at), 'utf8').catch(() => '0'));
  const command = (commands[at] ?? '').trim();
  const output = lastWords(log);
  if (signal.aborted) return { ...aborted(build, command), output };
  const reason = end.code === null ? `killed by ${end.killedBy}` : `exit status ${end.code}`;
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

const upload = async (build: RunningBuild, { artifacts }: Buildspec): Promise<Bad | null> => {
  if (build.outputDir === null) return null;
  if (artifacts === undefined)
    return clientError('the action has an output artifact, but buildspec.yml has no artifacts');
  const target = await emptyDir(build.outputDir);
  const wrong = await collectFiles(artifacts, dirsOf(build).src, target);
  return wrong === null ? null : clientError(wrong);
};

const clientError = (reason: string): Bad => ({ status: 'FAILED', context: `CLIENT_ERROR: ${reason}` });

const reasonOf = ({ context, output }: Bad): string => (output ? `${context}\n${output}` : context);

/** What the command that ran last said: what comes after the line that announced it. */
const lastWords = (log: BuildLog): string => {
  const lines = log.tail(reasonLines).split('\n');
  const from = lines.findLastIndex((line) => line.startsWith('[Container] Running command')) + 1;
  return lines.slice(from).join('\n').trim().slice(-reasonLength);
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
