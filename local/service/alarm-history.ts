import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { AwsError, type Members } from '../endpoint/operations.ts';
import type { AlarmState } from './alarm.ts';
import { mistakesIn } from './alarm-input.ts';

/** A change of an alarm's state, as its history keeps it. */
type Item = { seq: number; name: string; at: number; data: string; summary: string };

/** How long CloudWatch keeps what an alarm went through (ms). */
const keptMs = 30 * 24 * 3_600_000;

export type AlarmHistory = {
  note: (name: string, from: AlarmState, to: AlarmState) => void;
  /** oldest first; also of alarms that are gone */
  items: (name: string | null) => Item[];
};

export const createAlarmHistory = (db: DatabaseSync): AlarmHistory => {
  db.exec(`CREATE TABLE IF NOT EXISTS alarm_history (seq INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
    at INTEGER NOT NULL, data TEXT NOT NULL, summary TEXT NOT NULL)`);
  return {
    note: (name, from, to) => {
      db.prepare('DELETE FROM alarm_history WHERE at < ?').run(to.at - keptMs);
      const data = JSON.stringify({ version: '1.0', oldState: stateView(from), newState: stateView(to) });
      const summary = `Alarm updated from ${from.value} to ${to.value}`;
      db.prepare('INSERT INTO alarm_history (name, at, data, summary) VALUES (?, ?, ?, ?)').run(
        name,
        to.at,
        data,
        summary,
      );
    },
    items: (name) =>
      db
        .prepare('SELECT * FROM alarm_history WHERE ? IS NULL OR name = ? ORDER BY at, seq')
        .all(name, name) as unknown as Item[],
  };
};

/** The data of a reason stands as an object here, and as a text in an event. */
const stateView = ({ value, reason, reasonData }: AlarmState) => ({
  stateValue: value,
  stateReason: reason,
  ...(reasonData !== undefined && { stateReasonData: JSON.parse(reasonData) as unknown }),
});

/** On the wire: seconds, or in a form a date. */
const timestamp = z.union([
  z.number().transform((seconds) => seconds * 1000),
  z.iso.datetime({ offset: true }).transform((date) => Date.parse(date)),
]);
const request = z.object({
  AlarmName: z.string().min(1).max(255).optional(),
  AlarmTypes: z.array(z.enum(['CompositeAlarm', 'MetricAlarm'])).default(['MetricAlarm']),
  HistoryItemType: z.string().optional(),
  StartDate: timestamp.optional(),
  EndDate: timestamp.optional(),
  MaxRecords: z.number().int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
});
type Request = z.output<typeof request>;

/**
 * What alarms went through: changes of state, the only kind of item that is kept on one machine.
 * Source: CloudWatch API Reference, DescribeAlarmHistory.
 */
export const describeAlarmHistory = (history: AlarmHistory, input: Members): object => {
  const read = request.safeParse(input);
  if (!read.success) throw new AwsError('ValidationError', mistakesIn(read.error).join('; '));
  const found = history.items(read.data.AlarmName ?? null).filter((item) => isAsked(item, read.data));
  const inOrder = read.data.ScanBy === 'TimestampAscending' ? found : found.toReversed();
  const start = startOf(read.data.NextToken);
  const end = start + read.data.MaxRecords;
  return {
    AlarmHistoryItems: inOrder.slice(start, end).map(itemView),
    ...(end < inOrder.length && { NextToken: Buffer.from(`history ${end}`).toString('base64url') }),
  };
};

const isAsked = ({ at }: Item, { AlarmTypes, HistoryItemType, StartDate, EndDate }: Request): boolean =>
  AlarmTypes.includes('MetricAlarm') &&
  (HistoryItemType === undefined || HistoryItemType === 'StateUpdate') &&
  (StartDate === undefined || at >= StartDate) &&
  (EndDate === undefined || at <= EndDate);

const itemView = ({ name, at, data, summary }: Item) => ({
  AlarmName: name,
  AlarmType: 'MetricAlarm',
  Timestamp: new Date(at),
  HistoryItemType: 'StateUpdate',
  HistorySummary: summary,
  HistoryData: data,
});

const startOf = (token: string | undefined): number => {
  if (token === undefined) return 0;
  const start = /^history (\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (start === undefined) throw new AwsError('InvalidNextToken', 'The next token is not one that was given out.');
  return Number(start);
};
