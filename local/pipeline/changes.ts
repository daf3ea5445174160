import type { World } from '../world.ts';
import { artifactKey } from './artifacts.ts';
import { actionEvent, type ActionState, pipelineEvent, type StageState, stageEvent } from './events.ts';
import type { ActionRun, Execution, RetryMode, Revision } from './execution.ts';
import { nextTransition, type Transition } from './machine.ts';
import type { ActionResult } from './provider.ts';
import type { PipelineStore } from './store.ts';
import type { ActionDeclaration, Structure } from './structure.ts';

/** What a run of an action leaves besides its result: a source action the revision it found. */
export type Outcome = { result: ActionResult; revision?: Revision };

export type Changes = ReturnType<typeof createChanges>;

/** More transitions at once than any pipeline can have: 50 stages of 50 actions for each waiting execution. */
const maxTransitions = 100_000;

/**
 * Every change of an execution's state, each with its event. All of it is called inside a transaction, so that state
 * and event stand together or not at all.
 */
export const createChanges = (world: World, store: PipelineStore) => {
  const now = (): number => world.now().getTime();
  const saved = (execution: Execution): Execution => {
    const touched = { ...execution, updatedAt: now() };
    store.updateExecution(touched);
    return touched;
  };
  const structureOf = (execution: Execution): Structure => {
    const structure = store.findVersion(execution.pipeline, execution.version);
    if (structure === null) throw new Error(`no structure ${execution.version} of pipeline ${execution.pipeline}`);
    return structure;
  };
  const emitAction = (run: ActionRun, execution: Execution, state: ActionState): void => {
    const structure = structureOf(execution);
    const action = declarationOf(structure, run);
    if (action !== null) world.emit(actionEvent(world, structure, action, execution, run, state));
  };

  const startRun = (execution: Execution, stage: string, action: ActionDeclaration): ActionRun => {
    const id = world.newId();
    const run: ActionRun = {
      id,
      pipeline: execution.pipeline,
      version: execution.version,
      execution: execution.id,
      stage,
      action: action.name,
      attempt: execution.attempt,
      status: 'InProgress',
      startedAt: now(),
      updatedAt: now(),
      inputs: action.inputArtifacts.map(({ name }) => ({ name, location: execution.artifacts[name] ?? '' })),
      outputs: action.outputArtifacts.map(({ name }) => ({
        name,
        location: artifactKey(execution.pipeline, id, name),
      })),
      result: null,
      build: null,
    };
    store.insertRun(run);
    emitAction(run, execution, 'STARTED');
    return run;
  };

  const withStage = (execution: Execution, stage: string, run: Partial<Execution['stages'][string]>): Execution => {
    const before = execution.stages[stage] ?? {
      status: 'InProgress',
      attempt: execution.attempt,
      startedAt: now(),
      retry: null,
    };
    return saved({ ...execution, stages: { ...execution.stages, [stage]: { ...before, ...run } } });
  };
  const changeStage = (
    execution: Execution,
    stage: string,
    state: StageState,
    run: Parameters<typeof withStage>[2],
  ): Execution => {
    const changed = withStage(execution, stage, run);
    if (state === 'STARTED' || state === 'RESUMED') store.noteEntry(execution.pipeline, stage, execution.id);
    world.emit(stageEvent(world, changed, stage, state));
    return changed;
  };

  /** Everything that ran is over: the stage it was in and the execution have stopped. */
  const stopped = (execution: Execution): void => {
    const stage = stageIn(execution, 'Stopping');
    const changed = stage === null ? execution : changeStage(execution, stage, 'STOPPED', { status: 'Stopped' });
    world.emit(pipelineEvent(world, saved({ ...changed, status: 'Stopped' }), 'STOPPED'));
  };

  const apply = (execution: Execution, transition: Transition): ActionRun | null => {
    switch (transition.type) {
      case 'start':
        return startRun(execution, transition.stage, transition.action);
      case 'enter':
        changeStage(execution, transition.stage, 'STARTED', {});
        return null;
      case 'finish-stage': {
        const state = transition.status === 'Succeeded' ? 'SUCCEEDED' : 'FAILED';
        changeStage(execution, transition.stage, state, { status: transition.status });
        return null;
      }
      case 'finish': {
        const state = transition.status === 'Succeeded' ? 'SUCCEEDED' : 'FAILED';
        world.emit(pipelineEvent(world, saved({ ...execution, status: transition.status }), state));
        return null;
      }
      case 'stop':
        stopped(execution);
        return null;
      case 'supersede': {
        const statusSummary = `Superseded by ${transition.by}`;
        world.emit(pipelineEvent(world, saved({ ...execution, status: 'Superseded', statusSummary }), 'SUPERSEDED'));
        return null;
      }
    }
  };

  /** Makes every transition that is due. @returns the runs that were started, to be carried out after the commit */
  const advance = (pipeline: string): ActionRun[] => {
    const started: ActionRun[] = [];
    for (let count = 0; count < maxTransitions; count += 1) {
      const active = store
        .activeExecutions(pipeline)
        .map((execution) => ({ execution, structure: structureOf(execution), runs: store.runsOf(execution.id) }));
      const transition = nextTransition(active, store.closedStages(pipeline));
      const execution = active.find((each) => each.execution.id === transition?.execution)?.execution;
      if (transition === null || execution === undefined) return started;
      const run = apply(execution, transition);
      if (run !== null) started.push(run);
    }
    throw new Error(`pipeline ${pipeline} does not come to rest`);
  };

  return {
    advance,
    /** Records a new execution. @param token unique in the pipeline, or null */
    begin: (execution: Execution, token: string | null): void => {
      store.insertExecution(execution, token);
      world.emit(pipelineEvent(world, execution, 'STARTED'));
    },
    /** Opens a failed stage for another attempt. */
    resume: (execution: Execution, stage: string, mode: RetryMode): void => {
      const attempt = execution.attempt + 1;
      const times = (execution.stages[stage]?.retry?.times ?? 0) + 1;
      const resumed = saved({ ...execution, attempt, status: 'InProgress' });
      world.emit(pipelineEvent(world, resumed, 'RESUMED'));
      changeStage(resumed, stage, 'RESUMED', { status: 'InProgress', attempt, retry: { mode, at: now(), times } });
    },
    /** Asks an execution to stop: what runs is let finish, and nothing else begins. */
    stop: (execution: Execution, reason: string): void => {
      const stopping = saved({ ...execution, status: 'Stopping', stopReason: reason });
      world.emit(pipelineEvent(world, stopping, 'STOPPING'));
      const stage = stageIn(stopping, 'InProgress');
      if (stage !== null) changeStage(stopping, stage, 'STOPPING', { status: 'Stopping' });
    },
    /** What runs in an execution no longer counts, however it ends. */
    abandonRuns: (execution: Execution): void => {
      for (const run of store.runsOf(execution.id).filter(({ status }) => status === 'InProgress')) {
        const abandoned = { ...run, status: 'Abandoned' as const, updatedAt: now() };
        store.updateRun(abandoned);
        emitAction(abandoned, execution, 'ABANDONED');
      }
    },
    /** Records how a run ended; a run that is over, or gone with its pipeline, stays as it is. */
    finishRun: (id: string, { result, revision }: Outcome): void => {
      const run = store.findRun(id);
      const execution = run === null ? null : store.findExecution(run.execution);
      if (run === null || execution === null || run.status !== 'InProgress') return;
      const ended = { ...run, status: result.status, result, updatedAt: now() };
      store.updateRun(ended);
      const changed = result.status === 'Succeeded' ? saved(withOutputs(execution, ended, revision)) : execution;
      emitAction(ended, changed, result.status === 'Succeeded' ? 'SUCCEEDED' : 'FAILED');
    },
  };
};

/** The stage that an execution is in, in this state. */
const stageIn = ({ route, stages }: Execution, status: 'InProgress' | 'Stopping'): string | null =>
  route.find((stage) => stages[stage]?.status === status) ?? null;

const withOutputs = (execution: Execution, run: ActionRun, revision: Revision | undefined): Execution => ({
  ...execution,
  artifacts: {
    ...execution.artifacts,
    ...Object.fromEntries(run.outputs.map(({ name, location }) => [name, location])),
  },
  revisions:
    revision === undefined
      ? execution.revisions
      : [...execution.revisions.filter(({ action }) => action !== revision.action), revision],
});

/** The declaration a run carries out, in the structure its execution runs on. */
export const declarationOf = (structure: Structure, run: ActionRun): ActionDeclaration | null =>
  structure.stages.find(({ name }) => name === run.stage)?.actions.find(({ name }) => name === run.action) ?? null;
