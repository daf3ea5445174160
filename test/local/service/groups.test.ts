import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsError, type Members } from '../../../local/endpoint/operations.ts';
import { isAlive, type Machine, server, startMachine } from './harness.ts';

const query = 'SELECT MIN(Answers) FROM Shop GROUP BY InstanceId';
const alarm = {
  AlarmName: 'shop-nodes',
  Metrics: [{ Id: 'q', Expression: query, Period: 1, ReturnData: true }],
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 1,
  ComparisonOperator: 'LessThanThreshold',
};
const probe = { Service: 'shop', Path: '/', Expect: 'any answer', Namespace: 'Shop', MetricName: 'Answers' };
const watched = {
  alarms: [alarm],
  probes: [{ ...probe, IntervalSeconds: 0.05 }],
  groups: [{ Service: 'shop', DesiredCapacity: 3 }],
};
/** Here a second passes in a twentieth of one. */
const began = Date.now();
const now = (): Date => new Date(began + (Date.now() - began) * 20);

let machine: Machine;
let place: string;

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'groups-'));
  const alarmsFile = join(place, 'alarms.json');
  writeFileSync(alarmsFile, JSON.stringify(watched));
  machine = await startMachine({ alarmsFile }, now);
});
afterEach(async () => {
  await machine.stop();
  rmSync(place, { recursive: true });
});

const call = (service: 'monitoring' | 'autoscaling', operation: string, input: Members = {}): Members =>
  machine.services.operations[service][operation]?.(input) as Members;
const deploy = (text: string) => machine.services.providers.EscalatorDeploy(machine.job({ 'server.js': text }));
const group = (): Members =>
  (call('autoscaling', 'DescribeAutoScalingGroups')['AutoScalingGroups'] as Members[])[0] ?? {};
const serving = (): string[] =>
  (group()['Instances'] as Members[])
    .filter(({ LifecycleState }) => LifecycleState === 'InService')
    .map(({ InstanceId }) => String(InstanceId));
const contributors = (): Members[] =>
  call('monitoring', 'DescribeAlarmContributors', { AlarmName: 'shop-nodes' })['AlarmContributors'] as Members[];
const state = (): unknown => (call('monitoring', 'DescribeAlarms')['MetricAlarms'] as Members[])[0]?.['StateValue'];
/** The process behind each answer of the load balancer, asked as often as it takes to meet them all. */
const pids = async (times = 9): Promise<number[]> => {
  const met = new Set<number>();
  for (let n = 0; n < times; n += 1) met.add((JSON.parse((await machine.get('/health'))[1]) as { pid: number }).pid);
  return [...met].toSorted((a, b) => a - b);
};
const until = (what: () => unknown, wanted: unknown) =>
  vi.waitFor(() => expect(what()).toEqual(wanted), { timeout: 8_000, interval: 20 });

