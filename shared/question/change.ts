import type { ChangeAnswer, EntryItem, ExecutionAnswer, IncidentAnswer, Phase, ReleaseAnswer } from './answers.ts';
import { actorName } from './rows.ts';

/**
 * Where a change is: told from the entries about its commit and its executions (oldest first), the releases it
 * became and the incidents it is suspected in.
 */
export const changeAnswer = (
  commit: string,
  entries: EntryItem[],
  releases: ReleaseAnswer[],
  incidents: IncidentAnswer[],
): ChangeAnswer => {
  const pushed = entries.find(({ kind, change }) => kind.startsWith('reference.') && change?.commit === commit);
  const described = entries.find(({ kind, change }) => kind === 'commit.described' && change?.commit === commit);
  const executions = executionsOf(entries);
  const where = whereIs(executions, releases, incidents, pushed !== undefined);
  return {
    commit,
    repository: pushed?.change?.repository ?? described?.change?.repository ?? null,
    ...where,
    pushedAt: pushed?.occurredAt ?? null,
    pusher: pushed === undefined ? null : actorName(pushed.actor),
    author: authorOf(described),
    message: textOf(described?.detail['message']),
    executions,
    releases,
    incidents,
  };
};

type Where = Pick<ChangeAnswer, 'status' | 'reason'>;

const whereIs = (
  executions: ExecutionAnswer[],
  releases: ReleaseAnswer[],
  incidents: IncidentAnswer[],
  pushed: boolean,
): Where => {
  const open = incidents.find(({ closedAt }) => closedAt === null);
  if (open !== undefined) return { status: 'on-its-way', reason: `suspect of ${open.id}, which is ${open.status}` };
  const quarantined = releases.find(({ status }) => status === 'quarantined');
  if (quarantined !== undefined) return { status: 'rolled-back', reason: quarantined.reason };
  const latest = executions.at(-1);
  if (latest !== undefined && latest.endedAt === null) return { status: 'on-its-way', reason: null };
  if (releases.some(({ status }) => status === 'running') && latest?.outcome !== 'failed')
    return { status: 'live', reason: null };
  if (latest === undefined) return { status: pushed ? 'on-its-way' : 'unknown', reason: null };
  if (latest.outcome === 'superseded') return { status: 'superseded', reason: 'a newer change overtook it' };
  if (latest.outcome !== 'succeeded') return { status: 'stopped', reason: latest.reason };
  return { status: 'superseded', reason: 'a newer release took its place' };
};

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
  const pipeline = textOf(entry.detail['pipeline']) ?? execution.pipeline;
  if (noun === 'pipeline') return { ...moved(execution, outcome, entry), pipeline };
  const name = textOf(entry.detail['stage']) ?? '';
  const stages = upsert(execution.stages, name, { ...begun, name, actions: [] }, (stage) => {
    if (noun === 'stage') return moved(stage, outcome, entry);
    const action = textOf(entry.detail['action']) ?? '';
    return {
      ...stage,
      actions: upsert(stage.actions, action, { ...begun, name: action }, (known) => moved(known, outcome, entry)),
    };
  });
  return { ...execution, pipeline, stages };
};

const moved = <T extends Phase>(phase: T, outcome: string, entry: EntryItem): T => {
  const at = entry.occurredAt ?? entry.observedAt;
  // A retry starts what had ended; events of one second may come in any order, so a start never undoes an end of then.
  if (outcome === 'started' || outcome === 'resumed')
    return phase.endedAt !== null && phase.endedAt >= at
      ? { ...phase, startedAt: phase.startedAt ?? at }
      : { ...phase, outcome, startedAt: phase.startedAt ?? at, endedAt: null, reason: null };
  return outcome === 'stopping' ? phase : { ...phase, outcome, endedAt: at, reason: entry.reason };
};

const upsert = <T extends { name: string }>(list: T[], name: string, fresh: T, change: (known: T) => T): T[] =>
  list.some((item) => item.name === name)
    ? list.map((item) => (item.name === name ? change(item) : item))
    : [...list, change(fresh)];

/** A failed execution says no reason; its failing action does. */
const withReason = (execution: ExecutionAnswer): ExecutionAnswer => {
  const stages = execution.stages.map((stage) => ({ ...stage, reason: stage.reason ?? failureOf(stage.actions) }));
  return { ...execution, stages, reason: execution.reason ?? failureOf(stages) };
};

const failureOf = (phases: Phase[]): string | null =>
  phases.find(({ outcome }) => outcome === 'failed')?.reason ?? null;

const authorOf = (described: EntryItem | undefined): string | null => {
  const author = described?.detail['author'];
  return typeof author === 'object' && author !== null && !Array.isArray(author) ? textOf(author['name']) : null;
};

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
