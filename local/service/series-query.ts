import { createHash } from 'node:crypto';
import type { Dimension, Metric, Statistic } from './alarm.ts';

/** A query of CloudWatch Metrics Insights that has a series for each value of a dimension. */
export type SeriesQuery = { Id: string; Expression: string; where: Dimension[]; groupBy: string };

/** What an alarm on such a query says of its metric. */
export type QueriedMetric = {
  Namespace: string;
  MetricName: string;
  Statistic: Statistic;
  Period: unknown;
  Query: SeriesQuery;
};

const statistics: { [name: string]: Statistic } = {
  MIN: 'Minimum',
  MAX: 'Maximum',
  AVG: 'Average',
  SUM: 'Sum',
  COUNT: 'SampleCount',
};

const name = '"?([\\w./-]+)"?';
const form = new RegExp(
  `^SELECT\\s+(MIN|MAX|AVG|SUM|COUNT)\\(\\s*${name}\\s*\\)\\s+FROM\\s+${name}(?:\\s+WHERE\\s+(.+?))?\\s+GROUP\\s+BY\\s+${name}` +
    '(?:\\s+ORDER\\s+BY\\s+\\w+\\(\\)(?:\\s+(?:ASC|DESC))?)?$',
  'i',
);
const condition = /^"?([\w.-]+)"?\s*=\s*'([^']*)'$/;

const wrong =
  "is not known on one machine, but for one query such as SELECT MIN(Answers) FROM Shop WHERE Stage = 'live' GROUP BY InstanceId";

/**
 * Reads the member `Metrics` of an alarm: one query with a GROUP BY of one dimension.
 * Source: CloudWatch User Guide, "Metrics Insights query components and syntax".
 */
export const readQuery = (metrics: unknown): QueriedMetric | { wrong: string } => {
  const [only, ...others] = Array.isArray(metrics) ? (metrics as unknown[]) : [];
  if (typeof only !== 'object' || only === null || others.length > 0) return { wrong };
  const { Id = 'q', Expression = '', Period } = only as { Id?: string; Expression?: string; Period?: unknown };
  const [, statistic = '', metric = '', namespace = '', where, groupBy = ''] = form.exec(Expression.trim()) ?? [];
  const conditions = (where?.split(/\s+AND\s+/i) ?? []).map((one) => condition.exec(one.trim()));
  const Statistic = statistics[statistic.toUpperCase()];
  if (Statistic === undefined || conditions.includes(null)) return { wrong };
  const dimensions = conditions.map((one): Dimension => ({ Name: one?.[1] ?? '', Value: one?.[2] ?? '' }));
  const Query = { Id, Expression, where: dimensions, groupBy };
  return { Namespace: namespace, MetricName: metric, Statistic, Period, Query };
};

/** The series of an alarm's query that a metric belongs to; null where it belongs to none. */
export const seriesOf = (alarm: Omit<QueriedMetric, 'Period' | 'Statistic'>, metric: Metric): string | null => {
  const valueOf = (dimension: string) => metric.Dimensions.find(({ Name }) => Name === dimension)?.Value;
  const { where, groupBy } = alarm.Query;
  if (alarm.Namespace !== metric.Namespace || alarm.MetricName !== metric.MetricName) return null;
  return where.every(({ Name, Value }) => valueOf(Name) === Value) ? (valueOf(groupBy) ?? null) : null;
};

/** CloudWatch gives a contributor 16 characters. */
export const contributorId = (alarm: string, value: string): string =>
  createHash('sha256').update(`${alarm}\n${value}`).digest('hex').slice(0, 16);
