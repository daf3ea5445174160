import type { Alert } from '../ladder/events.ts';
import type { Actor, Instant } from '../trail/entry.ts';

/** How loudly people are told: a page wakes somebody, a ticket waits for working hours, info for whoever looks. */
export type Severity = 'page' | 'ticket' | 'info';

/** Something that people may want to hear of. */
export type Notice = {
  /** what begins and ends: an incident, an alarm, a single piece of news */
  about: string;
  /** it goes on until it is over, calls until somebody acknowledges it, or is news that has no end */
  says: 'open' | 'over' | 'call' | 'once';
  severity: Severity;
  /** everything that a person needs to know of it */
  alert: Alert;
  /** what mutes it where it comes from, such as a mute rule of CloudWatch; null where nothing does */
  mutedBy: string | null;
};

/** What a group of notices takes in, one after the other. */
export type AlertInput =
  | { type: 'notice'; seq: number; notice: Notice }
  /** a ladder that was held goes on: what was to be told of it is over */
  | { type: 'freed'; seq: number; why: string }
  /** somebody holds or claimed the ladder: they know */
  | { type: 'taken'; seq: number; who: Actor }
  /** `about` is null for all that is open in the group; `message` is the version of the message that was answered, if one was */
  | { type: 'acknowledged'; id: string; who: Actor; why: string; about: string | null; message?: number }
  | { type: 'timer'; version: number; due: Instant };

/** Alerts as ladders raise them say `warning` where people say `ticket`. */
export const severityOf = ({ severity }: Pick<Alert, 'severity'>): Severity =>
  severity === 'warning' ? 'ticket' : severity;

const loudness: { [name in Severity]: number } = { info: 0, ticket: 1, page: 2 };

/** The louder of two. */
export const louder = (one: Severity, other: Severity): Severity => (loudness[one] >= loudness[other] ? one : other);
