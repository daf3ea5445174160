import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import {
  type AlarmRule,
  type Comparison,
  comparisons,
  type MetricReading,
  periodsMore,
} from '../../shared/ladder/metric.ts';

/** An alarm has a hundred periods at most here and there; more datapoints than this are not asked for. */
const datapointsAtMost = 1000;

/**
 * Reads what an alarm looks at, by the alarm's own definition: one metric, or an expression, which CloudWatch evaluates.
 * Throws when CloudWatch does not answer.
 */
export const readMetric = async (client: CloudWatchClient, alarm: MetricAlarm, now: Date): Promise<MetricReading> => {
  const rule = ruleOf(alarm);
  if ('unreadable' in rule) return rule;
  const query = queryOf(alarm);
  if (query === null) return { unreadable: noMetric };
  const ms = query.period * 1000;
  const end = Math.floor(now.getTime() / ms) * ms + ms; // the period that is not over yet counts as soon as it has data
  const slots = rule.of + periodsMore;
  const answer = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: query.queries,
      StartTime: new Date(end - slots * ms),
      EndTime: new Date(end),
      ScanBy: 'TimestampAscending',
      MaxDatapoints: datapointsAtMost,
    }),
  );
  const series = answer.MetricDataResults ?? [];
  const [one] = series;
  if (one === undefined || series.length !== 1) return { unreadable: `it is of ${series.length} series, not of one` };
  if (one.StatusCode !== 'Complete') return { unreadable: `its data is ${one.StatusCode ?? 'of no known status'}` };
  const values: (number | null)[] = Array.from({ length: slots }, () => null);
  for (const [index, at] of (one.Timestamps ?? []).entries()) {
    const slot = Math.floor((at.getTime() - (end - slots * ms)) / ms);
    if (slot >= 0 && slot < slots) values[slot] = one.Values?.[index] ?? null;
  }
  return { rule, values };
};

const noMetric = 'it looks at no metric of its own';

/** Why the metric of such an alarm can never be read, as far as its definition tells; null where it can. */
export const unreadableIn = (alarm: MetricAlarm): string | null => {
  const rule = ruleOf(alarm);
  if ('unreadable' in rule) return rule.unreadable;
  return queryOf(alarm) === null ? noMetric : null;
};

const ruleOf = (alarm: MetricAlarm): AlarmRule | { unreadable: string } => {
  const { ComparisonOperator: comparison = '', Threshold: threshold, EvaluationPeriods: of = 0 } = alarm;
  if (!isComparison(comparison) || threshold === undefined)
    return {
      unreadable:
        comparison === ''
          ? 'it has no metric of its own, as composite alarms have not'
          : `it compares with a band (${comparison})`,
    };
  const needed = alarm.DatapointsToAlarm ?? of;
  return { comparison, threshold, of, needed, missing: missingOf(alarm.TreatMissingData) };
};

const isComparison = (name: string): name is Comparison => Object.hasOwn(comparisons, name);

const missingOf = (treat: string | undefined): AlarmRule['missing'] =>
  treat === 'ignore' || treat === 'breaching' || treat === 'notBreaching' ? treat : 'missing';

type Query = { queries: MetricDataQuery[]; period: number };

const queryOf = (alarm: MetricAlarm): Query | null => {
  if (alarm.Metrics !== undefined && alarm.Metrics.length > 0) {
    const period = Math.max(...alarm.Metrics.map((metric) => metric.MetricStat?.Period ?? metric.Period ?? 0));
    return period > 0 ? { queries: alarm.Metrics, period } : null;
  }
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic, Unit } = alarm;
  if (MetricName === undefined || Period === undefined) return null;
  const MetricStat = {
    Metric: { Namespace, MetricName, Dimensions },
    Period,
    Stat: Statistic ?? ExtendedStatistic,
    Unit,
  };
  return { queries: [{ Id: 'm', MetricStat, ReturnData: true }], period: Period };
};
