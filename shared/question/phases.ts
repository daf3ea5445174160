import { text } from '../event/fields.ts';
import type { EntryItem, ExecutionAnswer, Phase, WorkAnswer } from './answers.ts';
import { buildArn, whenOf } from './things.ts';

/** The executions that an ordered list of entries tells of, oldest first, with their stages and actions. */
export const executionsOf = (entries: EntryItem[]): ExecutionAnswer[] => {
  const found = new Map<string, ExecutionAnswer>();
  for (const entry of entries) {
    const [noun, outcome] = entry.kind.split('.');
    if (entry.execution === null || outcome === undefined) continue;
    if (noun !== 'pipeline' && noun !== 'stage' && noun !== 'action') continue;
    const known = found.get(entry.execution) ?? { ...begun, execution: entry.execution, pipeline: null, stages: [] };
    found.set(entry.execution, take(known, noun, outcome, entry));
  }
  return [...found.values()].map(withReason);
};

const begun: Phase = { outcome: 'started', startedAt: null, endedAt: null, reason: null };

const take = (execution: ExecutionAnswer, noun: string, outcome: string, entry: EntryItem): ExecutionAnswer => {
  const pipeline = text(entry.detail, 'pipeline') ?? execution.pipeline;
  if (noun === 'pipeline') return { ...moved(execution, outcome, entry), pipeline };
  const name = text(entry.detail, 'stage') ?? '';
  const stages = upsert(execution.stages, name, { ...begun, name, actions: [] }, (stage) => {
    if (noun === 'stage') return moved(stage, outcome, entry);
    const action = text(entry.detail, 'action') ?? '';
    return {
      ...stage,
      actions: upsert(stage.actions, action, { ...begun, name: action }, (known) => moved(known, outcome, entry)),
    };
  });
  return { ...execution, pipeline, stages };
};

/** What is still under way. */
const passing = new Set(['stopping', 'ready', 'rolling-back']);

const moved = <T extends Phase>(phase: T, outcome: string, entry: EntryItem): T => {
  const at = whenOf(entry);
  // A retry starts what had ended; events of one second may come in any order, so a start never undoes an end of then.
  if (outcome === 'started' || outcome === 'resumed')
    return phase.endedAt !== null && phase.endedAt >= at
      ? { ...phase, startedAt: phase.startedAt ?? at }
      : { ...phase, outcome, startedAt: phase.startedAt ?? at, endedAt: null, reason: null };
  if (passing.has(outcome)) return { ...phase, reason: entry.reason ?? phase.reason };
  // why it is to be stopped is told when that is asked for, and not again at its end
  return { ...phase, outcome, endedAt: at, reason: entry.reason ?? (outcome === 'succeeded' ? null : phase.reason) };
};

const upsert = <T extends { name: string }>(list: T[], name: string, fresh: T, change: (known: T) => T): T[] =>
  list.some((item) => item.name === name)
    ? list.map((item) => (item.name === name ? change(item) : item))
    : [...list, change(fresh)];

/** A failed execution says no reason; its failing action does. */
const withReason = (execution: ExecutionAnswer): ExecutionAnswer => {
  const stages = execution.stages.map((stage) => ({ ...stage, reason: stage.reason ?? failureOf(stage.actions) }));
  const actions = stages.flatMap((stage) => stage.actions); // a stage's own event may come later than its action's
  return { ...execution, stages, reason: execution.reason ?? failureOf(stages) ?? failureOf(actions) };
};

const failureOf = (phases: Phase[]): string | null =>
  phases.find(({ outcome }) => outcome === 'failed')?.reason ?? null;

type Work = { builds: WorkAnswer[]; deployments: WorkAnswer[]; stacks: WorkAnswer[] };

/** What the executions set going: builds, deployments and changes of stacks, oldest first, with their receipts. */
export const workOf = (entries: EntryItem[]): Work => {
  const executions = executionsByWork(entries);
  const of = (noun: string, idOf: (entry: EntryItem) => string | null): WorkAnswer[] =>
    worksOf(entries, noun, idOf).map((work) => ({ ...work, execution: executions.get(work.id) ?? null }));
  return {
    builds: of('build', ({ subject }) => subject),
    deployments: of('deployment', ({ detail }) => text(detail, 'deployment')),
    stacks: of('stack', ({ subject }) => subject).map((stack) => withFirstFailure(stack, entries)),
  };
};

/** A stack says at most which resources failed; why, the first of them does: what failed later was often called off. */
const withFirstFailure = (stack: WorkAnswer, entries: EntryItem[]): WorkAnswer => {
  if (stack.outcome !== 'failed' && stack.outcome !== 'rolled-back') return stack;
  const own = entries.filter(({ subject }) => subject === stack.id);
  const begun = own.findLastIndex(({ kind }) => kind === 'stack.started');
  const failed = own.slice(begun + 1).find(({ kind, outcome }) => isFailure(kind, outcome));
  const why = failed?.reason ?? null;
  return why === null ? stack : { ...stack, reason: `${text(failed?.detail, 'resource') ?? 'a resource'}: ${why}` };
};

const isFailure = (kind: string, outcome: string | null): boolean =>
  kind === 'stack-resource.changed' && (outcome ?? '').endsWith('-failed');

const worksOf = (
  entries: EntryItem[],
  noun: string,
  idOf: (entry: EntryItem) => string | null,
): Omit<WorkAnswer, 'execution'>[] => {
  const found = new Map<string, Omit<WorkAnswer, 'execution'>>();
  for (const entry of entries) {
    const [said, outcome] = entry.kind.split('.');
    const id = idOf(entry);
    if ((said !== noun && said !== `service-${noun}`) || outcome === undefined || id === null) continue;
    const known = found.get(id) ?? { ...begun, id, entries: [] };
    found.set(id, { ...moved(known, outcome, entry), entries: [...known.entries, entry.seq] });
  }
  return [...found.values()];
};

/** Which execution a build, deployment or stack belongs to, as its action says. */
const executionsByWork = (entries: EntryItem[]): Map<string, string> => {
  const found = new Map<string, string>();
  for (const entry of entries) {
    const id = entry.kind.startsWith('action.') ? text(entry.detail, 'externalId') : null;
    if (id === null || entry.execution === null) continue;
    const isBuild = text(entry.detail, 'provider') === 'CodeBuild';
    found.set(isBuild ? buildArn(entry, id, text(entry.detail, 'region')) : id, entry.execution);
  }
  return found;
};
