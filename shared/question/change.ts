import type { ChangeAnswer, EntryItem, ExecutionAnswer, IncidentAnswer, Phase, ReleaseAnswer } from './answers.ts';
import { actorName } from './rows.ts';

/** What is known about one commit. */
export type AboutChange = {
  commit: string;
  /** about the commit and its executions, oldest first */
  entries: EntryItem[];
  releases: ReleaseAnswer[];
  incidents: IncidentAnswer[];
  /** the commit that its branch went on to, where one did */
  followedBy: string | null;
};

/** The entry that says that a commit was pushed. */
export const pushOf = (commit: string, entries: EntryItem[]): EntryItem | undefined =>
  entries.find(({ kind, change }) => kind.startsWith('reference.') && change?.commit === commit);

/** The commit that a push's branch went on to, as the references of its repository tell; null where it stands there. */
export const followerOf = (pushed: EntryItem, references: EntryItem[]): string | null => {
  const commit = pushed.change?.commit;
  const next = references.find(
    ({ seq, detail }) => seq > pushed.seq && detail['ref'] === pushed.detail['ref'] && detail['old'] === commit,
  );
  return next?.change?.commit ?? null;
};

/**
 * Where a change is: told from the entries about its commit and its executions, the releases it became and the
 * incidents it is suspected in.
 */
export const changeAnswer = ({ commit, entries, releases, incidents, followedBy }: AboutChange): ChangeAnswer => {
  const pushed = pushOf(commit, entries);
  const described = entries.find(({ kind, change }) => kind === 'commit.described' && change?.commit === commit);
  const executions = executionsOf(entries);
  const where = whereIs(executions, releases, incidents, untaken(pushed !== undefined, followedBy));
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

/** Of two pushes in quick succession the pipeline takes the later one: the earlier never gets an execution. */
const untaken = (pushed: boolean, followedBy: string | null): Where => {
  if (!pushed) return { status: 'unknown', reason: null };
  return followedBy === null
    ? { status: 'on-its-way', reason: null }
    : { status: 'superseded', reason: `${followedBy.slice(0, 7)} was pushed before an execution took it` };
};

const whereIs = (
  executions: ExecutionAnswer[],
  releases: ReleaseAnswer[],
  incidents: IncidentAnswer[],
  otherwise: Where,
): Where => {
  const open = incidents.find(({ closedAt }) => closedAt === null);
  if (open !== undefined) return { status: 'on-its-way', reason: `suspect of ${open.id}, which is ${open.status}` };
  const quarantined = releases.find(({ status }) => status === 'quarantined');
  if (quarantined !== undefined) return { status: 'rolled-back', reason: quarantined.reason };
  if (executions.some(({ endedAt }) => endedAt === null)) return { status: 'on-its-way', reason: null };
  // What the ladder put there again says nothing of how far the change itself came.
  const again = releases.filter(({ byRollback }) => byRollback).map(({ execution }) => execution);
  const latest = executions.findLast(({ execution }) => !again.includes(execution));
  if (releases.some(({ status }) => status === 'running')) return whereItRuns(latest, incidents);
  if (latest === undefined) return otherwise;
  if (latest.outcome === 'superseded') return { status: 'superseded', reason: 'a newer change overtook it' };
  if (latest.outcome !== 'succeeded') return { status: 'stopped', reason: latest.reason };
  return { status: 'superseded', reason: 'a newer release took its place' };
};

/** It is what is served: live, unless it did not pass its own pipeline, or left a person with an unhealthy service. */
const whereItRuns = (latest: ExecutionAnswer | undefined, [incident]: IncidentAnswer[]): Where => {
  if (incident?.status === 'handed-over')
    return { status: 'stopped', reason: `it is served, and ${incident.id} was handed over: ${incident.reason}` };
  const healed = incident?.status === 'converged' || incident?.status === 'self-healed';
  return latest?.outcome === 'failed' && !healed
    ? { status: 'stopped', reason: `it is served, and its pipeline failed: ${latest.reason}` }
    : { status: 'live', reason: null };
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
  const actions = stages.flatMap((stage) => stage.actions); // a stage's own event may come later than its action's
  return { ...execution, stages, reason: execution.reason ?? failureOf(stages) ?? failureOf(actions) };
};

const failureOf = (phases: Phase[]): string | null =>
  phases.find(({ outcome }) => outcome === 'failed')?.reason ?? null;

const authorOf = (described: EntryItem | undefined): string | null => {
  const author = described?.detail['author'];
  return typeof author === 'object' && author !== null && !Array.isArray(author) ? textOf(author['name']) : null;
};

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
