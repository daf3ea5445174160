import {
  type AlarmContributor,
  type CloudWatchClient,
  DescribeAlarmContributorsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { withoutSecrets } from '../../shared/event/redact.ts';
import { targetsKept } from '../../shared/ladder/per.ts';

/** More pages than this are not read: far more fails by then than any level may take. */
const pagesAtMost = 10;

/** A value this long is the name of nothing, and is refused. */
const lengthAtMost = 300;

/**
 * What fails of an alarm that is in alarm, by dimension: the value that its own metric has of it, else those of its series
 * (contributors) in alarm. A dimension that none of them has is left out. Throws when CloudWatch does not answer.
 *
 * @param dimensions those that are asked for
 * @returns null where the alarm is not there any more
 */
export const readFailing = async (
  client: CloudWatchClient,
  alarm: MetricAlarm,
  dimensions: string[],
): Promise<{ [dimension: string]: string[] } | null> => {
  const own = ownDimensions(alarm);
  const asked = [...new Set(dimensions)];
  if (own.length > 0)
    return valuesOf(asked, [Object.fromEntries(own.map(({ Name = '', Value = '' }) => [Name, Value]))]);
  const contributors = await readContributors(client, alarm.AlarmName ?? '');
  return (
    contributors &&
    valuesOf(
      asked,
      contributors.map(({ ContributorAttributes = {} }) => ContributorAttributes),
    )
  );
};

/** Those of an alarm on one metric, or of the metrics that its expression is made of. */
const ownDimensions = ({ Dimensions = [], Metrics = [] }: MetricAlarm) => [
  ...Dimensions,
  ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []),
];

const valuesOf = (asked: string[], series: { [name: string]: string }[]): { [dimension: string]: string[] } =>
  Object.fromEntries(
    asked.map((dimension): [string, string[]] => {
      const values = series.flatMap((one) => (Object.hasOwn(one, dimension) ? [one[dimension] ?? ''] : []));
      const plain = values.map((value) => withoutSecrets(value).slice(0, lengthAtMost));
      return [dimension, [...new Set(plain)].toSorted().slice(0, targetsKept)];
    }),
  );

/** Only those in alarm are told. */
const readContributors = async (client: CloudWatchClient, AlarmName: string): Promise<AlarmContributor[] | null> => {
  const found: AlarmContributor[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    try {
      const answer = await client.send(new DescribeAlarmContributorsCommand({ AlarmName, NextToken }));
      found.push(...(answer.AlarmContributors ?? []));
      NextToken = answer.NextToken;
    } catch (error) {
      const { name } = error as Error;
      if (name.startsWith('ResourceNotFound')) return null;
      if (name === 'ValidationException') return []; // it has no series, as composite alarms have none
      throw error;
    }
    if (NextToken === undefined) return found;
  }
  return found;
};
