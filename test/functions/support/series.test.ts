import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, expect, it } from 'vitest';
import { readAlarms } from '../../../functions/support/alarms.ts';
import { AwsError, type Members, type Operations } from '../../../local/endpoint/operations.ts';
import { temporary } from '../../local/endpoint/harness.ts';

const place = temporary();
afterAll(place.remove);

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

const at = new Date('2026-11-21T12:00:00.000Z');
const inAlarm = { AlarmName: 'nodes', StateValue: 'ALARM', StateReason: 'r', StateTransitionedTimestamp: at };
const query = { Metrics: [{ Id: 'q', Expression: 'SELECT MIN(Answers) FROM Shop GROUP BY InstanceId', Period: 60 }] };
const series = (attributes: { [name: string]: string }, n = 0): Members => ({
  ContributorId: `c-${n}`,
  ContributorAttributes: attributes,
  StateReason: 'r',
});

/** What fails of an alarm of these members per InstanceId, as the real client reads it over the wire. */
const failing = async (members: Members, operations: Operations = {}): Promise<unknown> => {
  const endpoint = await place.start({
    monitoring: {
      ListAlarmMuteRules: () => ({}),
      DescribeAlarms: () => ({ MetricAlarms: [{ ...inAlarm, ...members }] }),
      ...operations,
    },
  });
  const client = new CloudWatchClient({ ...endpoint.config, maxAttempts: 1 });
  stop = async () => {
    client.destroy();
    await endpoint.close();
  };
  const read = await readAlarms(client, ['nodes'], null, new Map([['nodes', ['InstanceId', 'InstanceId']]]));
  return read === null ? null : (read['nodes']?.failing ?? read);
};

it('what fails of an alarm on one metric is the value that the metric has of the dimension', async () => {
  const Dimensions = [
    { Name: 'AutoScalingGroupName', Value: 'shop-asg' },
    { Name: 'InstanceId', Value: 'i-1' },
  ];
  expect(await failing({ Dimensions })).toEqual({ InstanceId: ['i-1'] });
});

it('what fails of an alarm of several series are those in alarm, on all pages, each once', async () => {
  const pages: { [token: string]: object } = {
    first: {
      AlarmContributors: [series({ InstanceId: 'i-2', Zone: 'a' }), series({ Zone: 'b' })],
      NextToken: 'second',
    },
    second: { AlarmContributors: [series({ InstanceId: 'i-1' }), series({ InstanceId: 'i-2', Zone: 'c' })] },
  };
  const asked: Members[] = [];
  const DescribeAlarmContributors = (input: Members) => {
    asked.push(input);
    return pages[String(input['NextToken'] ?? 'first')] ?? {};
  };
  expect(await failing(query, { DescribeAlarmContributors })).toEqual({ InstanceId: ['i-1', 'i-2'] });
  expect(asked.map(({ AlarmName }) => AlarmName)).toEqual(['nodes', 'nodes']);
});

it('what fails is asked for only of an alarm that fails', async () => {
  const never = () => {
    throw new Error('it was asked');
  };
  const read = await failing({ ...query, StateValue: 'OK' }, { DescribeAlarmContributors: never });
  expect(read).toEqual({ nodes: { value: 'pass', at: at.toISOString(), reason: 'r', window: expect.any(Number) } });
});

it.each<[string, string, unknown]>([
  ['is not there any more', 'ResourceNotFoundException', {}],
  ['has no series at all', 'ValidationException', { InstanceId: [] }],
  ['cannot be asked', 'AccessDeniedException', null],
])('of an alarm that %s nothing is made up', async (_, code, wanted) => {
  const refuse = () => {
    throw new AwsError(code, 'no');
  };
  expect(await failing(query, { DescribeAlarmContributors: refuse })).toEqual(wanted);
});

it('far more than any limit is not kept, and a secret in a name is not either', async () => {
  const many = Array.from({ length: 300 }, (_, n) => series({ InstanceId: `i-${n}` }, n));
  const read = await failing(query, {
    DescribeAlarmContributors: () => ({ AlarmContributors: many, NextToken: 'on' }),
  });
  expect((read as { InstanceId: string[] }).InstanceId).toHaveLength(51);
  await stop();
  const secret = 'hunter2hunter2';
  const one = [series({ InstanceId: `https://ada:${secret}@queue` })];
  const kept = await failing(query, { DescribeAlarmContributors: () => ({ AlarmContributors: one }) });
  expect(JSON.stringify(kept)).not.toContain(secret);
});
