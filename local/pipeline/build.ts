import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { copyTree, emptyDir } from './artifacts.ts';
import { collectFiles } from './build-files.ts';
import { type Bad, type BuildJob, dirsOf, type RunningBuild, runPhase } from './build-commands.ts';
import { openBuildLog } from './build-log.ts';
import { type Buildspec, type CommandPhase, maxBuildspecBytes, parseBuildspec } from './buildspec.ts';
import type { PhaseType } from './execution.ts';

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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
