import type { Instant } from '../trail/entry.ts';
import { type Approval, contributorsOf, manualApprovals, pullApprovals } from './approvals.ts';
import {
  type Action,
  actionsOf,
  commitKey,
  type Execution,
  type Move,
  type Population,
  type Pull,
  type Reached,
} from './facts.ts';
import { type Known, moveOf, pullOf } from './known.ts';
import type { Outcome, RolledBack, Served } from './serving.ts';
import { ticketsIn } from './tickets.ts';
import { msBetween } from '../trail/time.ts';
import { claimedAs, type Contributor, whoIs } from './who.ts';

/** One release in one environment. What is not on record is null, or an empty list. */
export type ChangeRow = {
  environment: string;
  service: string;
  release: string;
  commit: string | null;
  repository: string | null;
  branch: string | null;
  /** as the commit claims; nobody verified it */
  author: string | null;
  /** who moved the branch, as AWS authenticated them */
  pusher: string | null;
  pullRequest: string | null;
  pullRequestBy: string | null;
  approvers: string[];
  approvals: string[];
  tickets: string[];
  execution: string | null;
  build: string[];
  tests: string[];
  pushed: Instant | null;
  started: Instant | null;
  reached: Instant;
  /** from pushed to reached; null for what was put there again */
  leadSeconds: number | null;
  outcome: Outcome;
  byRollback: boolean;
  rolledBack: Pick<RolledBack, 'at' | 'why' | 'to'> | null;
  /** the entries that the row is drawn from */
  entries: number[];
};

/** A release with all that is known of how it came. */
export type Told = Served & {
  move: Move | null;
  pull: Pull | null;
  execution: Execution | null;
  approvals: Approval[];
  contributors: Contributor[];
};

export const tell = (known: Known, served: Served): Told => {
  const { reached } = served;
  const { commit, repository } = reached;
  const pull = commit === null || repository === null ? null : pullOf(known, repository, commit);
  const execution = builtBy(known.population, reached);
  return {
    ...served,
    pull,
    execution,
    move: moveOf(known, reached),
    approvals: [
      ...(pull === null ? [] : pullApprovals(pull)),
      ...(execution === null ? [] : manualApprovals(known.population, execution)),
    ],
    contributors: commit === null || repository === null ? [] : contributorsOf(known, repository, commit, pull),
  };
};

/** What was put there again was built, tested and approved when it was new. */
const builtBy = ({ executions }: Population, { execution, rebuiltFrom }: Reached): Execution | null => {
  const origin = rebuiltFrom === null ? null : rebuiltFrom.slice(rebuiltFrom.lastIndexOf('@') + 1);
  return executions.get(origin ?? '') ?? executions.get(execution ?? '') ?? null;
};

export const changeRow = ({ population }: Known, told: Told): ChangeRow => {
  const { reached, outcome, rolledBack, move, pull } = told;
  const pushed = move?.at ?? null;
  return {
    environment: reached.environment,
    service: reached.service,
    release: reached.release,
    commit: reached.commit,
    repository: reached.repository,
    branch: move?.ref.replace('refs/heads/', '') ?? null,
    ...codeCells(population, told),
    pusher: move === null ? null : whoIs(move.by),
    pullRequest: pull?.id ?? null,
    pullRequestBy: pull?.author ?? null,
    ...approvalCells(told.approvals),
    execution: reached.execution,
    ...actionCells(population, told.execution),
    pushed,
    started: population.executions.get(reached.execution ?? '')?.startedAt ?? null,
    reached: reached.at,
    leadSeconds: reached.byRollback || pushed === null ? null : secondsBetween(pushed, reached.at),
    outcome,
    byRollback: reached.byRollback,
    rolledBack: rolledBack === null ? null : { at: rolledBack.at, why: rolledBack.why, to: rolledBack.to },
    entries: receiptsOf(population, told),
  };
};

const describedOf = ({ commits }: Population, { reached, pull }: Told) => {
  const { repository, commit } = reached;
  const find = (id: string | null | undefined) =>
    repository === null || id == null ? undefined : commits.get(commitKey(repository, id));
  return { own: find(commit), source: find(pull?.merged?.source) };
};

/** A merge has a message of its own; the tickets stand as often in that of what was merged. */
const codeCells = (population: Population, told: Told): Pick<ChangeRow, 'author' | 'tickets'> => {
  const { own, source } = describedOf(population, told);
  const author = own?.author == null ? null : claimedAs(own.author);
  const tickets = [...(own?.tickets ?? ticketsIn(told.reached.subject)), ...(source?.tickets ?? [])];
  return { author: author ?? told.reached.author, tickets: [...new Set(tickets)] };
};

const approvalCells = (approvals: Approval[]): Pick<ChangeRow, 'approvers' | 'approvals'> => {
  const named = approvals.map(({ what, by, at }) => ({ what, at, who: by === null ? null : whoIs(by) }));
  return {
    approvers: [...new Set(named.flatMap(({ who }) => who ?? []))],
    approvals: named.map(
      ({ what, at, who }) =>
        `${what} approved by ${who ?? 'somebody who is not on record'}${at === null ? '' : ` at ${at}`}`,
    ),
  };
};

const actionCells = (population: Population, execution: Execution | null): Pick<ChangeRow, 'build' | 'tests'> => {
  const actions = execution === null ? [] : actionsOf(execution);
  return {
    build: actions
      .filter(({ category }) => category === 'Build')
      .map((one) => [outcomeOf(one), one.build].filter(Boolean).join(' ')),
    tests: actions.flatMap((one) => [
      ...(one.category === 'Test' ? [outcomeOf(one)] : []),
      ...phasesOf(population, one).map(([phase, outcome]) => `${one.name} ${phase} ${outcome}`),
    ]),
  };
};

const outcomeOf = ({ stage, name, outcome }: Action): string => `${stage}/${name} ${outcome ?? 'not ended'}`;

const phasesOf = ({ builds }: Population, { build }: Action): [string, string][] => [
  ...(builds.get(build ?? '')?.phases ?? []),
];

const secondsBetween = (from: Instant, to: Instant): number | null => {
  const seconds = Math.round(msBetween(from, to) / 1000);
  return seconds >= 0 ? seconds : null;
};

const receiptsOf = (population: Population, told: Told): number[] => {
  const { reached, rolledBack, move, pull, execution, approvals } = told;
  const { own, source } = describedOf(population, told);
  const actions = execution === null ? [] : actionsOf(execution);
  return sorted([
    reached.seq,
    ...[own?.seq, source?.seq, move?.seq].filter((seq) => seq !== undefined),
    ...(pull?.seqs ?? []),
    ...(rolledBack?.seqs ?? []),
    ...(execution?.seqs ?? []),
    ...(population.executions.get(reached.execution ?? '')?.seqs ?? []),
    ...actions.flatMap(({ seqs, build }) => [...seqs, ...(population.builds.get(build ?? '')?.seqs ?? [])]),
    ...approvals.flatMap(({ seqs }) => seqs),
  ]);
};

/** Each once, rising. */
export const sorted = (seqs: number[]): number[] => [...new Set(seqs)].toSorted((a, b) => a - b);
