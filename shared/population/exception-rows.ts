import type { Instant } from '../trail/entry.ts';
import { areOnlySelf } from './approvals.ts';
import { sorted, type Told } from './change-rows.ts';
import type { Call, Population, Quarantined } from './facts.ts';
import type { Rollback } from './serving.ts';
import { whoIs } from './who.ts';

/** What an auditor asks about first. A kind is never renamed: it is in tables that were handed over. */
export const exceptionKinds = [
  'no-pull-request',
  'not-approved',
  'self-approved',
  'approval-rules-overridden',
  'direct-push',
  'force-push',
  'outside-pipeline',
  'rollback',
  'quarantine',
] as const;
export type ExceptionKind = (typeof exceptionKinds)[number];

export type ExceptionRow = {
  kind: ExceptionKind;
  at: Instant;
  who: string;
  environment: string | null;
  service: string | null;
  repository: string | null;
  release: string | null;
  commit: string | null;
  /** what was done */
  what: string;
  /** why that is an exception, and what is not known of it */
  why: string;
  /** the entries that the row is drawn from */
  entries: number[];
};

/** How a release came to be. What was put there again came to be before, and is asked about there. */
export const releaseExceptions = (told: Told): ExceptionRow[] =>
  told.reached.byRollback ? [] : [unreviewed(told), unapproved(told), overridden(told)].filter((row) => row !== null);

const ofRelease = (told: Told): Omit<ExceptionRow, 'kind' | 'why'> => {
  const { reached, move } = told;
  const { environment, service, repository, release, commit } = reached;
  return {
    at: reached.at,
    who: move === null ? 'unknown' : whoIs(move.by),
    environment,
    service,
    repository,
    release,
    commit,
    what: `${commit ?? 'an unknown commit'} was released to ${environment}`,
    entries: sorted([reached.seq, ...(move === null ? [] : [move.seq])]),
  };
};

const unreviewed = (told: Told): ExceptionRow | null =>
  told.pull === null
    ? { kind: 'no-pull-request', ...ofRelease(told), why: 'no merged pull request of this commit is among the entries' }
    : null;

/** Without a pull request and without an approval, it is the pull request that is asked about. */
const unapproved = (told: Told): ExceptionRow | null => {
  const { approvals, contributors, pull } = told;
  if (pull === null && approvals.length === 0) return null;
  const row = ofRelease(told);
  const entries = sorted([...row.entries, ...(pull?.seqs ?? []), ...approvals.flatMap(({ seqs }) => seqs)]);
  const names = [...new Set(approvals.map(({ by }) => (by === null ? null : whoIs(by))))];
  if (names.every((name) => name === null)) {
    const why =
      approvals.length === 0 ? 'no approval of it is among the entries' : 'who approved it is not among the entries';
    return { kind: 'not-approved', ...row, why, entries };
  }
  if (!areOnlySelf(approvals, contributors)) return null;
  return {
    kind: 'self-approved',
    ...row,
    why: `approved only by ${names.join(' and ')}, who had a hand in it`,
    entries,
  };
};

const overridden = (told: Told): ExceptionRow | null => {
  const set = told.pull?.overridden ?? null;
  if (told.pull === null || set === null) return null;
  const row = ofRelease(told);
  return {
    kind: 'approval-rules-overridden',
    ...row,
    at: set.at,
    who: whoIs(set.by),
    why: `the approval rules of pull request ${told.pull.id} were set aside before it was merged`,
    entries: sorted([...row.entries, set.seq]),
  };
};

/** What changed something past the pipeline. What Escalator did itself stands in its intents. */
export const outsideExceptions = (population: Population): ExceptionRow[] => {
  const sessions = buildSessions(population);
  return population.calls
    .filter((call) => !isOwn(population, call))
    .filter(({ by }) => by.type !== 'role-session' || !sessions.has(by.session))
    .map((call) => ({
      kind: 'outside-pipeline',
      at: call.at,
      who: whoIs(call.by),
      environment: call.environment,
      service: call.service,
      repository: null,
      release: null,
      commit: null,
      what: `${call.name} on ${call.subject}`,
      why: call.why,
      entries: [call.seq],
    }));
};

const isOwn = ({ acts }: Population, { started }: Call): boolean => started !== null && acts.has(started);

/** A build's session is named after it. Anybody may name a session so: only a pipeline's build on record counts. */
const buildSessions = ({ builds }: Population): Set<string> => {
  const ofPipelines = [...builds].filter(([, { pipeline }]) => pipeline !== null);
  return new Set(ofPipelines.map(([id]) => `AWSCodeBuild-${id.slice(id.lastIndexOf(':') + 1)}`));
};

export const rollbackException = ({ from, reached, at, by, why, to, seqs }: Rollback): ExceptionRow => {
  const { environment, service, repository } = reached;
  const left = from === null ? 'a release that is not among the entries' : from.release;
  return {
    kind: 'rollback',
    at,
    who: whoIs(by),
    environment,
    service,
    repository,
    release: from?.release ?? null,
    commit: from?.commit ?? null,
    what: `${environment} went back from ${left} to ${to}`,
    why,
    entries: sorted([...seqs, ...(from === null ? [] : [from.seq])]),
  };
};

export const quarantineException = ({ seq, at, by, incident, reason, ...about }: Quarantined): ExceptionRow => ({
  kind: 'quarantine',
  at,
  who: whoIs(by),
  ...about,
  what: `${about.release || about.commit} is not put into ${about.environment} again${incident === null ? '' : `, from incident ${incident}`}`,
  why: reason,
  entries: [seq],
});
