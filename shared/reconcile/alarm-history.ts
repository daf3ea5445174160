import { isObject, type JsonObject, object, present, text } from '../event/fields.ts';
import { readJson } from '../event/json.ts';
import type { Instant, Json } from '../trail/entry.ts';
import type { Place, Reread } from './reread.ts';

/** How long CloudWatch keeps the history of an alarm (ms): thirty days. */
export const historyKeptMs = 30 * 24 * 3_600_000;

/** A change of state as DescribeAlarmHistory tells it. */
export type AlarmItem = { alarm: string; at: Instant; value: string; reason: string | null; data: Json; was: string };

/** What DescribeAlarmHistory answers of one item; `HistoryData` is JSON in a text. */
export type HistoryItem = { AlarmName?: string; Timestamp?: Date; HistoryItemType?: string; HistoryData?: string };

/** Reads an item of the history; null where it is none of a state, or not written as it used to be. */
export const alarmItem = ({ AlarmName, Timestamp, HistoryItemType, HistoryData }: HistoryItem): AlarmItem | null => {
  if (HistoryItemType !== 'StateUpdate' || AlarmName === undefined || Timestamp === undefined) return null;
  const read = readJson(HistoryData ?? '');
  if (!('value' in read) || !isObject(read.value)) return null;
  const [now, before] = [object(read.value, 'newState'), object(read.value, 'oldState')];
  const value = text(now, 'stateValue');
  if (value === null) return null;
  return {
    alarm: AlarmName,
    at: Timestamp.toISOString(),
    value,
    reason: text(now, 'stateReason'),
    data: now['stateReasonData'] ?? null,
    was: text(before, 'stateValue') ?? '',
  };
};

/** The event that CloudWatch sends of a change of state. What the alarm was configured as its history does not say. */
export const alarmEvent = ({ alarm, at, value, reason, data, was }: AlarmItem, place: Place): Reread => ({
  at,
  by: 'cloudwatch:DescribeAlarmHistory',
  event: {
    version: '0',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    ...place,
    time: at,
    resources: [],
    detail: {
      alarmName: alarm,
      state: stateOf(value, reason, data, at),
      ...(was === '' ? {} : { previousState: { value: was } }),
    },
  },
});

const stateOf = (value: string, reason: string | null, data: Json, at: Instant): JsonObject => ({
  value,
  timestamp: at.replace('Z', '+0000'),
  ...present({ reason, reasonData: data === null ? null : typeof data === 'string' ? data : JSON.stringify(data) }),
});
