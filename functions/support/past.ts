import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { type Past, passedWithin, type Span } from '../../shared/ladder/past.ts';
import type { AlarmItem } from '../../shared/reconcile/alarm-history.ts';
import { createAlarmHistory } from './alarm-history.ts';
import { paced } from './pace.ts';

/** An alarm that changed more often within a time is not one that anything is good by. */
const changesAtMost = 500;
/** What of an answer stands in a decision, so that it can be made again. */
const spansAtMost = 50;

/** When alarms passed within a time, by their histories. Null where one cannot be read, or tells too much. */
export const readPast = async (
  client: CloudWatchClient,
  alarms: readonly string[],
  span: Span,
): Promise<Past | null> => {
  const passed: [string, Span[]][] = [];
  for (const alarm of new Set(alarms)) {
    const changes = await changesSince(client, alarm, span.from);
    if (changes === null) return null;
    const spans = passedWithin(changes, changes.length === 0 ? await standsNow(client, alarm) : null, span);
    if (spans.length > spansAtMost) return null;
    passed.push([alarm, spans]);
  }
  return { ...span, passed: Object.fromEntries(passed) };
};

/** Until now, and not only to the end of the time: what comes after it says how it was before. */
const changesSince = async (client: CloudWatchClient, alarm: string, from: string): Promise<AlarmItem[] | null> => {
  const history = createAlarmHistory(
    client,
    paced(() => Promise.resolve(), 0),
  );
  const found: AlarmItem[] = [];
  for await (const items of history.changes(alarm, from, new Date().toISOString())) {
    found.push(...items);
    if (found.length > changesAtMost) return null;
  }
  return found;
};

const standsNow = async (client: CloudWatchClient, alarm: string): Promise<string | null> => {
  const answer = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: [alarm], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  return (answer.MetricAlarms?.[0] ?? answer.CompositeAlarms?.[0])?.StateValue ?? null;
};
