import type { ActionRun, Execution, StageRun } from './execution.ts';
import type { ActionDeclaration, Structure } from './structure.ts';

/** An execution under way, with the structure it runs on and its runs so far, oldest first. */
export type Active = { execution: Execution; structure: Structure; runs: ActionRun[] };

/** The next thing that is due in a pipeline. */
export type Transition =
  | { type: 'supersede'; execution: string; by: string }
  | { type: 'enter'; execution: string; stage: string }
  | { type: 'start'; execution: string; stage: string; action: ActionDeclaration }
  | { type: 'finish-stage'; execution: string; stage: string; status: 'Succeeded' | 'Failed' }
  | { type: 'stop'; execution: string }
  | { type: 'finish'; execution: string; status: 'Succeeded' | 'Failed' };

/**
 * What is due next in a pipeline, from what is recorded alone: asked again after each transition, and after a
 * restart, it goes on where the record ends.
 *
 * Mode SUPERSEDED: a stage holds one execution at a time; of those that wait for a stage only the newest stays.
 *
 * @param active the pipeline's executions that are InProgress or Stopping, in the order in which they were started
 * @param closed the stages that no execution is let into
 * @returns null when everything waits for an action to end
 */
export const nextTransition = (active: Active[], closed: ReadonlySet<string> = new Set()): Transition | null => {
  for (const one of active) {
    const transition = nextOf(one, active, closed);
    if (transition !== null) return transition;
  }
  return null;
};

const nextOf = (one: Active, active: Active[], closed: ReadonlySet<string>): Transition | null => {
  const { execution, runs } = one;
  if (execution.status === 'Stopping')
    return runs.some(({ status }) => status === 'InProgress') ? null : { type: 'stop', execution: execution.id };
  const stage = currentStage(execution);
  if (stage === null) return { type: 'finish', execution: execution.id, status: 'Succeeded' };
  const run = execution.stages[stage];
  if (run === undefined) return atTheDoor(execution, stage, active, closed);
  if (run.status === 'Failed') return { type: 'finish', execution: execution.id, status: 'Failed' };
  return insideStage(one, stage, run);
};

/** The stage an execution is in or waits for, null when it is through. */
const currentStage = (execution: Execution): string | null =>
  execution.route.find((stage) => execution.stages[stage]?.status !== 'Succeeded') ?? null;

/** Whether an execution waits to be let into a stage. */
export const waitsFor = (execution: Execution, stage: string): boolean =>
  execution.status === 'InProgress' && currentStage(execution) === stage && execution.stages[stage] === undefined;

/** Whether an execution's actions are running in a stage. */
export const occupies = (execution: Execution, stage: string): boolean =>
  ['InProgress', 'Stopping'].includes(execution.stages[stage]?.status ?? '');

const atTheDoor = (
  execution: Execution,
  stage: string,
  active: Active[],
  closed: ReadonlySet<string>,
): Transition | null => {
  const others = active.map((each) => each.execution);
  const newer = others.slice(others.indexOf(execution) + 1).findLast((other) => waitsFor(other, stage));
  // a rollback enters in the moment it is asked for; nothing that was pushed may take its place
  if (newer !== undefined && execution.type === 'STANDARD')
    return { type: 'supersede', execution: execution.id, by: newer.id };
  if (closed.has(stage) && execution.type === 'STANDARD') return null;
  if (others.some((other) => occupies(other, stage))) return null;
  return { type: 'enter', execution: execution.id, stage };
};

/**
 * Inside a stage the actions of one run order run side by side, the next run order follows when all of them
 * succeeded; when one failed the others still finish, then the stage fails.
 */
const insideStage = ({ execution, structure, runs }: Active, stage: string, stageRun: StageRun): Transition | null => {
  const actions = structure.stages.find(({ name }) => name === stage)?.actions ?? [];
  const groups = Map.groupBy(
    actions.toSorted((a, b) => a.runOrder - b.runOrder),
    ({ runOrder }) => runOrder,
  );
  for (const group of groups.values()) {
    const states = group.map((action) => ({ action, run: countingRun(runs, stage, action.name, stageRun) }));
    const toStart = states.find(({ run }) => run === null);
    if (toStart !== undefined) return { type: 'start', execution: execution.id, stage, action: toStart.action };
    if (states.some(({ run }) => run?.status === 'InProgress')) return null;
    if (states.some(({ run }) => run?.status === 'Failed'))
      return { type: 'finish-stage', execution: execution.id, stage, status: 'Failed' };
  }
  return { type: 'finish-stage', execution: execution.id, stage, status: 'Succeeded' };
};

/** The newest run of an action that counts in this attempt: a success of before stays, unless all are to run again. */
const countingRun = (runs: ActionRun[], stage: string, action: string, stageRun: StageRun): ActionRun | null => {
  const newest = runs.findLast((run) => run.stage === stage && run.action === action);
  if (newest === undefined) return null;
  const kept = stageRun.retry?.mode === 'FAILED_ACTIONS' && newest.status === 'Succeeded';
  return kept || newest.attempt === stageRun.attempt ? newest : null;
};
