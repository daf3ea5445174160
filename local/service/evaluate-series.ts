import type { AlarmDefinition, AlarmState, Contributor, Datapoint, StateValue } from './alarm.ts';
import { evaluateAlarm } from './evaluate-alarm.ts';
import { contributorId } from './series-query.ts';

export type Series = { value: string; datapoints: Datapoint[] };

/**
 * Evaluates an alarm of several series as CloudWatch does: each by itself, in alarm or OK for as long as it has data; the
 * alarm is in alarm where one of them is.
 * Source: CloudWatch User Guide, "Create a CloudWatch alarm based on a Metrics Insights query".
 *
 * @param groupBy the dimension whose values the series are of
 * @returns the state with its series, and those of them that changed
 */
export const evaluateSeries = (
  alarm: AlarmDefinition,
  groupBy: string,
  state: AlarmState,
  series: Series[],
  now: number,
): { state: AlarmState; changed: Contributor[] } => {
  const before = state.contributors ?? [];
  const after = series.flatMap(({ value, datapoints }): Contributor[] => {
    const id = contributorId(alarm.AlarmName, value);
    const was = before.find((one) => one.id === id) ?? { id, attributes: { [groupBy]: value }, state: unseen(now) };
    const next = evaluateAlarm(alarm, was.state, datapoints, now) ?? was.state;
    return next.value === 'INSUFFICIENT_DATA' ? [] : [{ ...was, state: next }];
  });
  const changed = after.filter((one) => before.find(({ id }) => id === one.id)?.state.value !== one.state.value);
  return { state: { ...whole(state, after, now), contributors: after }, changed: changed.filter(isNews(before)) };
};

const unseen = (at: number): AlarmState => ({ value: 'INSUFFICIENT_DATA', reason: 'no data yet', at });

/** That a series is there, and well, is nothing that anybody is told. */
const isNews =
  (before: Contributor[]) =>
  ({ id, state }: Contributor): boolean =>
    state.value === 'ALARM' || before.some((one) => one.id === id);

const whole = (state: AlarmState, series: Contributor[], at: number): AlarmState => {
  const bad = series.filter((one) => one.state.value === 'ALARM').length;
  const value: StateValue = bad > 0 ? 'ALARM' : series.length > 0 ? 'OK' : 'INSUFFICIENT_DATA';
  if (value === state.value) return state;
  const count = value === 'ALARM' ? bad : series.length;
  return { value, reason: `${count} out of ${series.length} time series evaluated to ${value}`, at };
};
