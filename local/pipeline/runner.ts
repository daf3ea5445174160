import { join } from 'node:path';
import type { Transaction, World } from '../world.ts';
import { createBuildAction } from './build-action.ts';
import { type Changes, declarationOf, type Outcome } from './changes.ts';
import { runCustom } from './custom-action.ts';
import type { ActionRun, Execution } from './execution.ts';
import type { ActionProvider } from './provider.ts';
import { type PipelineSource, runSource } from './source-action.ts';
import type { PipelineStore } from './store.ts';

export type Runner = {
  /** Makes every transition that is due in a pipeline; the actions it started are carried out once `resume` was called. */
  advance: (pipeline: string) => void;
  /** Begins to carry out actions, first what is unfinished by the record. */
  resume: () => void;
  /** Gives up what runs in a pipeline that is deleted. */
  abandon: (pipeline: string) => void;
  /** Ends what runs without recording an end: it runs again at the next start. */
  stop: () => Promise<void>;
};

export type RunnerOptions = {
  world: World;
  transaction: Transaction;
  store: PipelineStore;
  changes: Changes;
  source: PipelineSource;
  providers: { [provider: string]: ActionProvider };
  dataDir: string;
  log: (line: string) => void;
};

/** Characters of a summary that are kept, as in the API's `ExecutionSummary`. */
const maxSummary = 2_048;

type Running = { pipeline: string; controller: AbortController; done: Promise<void> };

/** Carries out actions beside each other; each end is recorded, with what follows from it, in one transaction. */
export const createRunner = (options: RunnerOptions): Runner => {
  const { transaction, store, changes, log } = options;
  const carryOut = createCarryOut(options);
  const running = new Map<string, Running>();
  let state: 'waiting' | 'running' | 'stopped' = 'waiting';

  const launch = (run: ActionRun): void => {
    if (state !== 'running' || running.has(run.id) || store.findRun(run.id)?.status !== 'InProgress') return;
    const controller = new AbortController();
    const done = work(run, controller.signal)
      .catch((error: unknown) =>
        log(`action ${run.action} of ${run.pipeline} stays unfinished until the next start: ${String(error)}`),
      )
      .finally(() => running.delete(run.id));
    running.set(run.id, { pipeline: run.pipeline, controller, done });
  };

  const work = async (run: ActionRun, signal: AbortSignal): Promise<void> => {
    const outcome = await carryOut(run, signal).catch(failure);
    if (signal.aborted) return; // stopped, or deleted meanwhile
    const started = transaction(() => {
      changes.finishRun(run.id, bounded(outcome));
      return changes.advance(run.pipeline);
    });
    started.forEach(launch);
  };

  const advance = (pipeline: string): void => {
    if (state === 'stopped') return; // what is recorded goes on at the next start
    const started = transaction(() => changes.advance(pipeline));
    setImmediate(() => started.forEach(launch)); // a caller's own transaction must be committed first
  };

  const abandon = async (which: (one: Running) => boolean): Promise<void> => {
    const chosen = [...running.values()].filter(which);
    for (const one of chosen) one.controller.abort();
    await Promise.all(chosen.map(({ done }) => done));
  };

  return {
    advance,
    resume: () => {
      state = 'running';
      store.unfinishedRuns().forEach(launch);
      store.busyPipelines().forEach(advance);
    },
    abandon: (pipeline) => void abandon((one) => one.pipeline === pipeline),
    stop: () => {
      state = 'stopped';
      return abandon(() => true);
    },
  };
};

/** Which of the three kinds of action a run is. */
const createCarryOut = ({ world, transaction, store, source, providers, dataDir }: RunnerOptions) => {
  const artifacts = join(dataDir, 'artifacts');
  const build = createBuildAction(world, transaction, store, dataDir);
  return async (run: ActionRun, signal: AbortSignal): Promise<Outcome> => {
    const execution = store.findExecution(run.execution);
    const structure = store.findVersion(run.pipeline, run.version);
    const action = structure === null ? null : declarationOf(structure, run);
    if (execution === null || action === null)
      throw new Error(`the record of action execution ${run.id} is not complete`);
    const job = { execution, action, run, commit: commitOf(execution), signal };
    if (action.actionTypeId.owner === 'Custom')
      return runCustom(providers[action.actionTypeId.provider], artifacts, job);
    if (action.actionTypeId.category === 'Build') return build(job);
    return runSource(source, artifacts, { ...job, now: world.now().getTime() });
  };
};

/** The commit of the first source action. */
const commitOf = ({ revisions }: Execution): string => revisions[0]?.commit ?? '';

const failure = (error: unknown): Outcome => ({
  result: { status: 'Failed', summary: error instanceof Error ? error.message : String(error), errorCode: 'JobFailed' },
});

const bounded = (outcome: Outcome): Outcome => {
  const { summary } = outcome.result;
  if (summary.length <= maxSummary) return outcome;
  return { ...outcome, result: { ...outcome.result, summary: `${summary.slice(0, maxSummary - 1)}…` } };
};
