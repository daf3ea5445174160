import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transaction, World } from '../world.ts';
import { artifactDir } from './artifacts.ts';
import { buildArn, buildPhaseEvent, buildStateEvent } from './build-events.ts';
import { runBuild } from './build.ts';
import type { Outcome } from './changes.ts';
import type { ActionRun, Build, BuildPhase, BuildStatus, Execution } from './execution.ts';
import type { PipelineStore } from './store.ts';
import type { ActionDeclaration } from './structure.ts';

/** Seconds; a build on one machine is short, and one that hangs should be seen. */
const defaultTimeoutSeconds = 300;

type BuildActionJob = {
  execution: Execution;
  action: ActionDeclaration;
  run: ActionRun;
  commit: string;
  signal: AbortSignal;
};

/**
 * Carries out a Build action of CodeBuild. Each start is a build of its own with its own id; one that a killed
 * process left behind is first recorded as STOPPED.
 */
export const createBuildAction = (world: World, transaction: Transaction, store: PipelineStore, dataDir: string) => {
  const now = (): number => world.now().getTime();
  const buildsDir = join(dataDir, 'builds');

  /** Records the build as it is now, with its event, unless the run is gone or over. */
  const record = (run: string, build: Build, phase: BuildPhase | null): void =>
    transaction(() => {
      const found = store.findRun(run);
      if (found === null || found.status !== 'InProgress') return;
      store.updateRun({ ...found, build });
      world.emit(
        phase === null
          ? buildStateEvent(world, build, found.pipeline)
          : buildPhaseEvent(world, build, phase, found.pipeline),
      );
    });

  const begin = ({ action, run }: BuildActionJob): Build => {
    if (run.build?.status === 'IN_PROGRESS') record(run.id, { ...run.build, status: 'STOPPED' }, null);
    const project = action.configuration.ProjectName ?? '';
    const name = world.newId();
    const build: Build = {
      id: `${project}:${name}`,
      project,
      status: 'IN_PROGRESS',
      startedAt: now(),
      timeoutSeconds: timeoutOf(action),
      logFile: join(buildsDir, `${name}.log`),
      phases: [],
    };
    record(run.id, build, null);
    return build;
  };

  return async (job: BuildActionJob): Promise<Outcome> => {
    const { run, commit, signal } = job;
    await mkdir(buildsDir, { recursive: true });
    let build = begin(job);
    const onPhase = (phase: BuildPhase): void => {
      build = { ...build, phases: [...build.phases, phase] };
      record(run.id, build, phase);
    };
    const output = run.outputs[0];
    const artifacts = join(dataDir, 'artifacts');
    const failure = await runBuild({
      id: build.id,
      arn: buildArn(world, build),
      inputDir: artifactDir(artifacts, run.inputs[0]?.location ?? ''),
      workDir: join(buildsDir, run.id),
      logFile: build.logFile,
      outputDir: output === undefined ? null : artifactDir(artifacts, output.location),
      variables: variablesOf(world, job, build),
      timeoutSeconds: build.timeoutSeconds,
      signal,
      now,
      onPhase,
    });
    const status: BuildStatus = signal.aborted ? 'STOPPED' : failure === null ? 'SUCCEEDED' : 'FAILED';
    onPhase({
      type: 'COMPLETED',
      status: status === 'SUCCEEDED' ? 'SUCCEEDED' : status,
      startedAt: now(),
      endedAt: now(),
      context: '',
    });
    build = { ...build, status };
    record(run.id, build, null);
    const external = { externalId: build.id, url: `file://${build.logFile}` };
    const summary =
      failure === null
        ? `Build of ${commit.slice(0, 12)} succeeded`
        : `Build terminated with state: ${status}. Phase: ${failure.phase}, ${failure.reason}`;
    return { result: { status: failure === null ? 'Succeeded' : 'Failed', summary, ...external } };
  };
};

/** AWS states the time in minutes in the declaration; seconds in the configuration are this machine's own. */
const timeoutOf = ({ configuration, timeoutInMinutes }: ActionDeclaration): number => {
  if (configuration.TimeoutInSeconds !== undefined) return Number(configuration.TimeoutInSeconds);
  if (configuration.TimeoutInMinutes !== undefined) return Number(configuration.TimeoutInMinutes) * 60;
  return timeoutInMinutes === undefined ? defaultTimeoutSeconds : timeoutInMinutes * 60;
};

const variablesOf = (
  world: World,
  { execution, commit }: BuildActionJob,
  build: Build,
): { [name: string]: string } => ({
  AWS_REGION: world.region,
  AWS_DEFAULT_REGION: world.region,
  CODEBUILD_INITIATOR: `codepipeline/${execution.pipeline}`,
  CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
  CODEBUILD_SOURCE_VERSION: commit,
  CODEBUILD_LOG_PATH: build.id.split(':').at(-1) ?? '',
  CODEBUILD_START_TIME: String(build.startedAt),
});
