import { text } from '../event/fields.ts';
import { joinActs } from './acts.ts';
import type { ChangeAnswer, EntryItem, ExecutionAnswer, IncidentAnswer, ReleaseAnswer } from './answers.ts';
import { executionsOf, workOf } from './phases.ts';
import { pullAnswer } from './pulls.ts';
import { actorName } from '../trail/actor-name.ts';
import { whenOf } from './things.ts';
import { toldAnswers } from './told.ts';

/** What is known about one commit. */
export type AboutChange = {
  commit: string;
  /** about the commit and its executions, in any order */
  entries: EntryItem[];
  /** of each pull request that it came by, by its subject, oldest first */
  pulls: Map<string, EntryItem[]>;
  releases: ReleaseAnswer[];
  rolledBack: ChangeAnswer['rolledBack'];
  incidents: IncidentAnswer[];
  /** changes of alarms after it had reached a service */
  alarms: EntryItem[];
  complete: boolean;
  /** the commit that its branch went on to, where one did */
  followedBy: string | null;
};

/** The entry that says that a commit was pushed. */
export const pushOf = (commit: string, entries: EntryItem[]): EntryItem | undefined =>
  entries.find(({ kind, change }) => kind.startsWith('reference.') && change?.commit === commit);

/** The commit that a push's branch went on to, as the references of its repository tell; null where it stands there. */
export const followerOf = (pushed: EntryItem, references: Told[]): string | null => {
  const commit = pushed.change?.commit;
  const next = references.find(
    ({ seq, subject, detail }) =>
      seq > pushed.seq &&
      subject === pushed.subject &&
      detail['ref'] === pushed.detail['ref'] &&
      detail['old'] === commit,
  );
  return next?.change?.commit ?? null;
};

/**
 * Where a change is: told from the entries about its commit and its executions, the releases it became and the
 * incidents it is suspected in.
 */
export const changeAnswer = (about: AboutChange): ChangeAnswer => {
  const { commit, releases, rolledBack, incidents, followedBy, complete } = about;
  const entries = asTheyHappened(about.entries);
  const pushed = pushOf(commit, entries);
  const described = entries.find(({ kind, change }) => kind === 'commit.described' && change?.commit === commit);
  const executions = executionsOf(entries);
  const where = whereIs(about, executions, untaken(pushed !== undefined, followedBy));
  const acts = joinActs(allOf(about));
  return {
    commit,
    repository: pushed?.change?.repository ?? described?.change?.repository ?? null,
    ...where,
    pushedAt: pushed === undefined ? null : whenOf(pushed),
    pusher: pushed === undefined ? null : actorName(pushed.actor),
    author: described === undefined ? null : text(described.detail, 'author', 'name'),
    message: described === undefined ? null : text(described.detail, 'message'),
    pulls: [...about.pulls].map(([id, own]) => pullAnswer(id, asTheyHappened(own), acts)),
    executions,
    ...workOf(entries),
    releases,
    rolledBack,
    incidents,
    alarms: about.alarms.filter(isAlarming).map(alarmAnswer),
    acts,
    told: toldAnswers(entries),
    complete,
  };
};

/** Events come late, and in any order. */
const asTheyHappened = (entries: EntryItem[]): EntryItem[] =>
  entries.toSorted((a, b) => Date.parse(whenOf(a)) - Date.parse(whenOf(b)) || a.seq - b.seq);

/** Entries about the commit and about its pull requests, each once: some are both. */
const allOf = ({ entries, pulls }: AboutChange): EntryItem[] => [
  ...new Map([...entries, ...[...pulls.values()].flat()].map((entry) => [entry.seq, entry])).values(),
];

const isAlarming = ({ kind, detail }: EntryItem): boolean => kind === 'alarm.changed' && detail['value'] === 'ALARM';

const alarmAnswer = (entry: EntryItem): ChangeAnswer['alarms'][number] => ({
  alarm: text(entry.detail, 'alarm') ?? entry.subject,
  environment: entry.environment ?? '',
  service: entry.service ?? '',
  at: whenOf(entry),
  reason: entry.reason,
  seq: entry.seq,
});

type Told = Pick<EntryItem, 'seq' | 'change' | 'detail' | 'subject'>;

type Where = Pick<ChangeAnswer, 'status' | 'reason'>;

/** Of two pushes in quick succession the pipeline takes the later one: the earlier never gets an execution. */
const untaken = (pushed: boolean, followedBy: string | null): Where => {
  if (!pushed) return { status: 'unknown', reason: null };
  return followedBy === null
    ? { status: 'on-its-way', reason: null }
    : { status: 'superseded', reason: `${followedBy.slice(0, 7)} was pushed before an execution took it` };
};

const whereIs = (
  { releases, rolledBack, incidents }: AboutChange,
  executions: ExecutionAnswer[],
  otherwise: Where,
): Where => {
  const open = incidents.find(({ closedAt }) => closedAt === null);
  if (open !== undefined) return { status: 'on-its-way', reason: `suspect of ${open.id}, which is ${open.status}` };
  // What a person quarantined may run still, and need not have been gone back from.
  const quarantined = releases.find(({ status, quarantinedBy }) => status === 'quarantined' && quarantinedBy == null);
  if (quarantined !== undefined) return { status: 'rolled-back', reason: quarantined.reason };
  if (executions.some(({ endedAt }) => endedAt === null)) return { status: 'on-its-way', reason: null };
  // What the ladder put there again says nothing of how far the change itself came.
  const again = releases.filter(({ byRollback }) => byRollback).map(({ execution }) => execution);
  const latest = executions.findLast(({ execution }) => !again.includes(execution));
  if (releases.some(({ status, running }) => running || status === 'running')) return whereItRuns(latest, incidents);
  if (latest === undefined) return otherwise;
  if (latest.outcome === 'superseded') return { status: 'superseded', reason: 'a newer change overtook it' };
  if (latest.outcome !== 'succeeded') return { status: 'stopped', reason: latest.reason };
  const [back] = rolledBack;
  if (back !== undefined)
    return { status: 'rolled-back', reason: `${back.to.slice(0, 7)} took its place again in ${back.environment}` };
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
