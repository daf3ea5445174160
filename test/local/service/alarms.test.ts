import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsError, type Members } from '../../../local/endpoint/operations.ts';
import { readWatchFile } from '../../../local/service/watch-file.ts';
import { isAlive, type Machine, server, startMachine } from './harness.ts';

const example = fileURLToPath(new URL('../../../examples/shop/alarms.json', import.meta.url));
/** Here a second passes in a twentieth of one, so that nobody waits for the alarms of the example. */
const speed = 20;
const began = Date.now();
const now = (): Date => new Date(began + (Date.now() - began) * speed);

let machine: Machine;
let place: string;

beforeEach(async () => {
  const watch = readWatchFile(example);
  const probes = watch.probes.map((probe) => ({ ...probe, IntervalSeconds: probe.IntervalSeconds / speed }));
  place = mkdtempSync(join(tmpdir(), 'alarms-'));
  const alarmsFile = join(place, 'alarms.json');
  writeFileSync(alarmsFile, JSON.stringify({ ...watch, probes }));
  machine = await startMachine({ alarmsFile }, now);
});
afterEach(async () => {
  await machine.stop();
  rmSync(place, { recursive: true });
});

const call = (service: 'monitoring' | 'autoscaling', operation: string, input: Members = {}): Members =>
  machine.services.operations[service][operation]?.(input) as Members;
const alarms = (input: Members = {}): Members[] =>
  call('monitoring', 'DescribeAlarms', input)['MetricAlarms'] as Members[];
const states = (): Members => Object.fromEntries(alarms().map(({ AlarmName, StateValue }) => [AlarmName, StateValue]));
const instances = (): Members[] =>
  (
    call('autoscaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames: ['shop-asg'] })[
      'AutoScalingGroups'
    ] as Members[]
  )[0]?.['Instances'] as Members[];
const until = (wanted: Members) => vi.waitFor(() => expect(states()).toEqual(wanted), { timeout: 8_000, interval: 20 });
const deploy = (text: string) => machine.services.providers.EscalatorDeploy(machine.job({ 'server.js': text }));
const changes = () =>
  machine.events
    .filter(({ detailType }) => detailType === 'CloudWatch Alarm State Change')
    .map(({ detail }) => [detail['alarmName'], (detail['state'] as Members)['value']]);
const refusal = (operation: string, input: Members): string => {
  try {
    call('monitoring', operation, input);
    return 'taken';
  } catch (error) {
    return error instanceof AwsError ? `${error.code} ${error.message}` : String(error);
  }
};