describe('a group of several instances', () => {
  it('has a process for each, and the load balancer asks them in turn', async () => {
    await deploy(server('one'));
    expect(group()).toMatchObject({ DesiredCapacity: 3 });
    expect(serving()).toHaveLength(3);
    expect(await pids(3)).toHaveLength(3);
  });

  it('is deployed to all at once, or not at all: where one node does not come up the others go on as before', async () => {
    await deploy(server('one'));
    const before = await pids();
    const third = `
import { openSync } from 'node:fs';
const isThere = (name) => { try { openSync(name, 'wx'); return true; } catch { return false; } };
if (!['first', 'second'].some(isThere)) process.exit(3);
`;
    expect(await deploy(third + server('two'))).toMatchObject({
      status: 'Failed',
      summary: expect.stringContaining('exit code 3'),
    });
    expect(await pids()).toEqual(before);
  });

  it('goes on serving while one of them is dead, and the alarm says which', async () => {
    await deploy(server('one'));
    await until(state, 'OK');
    const before = serving();
    const [pid = 0, ...others] = await pids();
    process.kill(pid, 'SIGKILL');
    await until(state, 'ALARM');
    expect(await pids()).toEqual(others);
    const [failing, ...more] = contributors();
    expect(more).toEqual([]);
    const { InstanceId } = (failing ?? {})['ContributorAttributes'] as { InstanceId: string };
    expect(before).toContain(InstanceId);
    expect(failing).toMatchObject({ ContributorId: expect.stringMatching(/^[0-9a-f]{16}$/) });

    call('autoscaling', 'SetInstanceHealth', { InstanceId, HealthStatus: 'Unhealthy' });
    await until(state, 'OK');
    expect(contributors()).toEqual([]);
    expect(others.every(isAlive)).toBe(true);
    await until(() => serving().length, 3);
    expect(serving().filter((instance) => before.includes(instance))).toEqual(
      before.filter((instance) => instance !== InstanceId),
    );
    expect(await pids()).toHaveLength(3);
  });

  it('tells of a series and of the alarm in the shapes CloudWatch gives them', async () => {
    await deploy(server('one'));
    await until(state, 'OK');
    const [pid = 0] = await pids();
    process.kill(pid, 'SIGKILL');
    await until(state, 'ALARM');
    const about = (type: string) => machine.events.filter(({ detailType }) => detailType === type).at(-1);
    const timestamp = expect.stringMatching(/\+0000$/);
    expect(about('CloudWatch Alarm Contributor State Change')).toMatchObject({
      source: 'aws.cloudwatch',
      resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:shop-nodes'],
      detail: {
        alarmName: 'shop-nodes',
        alarmContributor: { id: expect.any(String), attributes: { InstanceId: expect.stringMatching(/^i-/) } },
        state: { value: 'ALARM', timestamp },
        configuration: { metrics: [{ id: 'q', expression: query, returnData: true, period: 1 }] },
      },
    });
    expect(about('CloudWatch Alarm State Change')).toMatchObject({
      detail: { state: { value: 'ALARM', reason: '1 out of 3 time series evaluated to ALARM', timestamp } },
    });
  });

  it('has its nodes again after a restart, each as its own instance', async () => {
    await deploy(server('one'));
    const before = serving();
    await machine.restart();
    await vi.waitFor(async () => expect(await pids(3)).toHaveLength(3), 5_000);
    expect(serving()).toEqual(before);
  });
});

describe('the query of an alarm', () => {
  const refusal = (Metrics: unknown): string => {
    try {
      call('monitoring', 'PutMetricAlarm', { ...alarm, Metrics });
      return 'taken';
    } catch (error) {
      return error instanceof AwsError ? error.message : String(error);
    }
  };
  const one = (Expression: string) => [{ Id: 'q', Expression, Period: 1 }];

  it.each([
    query,
    'select avg("CPUUtilization") from "AWS/EC2" group by InstanceId order by avg() desc',
    "SELECT MAX(Age) FROM Queues WHERE Stage = 'live' AND Zone = 'a' GROUP BY QueueName",
  ])('may be %s', (Expression) => {
    expect(refusal(one(Expression))).toBe('taken');
    const [told] = call('monitoring', 'DescribeAlarms')['MetricAlarms'] as Members[];
    expect(told).toMatchObject({ Metrics: [{ Expression }] });
    expect(told).not.toHaveProperty('MetricName');
  });

  it.each([
    [one('SELECT MIN(Answers) FROM Shop')],
    [one('SELECT MIN(Answers) FROM Shop WHERE Stage LIKE x GROUP BY InstanceId')],
    [one('m1 + m2')],
    [[...one(query), ...one(query)]],
    [[]],
    ['x'],
  ])('that this machine cannot evaluate is refused: %o', (metrics) => {
    expect(refusal(metrics)).toContain('Metrics is not known on one machine, but for one query');
  });

  it('has contributors, and an alarm on one metric has none', () => {
    const { Metrics: _, ...others } = alarm;
    const metric = { Namespace: 'Shop', MetricName: 'Answers', Statistic: 'Minimum', Period: 1 };
    call('monitoring', 'PutMetricAlarm', { ...others, ...metric, AlarmName: 'single' });
    const ask = (AlarmName: string) => () => call('monitoring', 'DescribeAlarmContributors', { AlarmName });
    expect(ask('single')).toThrow('has no contributors');
    expect(ask('none')).toThrow('There is no alarm none.');
  });
});
