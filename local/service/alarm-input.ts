import * as z from 'zod';
import { AwsError, type Members } from '../endpoint/operations.ts';
import { type Comparison, comparisons } from '../../shared/ladder/metric.ts';
import { type AlarmDefinition, missingData, statistics } from './alarm.ts';
import { readQuery, type SeriesQuery } from './series-query.ts';

/** CloudWatch's periods, and the 1 and 5 seconds of a high-resolution metric, which here an alarm may have too. */
const isPeriod = (seconds: number): boolean => [1, 5, 10, 20, 30].includes(seconds) || seconds % 60 === 0;

export const metricMembers = {
  Namespace: z.string().min(1).max(255),
  MetricName: z.string().min(1).max(255),
  Dimensions: z
    .array(z.object({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) }))
    .max(30)
    .default([]),
};

/**
 * The members of PutMetricAlarm that this stand-in knows.
 * Source: CloudWatch API Reference, PutMetricAlarm.
 */
const members = z
  .object({
    AlarmName: z.string().min(1).max(255),
    AlarmDescription: z.string().max(1024).optional(),
    ActionsEnabled: z.boolean().default(true),
    ...metricMembers,
    Statistic: z.enum(statistics),
    Period: z.number().int().positive().refine(isPeriod, 'is 1, 5, 10, 20, 30 or a multiple of 60 seconds'),
    EvaluationPeriods: z.number().int().min(1).max(100),
    DatapointsToAlarm: z.number().int().min(1).optional(),
    Threshold: z.number(),
    ComparisonOperator: z.enum(Object.keys(comparisons) as [Comparison, ...Comparison[]]),
    TreatMissingData: z.enum(missingData).default('missing'),
    Query: z.custom<SeriesQuery>().optional(),
  })
  .refine(({ DatapointsToAlarm: m, EvaluationPeriods: n }) => m === undefined || m <= n, {
    path: ['DatapointsToAlarm'],
    message: 'is at most EvaluationPeriods',
  })
  .transform((read): AlarmDefinition => ({
    ...read,
    DatapointsToAlarm: read.DatapointsToAlarm ?? read.EvaluationPeriods,
  }));

/** An alarm names a metric, or a query that has a series for each value of a dimension. */
export const alarmMembers = z.preprocess((written, context): unknown => {
  if (typeof written !== 'object' || written === null || !('Metrics' in written)) return written;
  const { Metrics, ...others } = written;
  const read = readQuery(Metrics);
  if (!('wrong' in read)) return { ...others, ...read };
  context.issues.push({ code: 'custom', message: read.wrong, path: ['Metrics'], input: Metrics });
  return z.NEVER;
}, members);

/** Members that this stand-in would silently leave out: better refused. */
const unknownHere = ['ExtendedStatistic', 'ThresholdMetricId', 'EvaluationCriteria'];

/** Reads the members of a PutMetricAlarm call. Throws the AwsError that CloudWatch gives for a mistake. */
export const readAlarm = (input: Members): AlarmDefinition => {
  const unknown = unknownHere.find((member) => input[member] !== undefined);
  if (unknown !== undefined) {
    throw new AwsError('InvalidParameterCombination', `${unknown} is not known on one machine; name a metric instead`);
  }
  const read = alarmMembers.safeParse(input);
  if (read.success) return read.data;
  throw new AwsError('InvalidParameterValue', mistakesIn(read.error).join('; '));
};

/** Each mistake in one line: where, and what was wanted. */
export const mistakesIn = (error: z.ZodError): string[] =>
  error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