describe('the alarms of the shop', () => {
  it('have no data while nothing is deployed, and are OK once a good release runs', async () => {
    expect(states()).toEqual({ 'shop-node': 'INSUFFICIENT_DATA', 'shop-smoke': 'INSUFFICIENT_DATA' });
    expect(alarms()[0]).toMatchObject({ StateReason: 'Unchecked: Initial alarm creation' });
    await deploy(server('one'));
    await until({ 'shop-node': 'OK', 'shop-smoke': 'OK' });
  });

  it('say of a release that answers 500 that the node is there and the shop is not healthy', async () => {
    await deploy(server('one'));
    await until({ 'shop-node': 'OK', 'shop-smoke': 'OK' });
    await deploy(server('bad', 500));
    await until({ 'shop-node': 'OK', 'shop-smoke': 'ALARM' });
    expect(changes().filter(([, value]) => value === 'ALARM')).toEqual([['shop-smoke', 'ALARM']]);
  });

  it('go to ALARM when the process is killed, stay there, and are OK again after SetInstanceHealth', async () => {
    await deploy(server('one'));
    await until({ 'shop-node': 'OK', 'shop-smoke': 'OK' });
    const { pid } = JSON.parse((await machine.get('/health'))[1]) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await until({ 'shop-node': 'ALARM', 'shop-smoke': 'ALARM' });
    expect(await machine.get()).toEqual([502, 'the node does not answer']);
    const [given] = instances();
    expect(given).toMatchObject({ LifecycleState: 'InService', HealthStatus: 'Healthy' });

    call('autoscaling', 'SetInstanceHealth', { InstanceId: given?.['InstanceId'], HealthStatus: 'Unhealthy' });
    expect(instances().map(({ LifecycleState }) => LifecycleState)).toContain('Terminating');
    await until({ 'shop-node': 'OK', 'shop-smoke': 'OK' });
    const serving = instances();
    expect(serving).toHaveLength(1);
    expect(serving[0]).toMatchObject({ LifecycleState: 'InService', HealthStatus: 'Healthy' });
    expect(serving[0]?.['InstanceId']).toMatch(/^i-[0-9a-f]{17}$/);
    expect(serving[0]?.['InstanceId']).not.toBe(given?.['InstanceId']);
    expect(await machine.get()).toEqual([200, 'one']);
    expect(machine.events.filter(({ source }) => source === 'aws.autoscaling')).toMatchObject([
      { detailType: 'EC2 Instance Terminate Successful', detail: { EC2InstanceId: given?.['InstanceId'] } },
      {
        detailType: 'EC2 Instance Launch Successful',
        detail: { AutoScalingGroupName: 'shop-asg', StatusCode: 'InProgress' },
      },
    ]);
  });

  it('keep their state over a restart, and tell nothing that did not change', async () => {
    await deploy(server('one'));
    await until({ 'shop-node': 'OK', 'shop-smoke': 'OK' });
    const told = machine.events.length;
    await machine.restart();
    expect(states()).toEqual({ 'shop-node': 'OK', 'shop-smoke': 'OK' });
    await vi.waitFor(async () => expect(await machine.get()).toEqual([200, 'one']), 5_000);
    expect(machine.events.slice(told)).toEqual([]);
  });

  it('tell a change in the shape CloudWatch gives it', async () => {
    await deploy(server('one'));
    await until({ 'shop-node': 'OK', 'shop-smoke': 'OK' });
    const event = machine.events.find(
      ({ detailType, detail }) => detailType === 'CloudWatch Alarm State Change' && detail['alarmName'] === 'shop-node',
    );
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(event).toMatchObject({
      source: 'aws.cloudwatch',
      resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:shop-node'],
      detail: {
        alarmName: 'shop-node',
        state: { value: 'OK', reason: expect.stringContaining('Threshold Crossed'), timestamp },
        previousState: { value: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', timestamp },
        configuration: {
          metrics: [
            {
              id: 'm1',
              metricStat: {
                metric: { namespace: 'Shop', name: 'Answers', dimensions: { AutoScalingGroupName: 'shop-asg' } },
                period: 1,
                stat: 'Minimum',
              },
              returnData: true,
            },
          ],
        },
      },
    });
    const at = alarms({ AlarmNames: ['shop-node'] })[0]?.['StateUpdatedTimestamp'] as Date;
    expect(event).toMatchObject({ detail: { state: { timestamp: at.toISOString().replace('Z', '+0000') } } });
  });
});

describe('a state set by hand', () => {
  it('is told, and lasts until the next evaluation', async () => {
    await deploy(server('one'));
    await until({ 'shop-node': 'OK', 'shop-smoke': 'OK' });
    const before = changes().length;
    call('monitoring', 'SetAlarmState', { AlarmName: 'shop-node', StateValue: 'ALARM', StateReason: 'a drill' });
    expect(states()).toMatchObject({ 'shop-node': 'ALARM' });
    await until({ 'shop-node': 'OK', 'shop-smoke': 'OK' });
    expect(changes().slice(before)).toEqual([
      ['shop-node', 'ALARM'],
      ['shop-node', 'OK'],
    ]);
  });

  it('of no such alarm, or to no such state, is refused', () => {
    const set = { AlarmName: 'nothing', StateValue: 'ALARM', StateReason: '' };
    expect(refusal('SetAlarmState', set)).toMatch(/^ResourceNotFound/);
    expect(refusal('SetAlarmState', { ...set, StateValue: 'RED' })).toMatch(/^InvalidParameterValue/);
    expect(refusal('SetAlarmState', { ...set, StateReasonData: '{' })).toMatch(/^InvalidFormat/);
  });
});

describe('the calls of CloudWatch', () => {
  const definition = {
    AlarmName: 'extra',
    Namespace: 'Shop',
    MetricName: 'Orders',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 5,
    ComparisonOperator: 'LessThanThreshold',
  };

  it('put an alarm with its defaults, tell so once, and find it by name, prefix and state', () => {
    call('monitoring', 'PutMetricAlarm', definition);
    call('monitoring', 'PutMetricAlarm', definition);
    expect(alarms({ AlarmNamePrefix: 'ex' })).toMatchObject([
      { DatapointsToAlarm: 2, TreatMissingData: 'missing', StateValue: 'INSUFFICIENT_DATA', Dimensions: [] },
    ]);
    expect(alarms({ AlarmNames: ['extra', 'none'], StateValue: 'OK' })).toEqual([]);
    expect(alarms({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
    const told = machine.events.filter(({ detail }) => detail['alarmName'] === 'extra');
    expect(told).toMatchObject([
      { detailType: 'CloudWatch Alarm Configuration Change', detail: { operation: 'create' } },
    ]);
    call('monitoring', 'PutMetricAlarm', { ...definition, Threshold: 6 });
    expect(machine.events.at(-1)).toMatchObject({
      detail: { operation: 'update', previousConfiguration: { threshold: 5 } },
    });
  });

  it('delete the alarms there are, tell so, and pass over other names', () => {
    call('monitoring', 'PutMetricAlarm', definition);
    call('monitoring', 'DeleteAlarms', { AlarmNames: ['extra', 'none'] });
    expect(alarms({ AlarmNames: ['extra'] })).toEqual([]);
    expect(machine.events.at(-1)).toMatchObject({
      detailType: 'CloudWatch Alarm Configuration Change',
      detail: { alarmName: 'extra', operation: 'delete', configuration: { threshold: 5 } },
    });
    expect(refusal('DeleteAlarms', { AlarmNames: Array(101).fill('x') })).toMatch(/^ValidationError/);
  });

  it('have metrics whose values are told by period, as GetMetricData does', async () => {
    await deploy(server('bad', 500));
    await until({ 'shop-node': 'OK', 'shop-smoke': 'ALARM' });
    const [alarm] = alarms({ AlarmNames: ['shop-smoke'] });
    const { Namespace, MetricName, Dimensions, Statistic: Stat, Period } = alarm ?? {};
    const query = { Id: 'm', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } };
    const [StartTime, EndTime] = [now().getTime() / 1000 - 60, now().getTime() / 1000 + 60];
    const ask = (ScanBy: string) =>
      (
        call('monitoring', 'GetMetricData', { MetricDataQueries: [query], StartTime, EndTime, ScanBy })[
          'MetricDataResults'
        ] as { Timestamps: Date[] }[]
      )[0] ?? { Timestamps: [] };
    const inOrder = () => ask('TimestampAscending').Timestamps.map((at) => at.getTime());
    await vi.waitFor(() => expect(inOrder().length).toBeGreaterThan(1), 5_000);
    const times = inOrder();
    expect(ask('TimestampAscending')).toMatchObject({ Id: 'm', Label: MetricName, StatusCode: 'Complete' });
    expect(times.every((at) => at % 1000 === 0)).toBe(true);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const [newest] = ask('TimestampDescending').Timestamps;
    expect(newest?.getTime()).toBeGreaterThanOrEqual(times.at(-1) ?? Infinity);
    const bad = { ...query, MetricStat: { ...query.MetricStat, Stat: 'p99' } };
    expect(refusal('GetMetricData', { MetricDataQueries: [bad], StartTime, EndTime })).toMatch(
      /^ValidationError.*Stat/,
    );
    expect(refusal('GetMetricData', { MetricDataQueries: [query], StartTime: EndTime, EndTime: StartTime })).toMatch(
      /^ValidationError.*StartTime/,
    );
  });

  it('answer in pages, and refuse a token that they did not give', () => {
    const first = call('monitoring', 'DescribeAlarms', { MaxRecords: 1 });
    const second = call('monitoring', 'DescribeAlarms', { MaxRecords: 1, NextToken: first['NextToken'] });
    const names = [first, second].flatMap(({ MetricAlarms }) =>
      (MetricAlarms as Members[]).map(({ AlarmName }) => AlarmName),
    );
    expect(names).toEqual(['shop-node', 'shop-smoke']);
    expect(second).not.toHaveProperty('NextToken');
    expect(refusal('DescribeAlarms', { NextToken: 'forged' })).toMatch(/^InvalidNextToken/);
  });

  it.each([
    [{ Period: 7 }, 'Period is 1, 5, 10'],
    [{ DatapointsToAlarm: 3 }, 'DatapointsToAlarm is at most EvaluationPeriods'],
    [{ ComparisonOperator: 'Equal' }, 'ComparisonOperator'],
    [{ Metrics: [] }, 'Metrics is not known on one machine'],
  ])('refuse a definition with %o', (mistake, words) => {
    expect(refusal('PutMetricAlarm', { ...definition, ...mistake })).toContain(words);
  });
});

describe('the calls of Auto Scaling', () => {
  it('describe the group, whose health checks somebody else acts on, and its instance', () => {
    const [group] = call('autoscaling', 'DescribeAutoScalingGroups')['AutoScalingGroups'] as Members[];
    expect(group).toMatchObject({
      AutoScalingGroupName: 'shop-asg',
      DesiredCapacity: 1,
      SuspendedProcesses: [{ ProcessName: 'HealthCheck' }],
    });
    const { AutoScalingInstances } = call('autoscaling', 'DescribeAutoScalingInstances');
    expect(AutoScalingInstances).toMatchObject([{ AutoScalingGroupName: 'shop-asg', LifecycleState: 'InService' }]);
    expect(call('autoscaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames: ['none'] })).toEqual({
      AutoScalingGroups: [],
    });
  });

  it('give up an instance once, however often it is called', async () => {
    const [given] = instances();
    const unhealthy = { InstanceId: given?.['InstanceId'], HealthStatus: 'Unhealthy' };
    call('autoscaling', 'SetInstanceHealth', unhealthy);
    call('autoscaling', 'SetInstanceHealth', unhealthy);
    await vi.waitFor(() => expect(instances()).toMatchObject([{ LifecycleState: 'InService' }]), 5_000);
    expect(machine.events.filter(({ source }) => source === 'aws.autoscaling')).toHaveLength(2);
    expect(() => call('autoscaling', 'SetInstanceHealth', unhealthy)).toThrow('Instance Id not found');
  });

  it('bring a replacement to its end after a restart', async () => {
    await deploy(server('one'));
    const { pid } = JSON.parse((await machine.get('/health'))[1]) as { pid: number };
    const [given] = instances();
    call('autoscaling', 'SetInstanceHealth', { InstanceId: given?.['InstanceId'], HealthStatus: 'Unhealthy' });
    await machine.restart();
    await vi.waitFor(() => expect(instances()).toMatchObject([{ LifecycleState: 'InService' }]), 5_000);
    expect(isAlive(pid)).toBe(false);
    expect(await machine.get()).toEqual([200, 'one']);
    expect(machine.events.filter(({ source }) => source === 'aws.autoscaling')).toHaveLength(2);
  });
});

describe('the file of alarms', () => {
  it('with mistakes is refused with each of them', () => {
    const file = join(place, 'mistakes.json');
    writeFileSync(file, JSON.stringify({ alarms: [{ AlarmName: 'a', Period: 7 }], probes: [{ Servce: 'shop' }] }));
    expect(() => readWatchFile(file)).toThrow(/alarms\.0\.Namespace[^]*alarms\.0\.Period[^]*probes\.0\.Service/);
    expect(() => readWatchFile(`${file}.none`)).toThrow(/cannot be read/);
  });
});
