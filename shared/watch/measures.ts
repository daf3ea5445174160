import type { Instant } from '../trail/entry.ts';
import { metricLine } from './metrics.ts';

/** What was found of Escalator itself; null where there is nothing to measure yet, or nothing to wait for. */
export type Found = {
  now: Instant;
  /** when the newest canary that a question finds was sent */
  canary: Instant | null;
  /** for each reader of the trail, when the oldest segment that it has not read was recorded */
  unread: { [reader: string]: Instant | null };
};

/**
 * Says what was found as lines that metrics are made of: a line for each set of dimensions. What is not known is left
 * out: an alarm on it then misses data, and says so.
 */
export const metricLines = ({ now, canary, unread }: Found): object[] => [
  ...(canary === null ? [] : [metricLine<'CanaryAge'>(now, { CanaryAge: secondsBetween(canary, now) }, {})]),
  ...Object.entries(unread).map(([Reader, since]) =>
    metricLine<'Behind'>(now, { Behind: since === null ? 0 : secondsBetween(since, now) }, { Reader }),
  ),
];

/** Two clocks: what seems to come from the future is new. */
const secondsBetween = (from: Instant, to: Instant): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000);
