import type { Actor, Instant, TrailRecord } from '../trail/entry.ts';
import type { JsonObject } from '../event/fields.ts';

/**
 * What is kept of the entries until the tables are made: of each commit, branch, pull request, execution, build and
 * release the few facts that a cell or an exception is drawn from. Entries come late and in any order (a call is on
 * record minutes after what came of it), so nothing is judged before all have been taken.
 */
export type Population = {
  entries: { count: number; first: number | null; last: number | null };
  commits: Map<string, Commit>;
  moves: Map<string, Move[]>;
  pulls: Map<string, Pull>;
  executions: Map<string, Execution>;
  builds: Map<string, Build>;
  /** manual approvals given through the API, by the action that asked and the minute */
  approvals: Map<string, Given[]>;
  calls: Call[];
  reached: Reached[];
  quarantined: Quarantined[];
  intents: Map<string, Intended>;
  /** the act that started an execution */
  acts: Map<string, { actKey: string; seq: number }>;
};

export const newPopulation = (): Population => ({
  entries: { count: 0, first: null, last: null },
  commits: new Map(),
  moves: new Map(),
  pulls: new Map(),
  executions: new Map(),
  builds: new Map(),
  approvals: new Map(),
  calls: [],
  reached: [],
  quarantined: [],
  intents: new Map(),
  acts: new Map(),
});

/** Something somebody did, and the entry that says so. */
export type Did = { seq: number; at: Instant; by: Actor };

/** `author` is what the commit claims; nobody verified it. */
export type Commit = { seq: number; author: Claimed | null; tickets: string[]; parents: string[] | null };
export type Claimed = { name: string | null; email: string | null };

/** A branch or tag that was made, moved or deleted. */
export type Move = Did & { repository: string; ref: string; old: string | null; to: string | null };

export type Pull = {
  id: string;
  repository: string | null;
  /** an ARN or a principal id */
  author: string | null;
  /** who pushed to its source branch while it was open */
  pushers: Did[];
  approvals: (Did & { commit: string | null })[];
  overridden: Did | null;
  merged: Merged | null;
  seqs: number[];
};

/** `source` is the last commit of its branch, `onto` where the destination branch then stood. */
export type Merged = Did & { source: string | null; onto: string | null; ref: string | null; commit: string | null };

export type Execution = {
  pipeline: string | null;
  startedAt: Instant | null;
  startedBy: Actor | null;
  trigger: string | null;
  branch: string | null;
  actions: Map<string, Action>;
  seqs: number[];
};

/** The last outcome of an action that builds, tests or asks for approval. */
export type Action = {
  stage: string;
  name: string;
  category: string;
  build: string | null;
  startedAt: Instant | null;
  endedAt: Instant | null;
  outcome: string | null;
  reason: string | null;
  seqs: number[];
};

/** The actions of an execution in the order in which they ended. */
export const actionsOf = ({ actions }: Execution): Action[] =>
  [...actions.values()].toSorted((a, b) => ((a.endedAt ?? '~') < (b.endedAt ?? '~') ? -1 : 1));

export type Build = { pipeline: string | null; outcome: string | null; phases: Map<string, string>; seqs: number[] };

/** A manual approval, given or refused. */
export type Given = Did & { status: string | null };

/** A call that changes what is served, or how it gets there. */
export type Call = Did & {
  name: string;
  why: string;
  subject: string;
  environment: string | null;
  service: string | null;
  started: string | null;
};

export type Reached = {
  seq: number;
  at: Instant;
  environment: string;
  service: string;
  release: string;
  commit: string | null;
  repository: string | null;
  execution: string | null;
  /** as the ladder knew them; used where the commit itself is not described */
  author: string | null;
  subject: string | null;
  byRollback: boolean;
  rebuiltFrom: string | null;
};

export type Quarantined = Pick<Reached, 'seq' | 'at' | 'environment' | 'service' | 'repository'> & {
  /** the ladder, or the person who ordered it */
  by: Actor;
  /** empty where the commit never came */
  release: string;
  commit: string | null;
  reason: string;
  incident: string | null;
};

export type Intended = { seq: number; reason: string | null; forCause: boolean };

/** Takes one kind of entry into the population. */
export type Take = (population: Population, record: TrailRecord) => void;

/** Of whatever there may be any number for one change, so many are kept. */
export const mostOfEach = 50;

/** Adds to a list that does not grow without end. */
export const keep = <T>(list: T[], item: T): void => {
  if (list.length < mostOfEach) list.push(item);
};

/** Finds what a map has for a key, or puts something new there. */
export const findOrPut = <T>(map: Map<string, T>, key: string, fresh: () => T): T => {
  const found = map.get(key);
  if (found !== undefined) return found;
  const put = fresh();
  map.set(key, put);
  return put;
};

/** When something happened: as its event claims, or else when it was seen. */
export const whenOf = ({ occurredAt, observedAt }: TrailRecord): Instant => occurredAt ?? observedAt;

export const didOf = (record: TrailRecord): Did => ({ seq: record.seq, at: whenOf(record), by: record.actor });

/** The event that an entry was made of; empty where it was too large to stand in the record. */
export const eventIn = ({ detail }: TrailRecord): JsonObject => {
  const { event } = detail;
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? event : {};
};

/** A commit, wherever it is met: the same one may stand in two repositories, where others pushed it. */
export const commitKey = (repository: string, commit: string): string => `${repository}\n${commit}`;

export const branchKey = (repository: string, ref: string): string => `${repository}\n${ref}`;
