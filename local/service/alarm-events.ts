import type { EmittedEvent } from '../world.ts';
import type { Alarm, AlarmDefinition, AlarmState, Contributor } from './alarm.ts';
import { awsTime } from './evaluate-alarm.ts';

export type Place = { account: string; region: string };

export const alarmArn = ({ account, region }: Place, name: string): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

/**
 * The events that CloudWatch emits for alarms.
 * Source of the shapes: CloudWatch User Guide, "Alarm events and EventBridge".
 */
export const stateChangeEvent = (place: Place, { definition }: Alarm, from: AlarmState, to: AlarmState) => ({
  ...about(place, definition, 'CloudWatch Alarm State Change'),
  time: new Date(to.at),
  detail: {
    alarmName: definition.AlarmName,
    state: stateView(to),
    previousState: stateView(from),
    configuration: {
      ...(definition.AlarmDescription !== undefined && { description: definition.AlarmDescription }),
      metrics: metricsOf(definition),
    },
  },
});

/** One series of an alarm's query changed. */
export const contributorEvent = (place: Place, { definition }: Alarm, { id, attributes, state }: Contributor) => ({
  ...about(place, definition, 'CloudWatch Alarm Contributor State Change'),
  time: new Date(state.at),
  detail: {
    alarmName: definition.AlarmName,
    alarmContributor: { id, attributes },
    state: { value: state.value, reason: state.reason, timestamp: awsTime(state.at) },
    configuration: {
      ...(definition.AlarmDescription !== undefined && { description: definition.AlarmDescription }),
      metrics: metricsOf(definition),
    },
  },
});

export const configurationEvent = (place: Place, alarm: Alarm, before: AlarmDefinition | null): EmittedEvent => ({
  ...about(place, alarm.definition, 'CloudWatch Alarm Configuration Change'),
  detail: {
    alarmName: alarm.definition.AlarmName,
    operation: before === null ? 'create' : 'update',
    state: stateView(alarm.state),
    configuration: configurationView(alarm.definition, alarm.configuredAt),
    ...(before !== null && { previousConfiguration: configurationView(before, alarm.configuredAt) }),
  },
});

/** An alarm is gone; the event tells what it was. */
export const deletionEvent = (place: Place, { definition, state, configuredAt }: Alarm): EmittedEvent => ({
  ...about(place, definition, 'CloudWatch Alarm Configuration Change'),
  detail: {
    alarmName: definition.AlarmName,
    operation: 'delete',
    state: stateView(state),
    configuration: configurationView(definition, configuredAt),
  },
});

const about = (place: Place, { AlarmName }: AlarmDefinition, detailType: string) => ({
  source: 'aws.cloudwatch',
  detailType,
  resources: [alarmArn(place, AlarmName)],
});

const stateView = ({ value, reason, reasonData, at }: AlarmState) => ({
  value,
  reason,
  ...(reasonData !== undefined && { reasonData }),
  timestamp: awsTime(at),
});

const metricsOf = ({ Query, ...definition }: AlarmDefinition) =>
  Query === undefined
    ? metricOf(definition)
    : [{ id: Query.Id, expression: Query.Expression, returnData: true, period: definition.Period }];

const metricOf = ({ Namespace, MetricName, Dimensions, Period, Statistic }: Omit<AlarmDefinition, 'Query'>) => [
  {
    id: 'm1',
    metricStat: {
      metric: {
        namespace: Namespace,
        name: MetricName,
        dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
      },
      period: Period,
      stat: Statistic,
    },
    returnData: true,
  },
];

const configurationView = (definition: AlarmDefinition, configuredAt: number) => ({
  evaluationPeriods: definition.EvaluationPeriods,
  datapointsToAlarm: definition.DatapointsToAlarm,
  threshold: definition.Threshold,
  comparisonOperator: definition.ComparisonOperator,
  treatMissingData: definition.TreatMissingData,
  metrics: metricsOf(definition),
  alarmName: definition.AlarmName,
  ...(definition.AlarmDescription !== undefined && { description: definition.AlarmDescription }),
  actionsEnabled: definition.ActionsEnabled,
  timestamp: awsTime(configuredAt),
  okActions: [],
  alarmActions: [],
  insufficientDataActions: [],
});
