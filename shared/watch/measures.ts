import type { Instant } from '../trail/entry.ts';

/** What was found of Escalator itself; null where there is nothing to measure yet, or nothing to wait for. */
export type Found = {
  now: Instant;
  /** when the newest canary that a question finds was sent */
  canary: Instant | null;
  /** for each reader of the trail, when the oldest segment that it has not read was recorded */
  unread: { [reader: string]: Instant | null };
};

/** The namespace of all metrics of ours. */
export const namespace = 'Escalator';
/** How old the newest canary is (s): how long the way from the bus to an answer has been broken, at most. */
export const canaryAge = 'CanaryAge';
/** How long a reader of the trail has been behind (s), by reader. */
export const behind = 'Behind';
export const readerDimension = 'Reader';

/**
 * Says what was found as lines that CloudWatch Logs makes metrics of (CloudWatch User Guide, "Embedded metric format"):
 * a line for each set of dimensions. What is not known is left out: an alarm on it then misses data, and says so.
 */
export const metricLines = ({ now, canary, unread }: Found): object[] => [
  ...(canary === null ? [] : [line(now, [], { [canaryAge]: secondsBetween(canary, now) })]),
  ...Object.entries(unread).map(([reader, since]) =>
    line(now, [readerDimension], {
      [readerDimension]: reader,
      [behind]: since === null ? 0 : secondsBetween(since, now),
    }),
  ),
];

const line = (now: Instant, dimensions: string[], values: { [name: string]: string | number }): object => ({
  _aws: {
    Timestamp: Date.parse(now),
    CloudWatchMetrics: [
      {
        Namespace: namespace,
        Dimensions: [dimensions],
        Metrics: Object.keys(values)
          .filter((name) => !dimensions.includes(name))
          .map((Name) => ({ Name, Unit: 'Seconds' })),
      },
    ],
  },
  ...values,
});

/** Two clocks: what seems to come from the future is new. */
const secondsBetween = (from: Instant, to: Instant): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000);
