import type { Instant } from '../../trail/entry.ts';
import type { Author, Pull, Where } from './input.ts';

/**
 * What developers are to hear of, of the changes that go through one pipeline. A stream of versions on the trail, as a
 * group of alerts is: its state is what the versions say, folded, and nothing else.
 */
export type Changes = {
  /** the last version folded in; 0 before the first */
  version: number;
  /** the highest seq taken in: the same entry is never taken in twice */
  seen: number;
  /** the newest first */
  changes: Tracked[];
  /** what each service runs, by its environment and name */
  running: { [place: string]: string };
  /** by the same names, which commit is the suspect of which incident */
  blamed: { [place: string]: { incident: string; commit: string } };
  /** when whoever wrote changes was told something lately, by who they are */
  told: { [who: string]: Instant[] };
  timer: { version: number; due: Instant } | null;
};

/** A commit on its way, and what is known of it. */
export type Tracked = {
  commit: string;
  repository: string | null;
  ref: string | null;
  /** what it is compared with where a comment on it is shown; null where it is the first, or not known */
  parent: string | null;
  /** the authenticated pusher; null where no event told of the push */
  pushed: { by: string; at: Instant } | null;
  /** as the commit claims; null until it was described */
  author: Author | null;
  /** first line of the commit message */
  subject: string | null;
  pull: Pull | null;
  executions: string[];
  /** why its newest failing action failed */
  failure: string | null;
  /** what happened to it so far, oldest first */
  log: { at: Instant; says: string }[];
  /** what has not been told yet */
  news: News[];
  /** the keys of what was news once: nothing is news twice */
  known: string[];
  /** how often people were told of it, and how many comments were made */
  messages: number;
  comments: number;
};

/** What can be told of a change, the most important first. */
export const newsNames = [
  'rolled-back',
  'stopped',
  'warned',
  'waiting',
  'deployed',
  'superseded',
  'built',
  'pushed',
] as const;
export type NewsName = (typeof newsNames)[number];

export type News = {
  name: NewsName;
  key: string;
  at: Instant;
  /** what happened, behind the name of the change */
  says: string;
  next: string;
  where: Where | null;
  incident: string | null;
  /** when it can be told: what is missing of it may come until then */
  ready: Instant;
  /** by which ways it is still to go */
  to: { topic: boolean; comment: boolean };
};

export const noChanges: Changes = { version: 0, seen: -1, changes: [], running: {}, blamed: {}, told: {}, timer: null };

/** Of another form of the state, a snapshot is not believed. */
export const changesForm = 2;

/** Commits kept of one pipeline; of the others nothing more is told. */
export const changesAtMost = 40;
/** Of each change: with these the whole state fits into one row, however long its texts are. */
const kept = { executions: 20, log: 8, news: 6, known: 20 };

export const newTracked = (commit: string, repository: string | null): Tracked => ({
  commit,
  repository,
  ref: null,
  parent: null,
  pushed: null,
  author: null,
  subject: null,
  pull: null,
  executions: [],
  failure: null,
  log: [],
  news: [],
  known: [],
  messages: 0,
  comments: 0,
});

/** Keeps what is newest of what has no end of its own. */
export const bounded = (change: Tracked): Tracked => ({
  ...change,
  executions: change.executions.slice(-kept.executions),
  log: change.log.slice(-kept.log),
  news: change.news.slice(-kept.news),
  known: change.known.slice(-kept.known),
});

/** Who is told together: whoever the commit says wrote it, else whoever pushed it. */
export const whoseOf = ({ author, pushed }: Tracked): string => author?.email ?? author?.name ?? pushed?.by ?? '';

export const placeName = ({ environment, service }: Where): string => `${environment}/${service}`;
