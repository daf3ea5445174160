import type { Alert } from '../ladder/events.ts';
import type { NewsName } from './change/state.ts';
import type { Message } from './message.ts';
import { machineBackground, type MachineBackground } from './machine-background.ts';
import { ascii, plain } from './plain.ts';

/**
 * A message for machines, such as paging tools and scripts: `docs/reference/alert.schema.json` is its JSON Schema. A
 * field is never renamed or taken away while `schema` stays as it is; others may come.
 */
export type MachineAlert = MachineBackground & {
  schema: 'escalator.alert/1';
  id: string;
  /** the same for a beginning, all that follows, and its end: what a paging tool calls its key of deduplication */
  dedupKey: string;
  /** `resolve` ends what `trigger` began */
  action: 'trigger' | 'resolve';
  severity: Message['severity'];
  /** why it is told now */
  why: Message['why'];
  /** which message about this it is, from 1 */
  number: number;
  /** RFC 3339, UTC */
  since: string;
  /** the headline as a title of fewer than 100 characters of ASCII */
  title: string;
  /** one sentence: what happened */
  headline: string;
  environment: string | null;
  service: string | null;
  incident: string | null;
  commit: string | null;
  repository: string | null;
  author: string | null;
  /** the first line of the commit message */
  subject: string | null;
  failing: string[];
  /** what Escalator did so far, oldest first */
  done: string[];
  /** what it does next, and when */
  next: string;
  /** what else stands in the same group */
  also: string[];
  /** what it tells of a change to whoever made it, and who pushed it; null where it is about something else */
  change: { what: NewsName; authors: string[]; pusher: string | null } | null;
  /** true where it was too long, and much of it is left out: `links` says where all of it can be read */
  cut: boolean;
  /** of one entry that is told of for itself */
  news: { rule: string; who: string | null; at: string; where: string; entry: number } | null;
};

/** Paging tools cut what is longer, each elsewhere. */
const titleAtMost = 99;

/** @param isCut whether something of the message is left out already */
export const machineOf = ({ alert, background, ...message }: Message, isCut = false): MachineAlert => ({
  schema: 'escalator.alert/1',
  id: message.id,
  dedupKey: message.thread,
  action: message.state === 'over' ? 'resolve' : 'trigger',
  severity: message.severity,
  why: message.why,
  number: message.number,
  since: message.since,
  title: ascii(alert.headline, titleAtMost),
  headline: plain(alert.headline),
  environment: alert.environment === '' ? null : alert.environment,
  service: alert.service === '' ? null : alert.service,
  incident: alert.incident,
  commit: alert.change?.commit ?? null,
  repository: alert.change?.repository ?? null,
  author: alert.author === null ? null : plain(alert.author),
  subject: alert.subject === null ? null : plain(alert.subject),
  failing: alert.failing.map(plain),
  done: alert.done.map(plain),
  next: plain(alert.next),
  also: message.also.map(plain),
  ...machineBackground(background),
  change: message.of === undefined ? null : changeOf(message.of),
  cut: isCut,
  news: alert.news === undefined ? null : newsOf(alert.news),
});

const changeOf = ({ news, authors, pusher }: NonNullable<Message['of']>): MachineAlert['change'] => ({
  what: news,
  authors: authors.map(plain),
  pusher: pusher === null ? null : plain(pusher),
});

const newsOf = ({ rule, who, at, where, seq }: NonNullable<Alert['news']>): MachineAlert['news'] => ({
  rule,
  who: who === null ? null : plain(who),
  at,
  where: plain(where),
  entry: seq,
});
