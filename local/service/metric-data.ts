import * as z from 'zod';
import { AwsError, type Members } from '../endpoint/operations.ts';
import { type Datapoint, statistics } from './alarm.ts';
import { metricMembers, mistakesIn } from './alarm-input.ts';
import type { Alarms } from './alarms.ts';
import { aggregate } from './evaluate-alarm.ts';

/** What of GetMetricData is known on one machine: metrics, each by itself. */
const query = z.object({
  Id: z.string().regex(/^[a-z][A-Za-z0-9_]{0,254}$/, 'begins with a small letter'),
  MetricStat: z.object({
    Metric: z.object(metricMembers),
    Period: z.number().int().positive(),
    Stat: z.enum(statistics),
  }),
  ReturnData: z.boolean().default(true),
});
/** On the wire: seconds. */
const timestamp = z.number().transform((seconds) => new Date(seconds * 1000));
const request = z.object({
  MetricDataQueries: z.array(query).min(1).max(500),
  StartTime: timestamp,
  EndTime: timestamp,
  ScanBy: z.enum(['TimestampAscending', 'TimestampDescending']).default('TimestampDescending'),
});
type Query = z.output<typeof query>;
type Request = z.output<typeof request>;

/** Values of metrics by period, from the start to before the end. Source: CloudWatch API Reference, GetMetricData. */
export const getMetricData = (alarms: Alarms, input: Members): object => {
  const read = request.safeParse(input);
  if (!read.success) throw new AwsError('ValidationError', mistakesIn(read.error).join('; '));
  if (read.data.StartTime >= read.data.EndTime)
    throw new AwsError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');
  return {
    MetricDataResults: read.data.MetricDataQueries.filter(({ ReturnData }) => ReturnData).map((one) => ({
      Id: one.Id,
      Label: one.MetricStat.Metric.MetricName,
      ...seriesOf(one, alarms.datapoints(one.MetricStat.Metric), read.data),
      StatusCode: 'Complete',
    })),
  };
};

const seriesOf = ({ MetricStat }: Query, datapoints: Datapoint[], { StartTime, EndTime, ScanBy }: Request) => {
  const ms = MetricStat.Period * 1000;
  const periods = [...Map.groupBy(datapoints, ({ at }) => Math.floor(at / ms) * ms)]
    .filter(([start]) => start >= Math.floor(StartTime.getTime() / ms) * ms && start < EndTime.getTime())
    .toSorted(([a], [b]) => (ScanBy === 'TimestampAscending' ? a - b : b - a));
  return {
    Timestamps: periods.map(([start]) => new Date(start)),
    Values: periods.map(([, points]) => aggregate({ Statistic: MetricStat.Stat }, points)),
  };
};
