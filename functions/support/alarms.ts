import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { AlarmReading } from '../../shared/ladder/input.ts';
import { checkValue } from '../../shared/ladder/inputs-of.ts';

/** DescribeAlarms takes this many names a call. */
const namesAtOnce = 100;

/** Reads alarms by name; null when CloudWatch does not answer, and nobody takes that for a pass. */
export const readAlarms = async (
  client: CloudWatchClient,
  names: string[],
): Promise<{ [alarm: string]: AlarmReading } | null> => {
  const readings: { [alarm: string]: AlarmReading } = {};
  try {
    for (let start = 0; start < names.length; start += namesAtOnce) {
      const AlarmNames = names.slice(start, start + namesAtOnce);
      const answer = await client.send(
        new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100 }),
      );
      for (const alarm of [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])])
        readings[alarm.AlarmName ?? ''] = readingOf(alarm);
    }
    return readings;
  } catch {
    return null;
  }
};

const readingOf = (
  alarm: Pick<MetricAlarm, 'StateValue' | 'StateReason' | 'StateTransitionedTimestamp' | 'StateUpdatedTimestamp'>,
): AlarmReading => ({
  value: checkValue(alarm.StateValue),
  at: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp ?? new Date(0)).toISOString(),
  reason: withoutSecrets(alarm.StateReason ?? '').slice(0, 500),
});
