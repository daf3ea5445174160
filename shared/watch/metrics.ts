import type { Instant } from '../trail/entry.ts';

/** The namespace of all metrics of ours. */
export const namespace = 'Escalator';

type Metric = { unit: 'Count' | 'Seconds'; dimensions: readonly string[]; says: string };

/**
 * Every metric of ours. What Lambda, SQS and DynamoDB count themselves (calls, errors, depth, age) is not counted again.
 * CloudWatch bills a metric for each value of its dimensions, in the hours in which it has data.
 */
export const metrics = {
  CanaryAge: {
    unit: 'Seconds',
    dimensions: [],
    says: 'how old the newest canary is that a question finds: how long the way from the bus to an answer has been broken, at most',
  },
  ReconcilerLag: {
    unit: 'Seconds',
    dimensions: [],
    says: 'how far that lies back which the reconciler has read of the target that is behind most',
  },
  FoundLate: {
    unit: 'Count',
    dimensions: [],
    says: 'facts that no event had told, found where Escalator was there to be told',
  },
  Behind: { unit: 'Seconds', dimensions: ['Reader'], says: 'how long a reader of the trail has been behind' },
  Failures: {
    unit: 'Count',
    dimensions: ['Function', 'Class'],
    says: 'messages, wake-ups and requests that failed, by the class of the failure: retry, terminal, unknown',
  },
} as const satisfies { [name: string]: Metric };

export type MetricName = keyof typeof metrics;
export type Dimensions<Name extends MetricName> = {
  [dimension in (typeof metrics)[Name]['dimensions'][number]]: string;
};

/**
 * A line that CloudWatch Logs makes metrics of (CloudWatch User Guide, "Embedded metric format specification"). All values
 * have the same dimensions; fields that a line has beside them stand in the log and are no metrics.
 *
 * @param values of each metric in its own unit
 */
export const metricLine = <Name extends MetricName>(
  now: Instant,
  values: { [name in Name]: number },
  dimensions: Dimensions<Name>,
): { [field: string]: unknown } => ({
  _aws: {
    Timestamp: Date.parse(now),
    CloudWatchMetrics: [
      {
        Namespace: namespace,
        Dimensions: [Object.keys(dimensions)],
        Metrics: (Object.keys(values) as Name[]).map((name) => ({ Name: name, Unit: metrics[name].unit })),
      },
    ],
  },
  ...dimensions,
  ...values,
});
