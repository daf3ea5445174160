import type { AwsEvent } from '../event/envelope.ts';
import type { Instant } from '../trail/entry.ts';

/**
 * A fact as a service told it when it was asked, written as the event that should have told it: the same normaliser
 * reads both, so that both have the same key.
 */
export type Reread = {
  event: AwsEvent;
  /** when it happened; null where the service does not say */
  at: Instant | null;
  /** the call that told it */
  by: string;
};

/** Where what is read belongs: events say it, answers do not. */
export type Place = { account: string; region: string };

/** Older first; what has no time of its own stays where it is, among the newest. */
export const inOrder = (rereads: Reread[]): Reread[] =>
  rereads.toSorted((a, b) => (a.at ?? '~').localeCompare(b.at ?? '~'));
