import type { Comparison } from '../../shared/ladder/metric.ts';
import type { SeriesQuery } from './series-query.ts';

/** A metric alarm as PutMetricAlarm takes it, defaults filled in. */
export type AlarmDefinition = {
  AlarmName: string;
  AlarmDescription?: string;
  ActionsEnabled: boolean;
  Namespace: string;
  MetricName: string;
  Dimensions: Dimension[];
  Statistic: Statistic;
  /** seconds; on one machine also 1 and 5, which CloudWatch itself does not take */
  Period: number;
  EvaluationPeriods: number;
  DatapointsToAlarm: number;
  Threshold: number;
  ComparisonOperator: Comparison;
  TreatMissingData: MissingData;
  /** it has a series for each value of a dimension; Dimensions is empty then */
  Query?: SeriesQuery;
};

export type Dimension = { Name: string; Value: string };
export const statistics = ['Minimum', 'Maximum', 'Average', 'Sum', 'SampleCount'] as const;
export type Statistic = (typeof statistics)[number];
export const missingData = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
export type MissingData = (typeof missingData)[number];

export const stateValues = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
export type StateValue = (typeof stateValues)[number];

/** The state of an alarm; times in ms. */
export type AlarmState = {
  value: StateValue;
  reason: string;
  reasonData?: string;
  at: number;
  /** the series of a query that have data; absent of a single metric */
  contributors?: Contributor[];
};

/** One series of an alarm's query: in alarm or OK. */
export type Contributor = { id: string; attributes: { [dimension: string]: string }; state: AlarmState };

export type Alarm = { definition: AlarmDefinition; state: AlarmState; configuredAt: number };

/** One value of a metric; `at` in ms. */
export type Datapoint = { at: number; value: number };

/** What a metric is known by. */
export type Metric = Pick<AlarmDefinition, 'Namespace' | 'MetricName' | 'Dimensions'>;

export const metricKey = ({ Namespace, MetricName, Dimensions }: Metric): string =>
  JSON.stringify([Namespace, MetricName, Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).toSorted()]);
