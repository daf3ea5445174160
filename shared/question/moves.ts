import type { Row } from '../ports.ts';
import type { Actor, Instant } from '../trail/entry.ts';

/**
 * Something after which a service may not be what it was before: what people who look for the cause of a failure ask of
 * first. The index keeps them apart from the rest, in words, so that a message to people finds them by one query.
 */
export type Move = {
  /** the entry that tells of it; null where the ladder alone does, as yet */
  seq: number | null;
  kind: string;
  how: How;
  at: Instant;
  /** in one sentence */
  says: string;
  by: Actor;
  environment: string | null;
  service: string | null;
  /** the ARN, or an id like one, of what it was done to */
  subject: string;
  commit: string | null;
  execution: string | null;
  release: string | null;
  /** where its log stands, as the service that did it says */
  log: string | null;
};

/** A release went out; somebody changed something by hand; and so on. What `failed` is no cause, and says where to look. */
export type How = 'released' | 'by-hand' | 'deployed' | 'configured' | 'scaled' | 'failed';

/** The moves in an environment; null for those that belong to none. */
export const movesIn = (environment: string | null): string => `moves:${JSON.stringify(environment)}`;

/** The moves that rows hold, newest first. */
export const movesOf = (rows: Pick<Row, 'body'>[]): Move[] =>
  rows
    .flatMap(({ body }) => body['moves'] as Move[])
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at) || (other.seq ?? 0) - (one.seq ?? 0));
