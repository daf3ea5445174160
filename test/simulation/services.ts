import { DescribeAutoScalingGroupsCommand, SetInstanceHealthCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeAlarmContributorsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListAlarmMuteRulesCommand,
} from '@aws-sdk/client-cloudwatch';
import type { World } from './world.ts';

/** A node serves a release, or nothing yet; a node that is down serves nothing. */
export type Node = { id: string; up: boolean; release: string | null };

/** A service as it really is, which Escalator sees only by its alarms. */
export type Service = {
  name: string;
  nodes: Node[];
  /** whether a node that is gone can be replaced at all */
  capacity: boolean;
  /** the commit that the last deployment put here */
  release: string | null;
  /** which of the networks, one built after the other, it was deployed into */
  standsOn: number;
};

export type Alarm = { name: string; state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'; at: number; blind: boolean };

/** The alarm that watches what services share. */
export const networkAlarm = 'az-reachable';

const nodesWanted = 2;

export const newService = (world: World, name: string): Service => ({
  name,
  nodes: Array.from({ length: nodesWanted }, () => ({ id: nodeId(world), up: true, release: null })),
  capacity: true,
  release: null,
  standsOn: 1,
});

const nodeId = (world: World): string => `i-${world.chance.id().slice(0, 17)}`;

const nodesHold = ({ nodes }: Service): boolean => nodes.filter(({ up }) => up).length >= nodesWanted;

const serves = (world: World, { nodes, standsOn }: Service): boolean => {
  if (world.network !== null && (!world.network.up || world.network.built !== standsOn)) return false;
  const up = nodes.filter(({ up: isUp }) => isUp);
  return up.length > 0 && up.every(({ release }) => release !== null && !world.broken.has(release));
};

/** What an alarm would say now. */
export const truth = (world: World, alarm: string): boolean => {
  if (alarm === networkAlarm) return world.network?.up === true;
  const service = world.service(alarm.replace(/-(node|smoke)$/, ''));
  return alarm.endsWith('-node') ? nodesHold(service) : serves(world, service);
};

/** CloudWatch looks again some time after anything changed. */
export const lookSoon = (world: World, service: Service): void => {
  for (const what of ['node', 'smoke'])
    world.time.at(world.time.now() + world.chance.spread(1_000, 60_000), () => look(world, `${service.name}-${what}`));
};

export const look = (world: World, name: string): void => {
  const alarm = world.alarms.get(name);
  if (alarm === undefined) return;
  changeTo(world, alarm, alarm.blind ? 'INSUFFICIENT_DATA' : truth(world, name) ? 'OK' : 'ALARM');
};

/** An alarm comes to a state, and CloudWatch says so where it was in another. */
export const changeTo = (world: World, alarm: Alarm, state: Alarm['state']): void => {
  if (state === alarm.state) return;
  const before = { ...alarm };
  alarm.state = state;
  alarm.at = world.time.now();
  world.tell(alarmEvent(world, alarm, before));
};

/** What CloudWatch says of an alarm that came to another state. */
export const alarmEvent = (world: World, alarm: Omit<Alarm, 'blind'>, before: Pick<Alarm, 'state' | 'at'>): object => ({
  version: '0',
  id: world.chance.id().slice(0, 36),
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: world.account,
  region: world.region,
  time: new Date(alarm.at).toISOString(),
  resources: [`arn:aws:cloudwatch:${world.region}:${world.account}:alarm:${alarm.name}`],
  detail: {
    alarmName: alarm.name,
    state: { value: alarm.state, reason: 'Threshold Crossed', timestamp: timestamp(alarm.at) },
    previousState: { value: before.state, timestamp: timestamp(before.at) },
    configuration: { metrics: [] },
  },
});

/** As CloudWatch writes it in its events. */
const timestamp = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

export const killNode = (world: World, service: Service): void => {
  const node = service.nodes.find(({ up }) => up);
  if (node !== undefined) node.up = false;
  lookSoon(world, service);
};

const replaceGone = (world: World, service: Service): void => {
  world.time.at(world.time.now() + world.chance.between(20_000, 240_000), () => comeUp(world, service));
};

/** A new node, where one is missing and there is room for it. */
export const comeUp = (world: World, service: Service): void => {
  if (!service.capacity || service.nodes.length >= nodesWanted) return;
  service.nodes.push({ id: nodeId(world), up: true, release: null });
  lookSoon(world, service);
};

/** What Auto Scaling and CloudWatch answer, and do. */
export const answerService = (world: World, command: unknown): object | null => {
  if (command instanceof DescribeAlarmsCommand) return alarmsOf(world, command.input.AlarmNames ?? []);
  if (command instanceof DescribeAlarmContributorsCommand) return seriesOf(world, command.input.AlarmName ?? '');
  if (command instanceof ListAlarmMuteRulesCommand) return { AlarmMuteRuleSummaries: [] };
  if (command instanceof GetMetricDataCommand) return metricOf(world, command.input);
  if (command instanceof DescribeAutoScalingGroupsCommand)
    return groupOf(world, command.input.AutoScalingGroupNames?.[0]);
  if (command instanceof SetInstanceHealthCommand) return giveUp(world, command.input.InstanceId ?? '');
  return null;
};

const alarmsOf = (world: World, names: string[]) => ({
  MetricAlarms: names
    .flatMap((name) => world.alarms.get(name) ?? [])
    .map(({ name, state, at }) => ({
      AlarmName: name,
      StateValue: state,
      StateReason: 'read',
      StateTransitionedTimestamp: new Date(at),
      Namespace: 'Shop',
      MetricName: name,
      Statistic: 'Maximum',
      Period: 1,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    })),
});

/** Of the alarm on nodes those that are down; one that is not there any more is nobody's series. */
const seriesOf = (world: World, alarm: string) => ({
  AlarmContributors: world
    .service(alarm.replace(/-node$/, ''))
    .nodes.filter(({ up }) => !up)
    .map(({ id }) => ({
      ContributorId: id.slice(0, 16),
      ContributorAttributes: { InstanceId: id },
      StateReason: 'down',
    })),
});

/** CloudWatch says that a series of the alarm on nodes changed, though the alarm itself may have been in alarm before. */
export const seriesEvent = (world: World, service: Service, node: Node): object => ({
  version: '0',
  id: world.chance.id().slice(0, 36),
  'detail-type': 'CloudWatch Alarm Contributor State Change',
  source: 'aws.cloudwatch',
  account: world.account,
  region: world.region,
  time: new Date(world.time.now()).toISOString(),
  resources: [`arn:aws:cloudwatch:${world.region}:${world.account}:alarm:${service.name}-node`],
  detail: {
    alarmName: `${service.name}-node`,
    alarmContributor: { id: node.id.slice(0, 16), attributes: { InstanceId: node.id } },
    state: { value: node.up ? 'OK' : 'ALARM', reason: 'Threshold Crossed', timestamp: timestamp(world.time.now()) },
    configuration: { metrics: [] },
  },
});

/** Nobody fakes a state here: the metric is what the alarm made of it. */
const metricOf = (world: World, { MetricDataQueries: [query] = [], StartTime }: GetMetricDataCommand['input']) => ({
  MetricDataResults: [
    {
      StatusCode: 'Complete',
      Timestamps: [StartTime],
      Values: [world.alarms.get(query?.MetricStat?.Metric?.MetricName ?? '')?.state === 'ALARM' ? 1 : 0],
    },
  ],
});

const groupOf = (world: World, name = '') => ({
  AutoScalingGroups: [
    {
      DesiredCapacity: nodesWanted,
      Instances: world.service(name.replace(/-asg$/, '')).nodes.map(({ id }) => ({
        InstanceId: id,
        LifecycleState: 'InService',
        HealthStatus: 'Healthy',
      })),
    },
  ],
});

const giveUp = (world: World, id: string): object => {
  const service = world.services.find(({ nodes }) => nodes.some((node) => node.id === id));
  if (service === undefined) return {};
  service.nodes = service.nodes.filter((node) => node.id !== id);
  for (let missing = service.nodes.length; missing < nodesWanted; missing += 1) replaceGone(world, service);
  lookSoon(world, service);
  return {};
};
