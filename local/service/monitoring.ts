import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import { type Alarm, type AlarmDefinition, type StateValue, stateValues } from './alarm.ts';
import { describeAlarmHistory } from './alarm-history.ts';
import { alarmArn, type Place } from './alarm-events.ts';
import { readAlarm } from './alarm-input.ts';
import type { Alarms } from './alarms.ts';
import { getMetricData } from './metric-data.ts';

/**
 * The CloudWatch calls that the product makes, and those that make a demonstration possible.
 * Source: CloudWatch API Reference.
 */
export const monitoringOperations = (alarms: Alarms, place: Place): Operations => ({
  DescribeAlarms: (input) => describeAlarms(alarms, place, input),
  DescribeAlarmContributors: (input) => describeContributors(alarms, input),
  PutMetricAlarm: (input) => {
    alarms.put(readAlarm(input));
    return {};
  },
  DeleteAlarms: (input) => deleteAlarms(alarms, input),
  DescribeAlarmHistory: (input) => describeAlarmHistory(alarms.history, input),
  GetMetricData: (input) => getMetricData(alarms, input),
  SetAlarmState: (input) => setAlarmState(alarms, input),
  // No rule can be made on one machine, so that none mutes anything.
  ListAlarmMuteRules: () => ({ AlarmMuteRuleSummaries: [] }),
});

const describeAlarms = (alarms: Alarms, place: Place, input: Members) => {
  const types: unknown = input['AlarmTypes'];
  const metricAlarms = Array.isArray(types) && !types.includes('MetricAlarm') ? [] : alarms.list();
  const found = metricAlarms.filter((alarm) => isAsked(alarm, input));
  const start = startOf(input['NextToken']);
  const end = start + limitOf(input['MaxRecords']);
  return {
    MetricAlarms: found.slice(start, end).map((alarm) => alarmView(alarm, place)),
    CompositeAlarms: [],
    ...(end < found.length && { NextToken: Buffer.from(`alarms ${end}`).toString('base64url') }),
  };
};

const isAsked = ({ definition: { AlarmName }, state }: Alarm, input: Members): boolean => {
  const { AlarmNames: names, AlarmNamePrefix: prefix, StateValue: value } = input;
  if (Array.isArray(names) && names.length > 0 && !names.includes(AlarmName)) return false;
  if (typeof prefix === 'string' && !AlarmName.startsWith(prefix)) return false;
  return value === undefined || state.value === value;
};

const startOf = (token: unknown): number => {
  if (token === undefined) return 0;
  const start = /^alarms (\d{1,6})$/.exec(
    Buffer.from(typeof token === 'string' ? token : '', 'base64url').toString('utf8'),
  )?.[1];
  if (start === undefined) throw new AwsError('InvalidNextToken', 'The next token is not one that was given out.');
  return Number(start);
};

const limitOf = (given: unknown): number => {
  const limit = given ?? 50;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw new AwsError('InvalidParameterValue', 'MaxRecords is a whole number from 1 to 100.');
};

/** The series of an alarm's query that are in alarm. */
const describeContributors = (alarms: Alarms, { AlarmName: name }: Members) => {
  const alarm = alarms.list().find(({ definition }) => definition.AlarmName === name);
  if (alarm === undefined) throw new AwsError('ResourceNotFoundException', `There is no alarm ${String(name)}.`, 404);
  if (alarm.definition.Query === undefined)
    throw new AwsError('ValidationException', `Alarm ${String(name)} is on one metric, and has no contributors.`);
  const inAlarm = (alarm.state.contributors ?? []).filter(({ state }) => state.value === 'ALARM');
  return {
    AlarmContributors: inAlarm.map(({ id, attributes, state }) => ({
      ContributorId: id,
      ContributorAttributes: attributes,
      StateReason: state.reason,
      StateTransitionedTimestamp: new Date(state.at),
    })),
  };
};

/** An alarm on a query names its metric there, and nowhere else. */
const definitionView = ({ Query, ...definition }: AlarmDefinition) => {
  const { Namespace: _n, MetricName: _m, Dimensions: _d, Statistic: _s, Period, ...others } = definition;
  if (Query === undefined) return definition;
  return { ...others, Metrics: [{ Id: Query.Id, Expression: Query.Expression, Period, ReturnData: true }] };
};

const alarmView = ({ definition, state, configuredAt }: Alarm, place: Place) => ({
  ...definitionView(definition),
  AlarmArn: alarmArn(place, definition.AlarmName),
  AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
  OKActions: [],
  AlarmActions: [],
  InsufficientDataActions: [],
  StateValue: state.value,
  StateReason: state.reason,
  ...(state.reasonData !== undefined && { StateReasonData: state.reasonData }),
  StateUpdatedTimestamp: new Date(state.at),
  StateTransitionedTimestamp: new Date(state.at),
});

/** At most 100 in one call; names that no alarm has are passed over. */
const deleteAlarms = (alarms: Alarms, { AlarmNames: names }: Members) => {
  if (!Array.isArray(names) || names.length > 100 || !names.every((name) => typeof name === 'string')) {
    throw new AwsError('ValidationError', 'AlarmNames is a list of at most 100 names.');
  }
  alarms.remove(names);
  return {};
};

const setAlarmState = (alarms: Alarms, input: Members) => {
  const { AlarmName: name, StateValue: value, StateReason: reason, StateReasonData: reasonData } = input;
  if (!(stateValues as readonly unknown[]).includes(value)) {
    throw new AwsError('InvalidParameterValue', `StateValue is one of ${stateValues.join(', ')}.`);
  }
  if (typeof reason !== 'string' || reason.length > 1_023) {
    throw new AwsError('InvalidParameterValue', 'StateReason is a text of at most 1,023 characters.');
  }
  if (reasonData !== undefined && !isJson(reasonData)) {
    throw new AwsError('InvalidFormat', 'StateReasonData is not JSON.');
  }
  const state = {
    value: value as StateValue,
    reason,
    ...(reasonData !== undefined && { reasonData: String(reasonData) }),
  };
  if (alarms.setState(String(name), state)) return {};
  throw new AwsError('ResourceNotFound', `There is no alarm ${String(name)}.`, 404);
};

const isJson = (text: unknown): boolean => {
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
};
