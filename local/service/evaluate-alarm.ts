import { comparisons } from '../../shared/ladder/metric.ts';
import type { AlarmDefinition, AlarmState, Datapoint, StateValue } from './alarm.ts';

/** CloudWatch looks at a few periods more than it evaluates, so that a datapoint that came late still counts. */
const periodsMore = 2;

/** The value of a metric in one period, by the start of the period (ms). */
type Slot = { start: number; value: number };

/**
 * Evaluates an alarm as CloudWatch does: M of the last N datapoints. Missing ones are looked for a little further
 * back; what is missing even so is treated as the alarm says.
 * Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data", with its two tables.
 *
 * @param now in ms; the period that contains it counts as soon as it has a datapoint
 * @returns the state it changes to, or null when it stays in the one it is in
 */
export const evaluateAlarm = (
  alarm: AlarmDefinition,
  state: AlarmState,
  datapoints: Datapoint[],
  now: number,
): AlarmState | null => {
  const slots = slotsIn(alarm, datapoints, now);
  const value = valueOf(alarm, state.value, slots);
  if (value === state.value) return null;
  return { value, ...reasonFor(alarm, state.value, value, slots, now), at: now };
};

/** The latest periods that have a value, at most as many as are evaluated, oldest first. */
const slotsIn = (alarm: AlarmDefinition, datapoints: Datapoint[], now: number): Slot[] => {
  const ms = alarm.Period * 1_000;
  const last = Math.floor(now / ms);
  const first = last - alarm.EvaluationPeriods - periodsMore + 1;
  const byPeriod = Map.groupBy(datapoints, ({ at }) => Math.floor(at / ms));
  return [...byPeriod.entries()]
    .filter(([period]) => period >= first && period <= last)
    .toSorted(([a], [b]) => a - b)
    .slice(-alarm.EvaluationPeriods)
    .map(([period, points]) => ({ start: period * ms, value: aggregate(alarm, points) }));
};

/** Several values of one period in one. */
export const aggregate = ({ Statistic }: Pick<AlarmDefinition, 'Statistic'>, points: Datapoint[]): number => {
  const values = points.map(({ value }) => value);
  const sum = values.reduce((total, value) => total + value, 0);
  switch (Statistic) {
    case 'Minimum':
      return Math.min(...values);
    case 'Maximum':
      return Math.max(...values);
    case 'Sum':
      return sum;
    case 'Average':
      return sum / values.length;
    case 'SampleCount':
      return values.length;
  }
};

const breaching = (alarm: AlarmDefinition, slots: Slot[]): Slot[] =>
  slots.filter(({ value }) => comparisons[alarm.ComparisonOperator].breaches(value, alarm.Threshold));

const valueOf = (alarm: AlarmDefinition, was: StateValue, slots: Slot[]): StateValue => {
  const missing = alarm.EvaluationPeriods - slots.length;
  const bad = breaching(alarm, slots).length;
  if (bad >= alarm.DatapointsToAlarm) return 'ALARM';
  switch (alarm.TreatMissingData) {
    case 'breaching':
      return bad + missing >= alarm.DatapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return missing > 0 && bad === slots.length ? was : 'OK'; // nothing there speaks for OK
    case 'missing':
      if (slots.length === 0) return 'INSUFFICIENT_DATA';
      return missing > 0 && bad === slots.length ? 'ALARM' : 'OK';
  }
};

type Reason = Pick<AlarmState, 'reason' | 'reasonData'>;

/** What CloudWatch says of a change, in its own words. */
const reasonFor = (alarm: AlarmDefinition, was: StateValue, value: StateValue, slots: Slot[], now: number): Reason => {
  const unknown = alarm.EvaluationPeriods - slots.length;
  const reasonData = JSON.stringify(dataFor(alarm, slots, now));
  if (slots.length === 0 || value === 'INSUFFICIENT_DATA') {
    return { reason: `Insufficient Data: ${count(unknown)} ${unknown === 1 ? 'was' : 'were'} unknown.`, reasonData };
  }
  const bad = breaching(alarm, slots);
  const named = value === 'ALARM' ? bad : slots.filter((slot) => !bad.includes(slot));
  const listed = named.map(({ start, value: v }) => `${decimal(v)} (${minuteOf(start)})`).join(', ');
  const needed = value === 'ALARM' ? alarm.DatapointsToAlarm : alarm.EvaluationPeriods - alarm.DatapointsToAlarm + 1;
  const verb = `${named.length === 1 ? 'was' : 'were'}${value === 'ALARM' ? '' : ' not'}`;
  const reason =
    `Threshold Crossed: ${named.length} out of the last ${count(slots.length)} [${listed}] ${verb} ` +
    `${comparisons[alarm.ComparisonOperator].words} the threshold (${decimal(alarm.Threshold)}) ` +
    `(minimum ${count(needed)} for ${was} -> ${value} transition).`;
  return { reason, reasonData };
};

const dataFor = (alarm: AlarmDefinition, slots: Slot[], now: number) => ({
  version: '1.0',
  queryDate: awsTime(now),
  ...(slots[0] !== undefined && { startDate: awsTime(slots[0].start) }),
  statistic: alarm.Statistic,
  period: alarm.Period,
  recentDatapoints: slots.map(({ value }) => value),
  threshold: alarm.Threshold,
});

const count = (n: number): string => (n === 1 ? '1 datapoint' : `${n} datapoints`);
/** CloudWatch writes a whole number with its point: `1.0`. */
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** `2026-11-21T04:05:06.789+0000`: CloudWatch's own way to write a time. */
export const awsTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

/** `21/11/26 04:05:06`. */
const minuteOf = (ms: number): string => {
  const text = new Date(ms).toISOString();
  return `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(2, 4)} ${text.slice(11, 19)}`;
};
