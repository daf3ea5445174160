import { type CloudWatchClient, DescribeAlarmHistoryCommand } from '@aws-sdk/client-cloudwatch';
import { type AlarmItem, alarmItem } from '../../shared/reconcile/alarm-history.ts';
import type { Instant } from '../../shared/trail/entry.ts';
import type { Pace } from './pace.ts';

/** What CloudWatch keeps of an alarm's past: thirty days, also of one that was deleted. */
export type AlarmHistory = {
  /** changes of state in a time, oldest first, a page at a time */
  changes(alarm: string, from: Instant, until: Instant): AsyncGenerator<AlarmItem[]>;
};

const itemsAtOnce = 100;

export const createAlarmHistory = (client: CloudWatchClient, pace: Pace): AlarmHistory => ({
  changes: async function* (AlarmName, from, until) {
    let NextToken: string | undefined;
    do {
      const answer = await pace(() =>
        client.send(
          new DescribeAlarmHistoryCommand({
            AlarmName,
            AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
            HistoryItemType: 'StateUpdate',
            StartDate: new Date(from),
            EndDate: new Date(until),
            MaxRecords: itemsAtOnce,
            ScanBy: 'TimestampAscending',
            NextToken,
          }),
        ),
      );
      yield (answer.AlarmHistoryItems ?? []).flatMap((item) => alarmItem(item) ?? []);
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
  },
});
