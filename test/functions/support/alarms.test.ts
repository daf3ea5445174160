import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readAlarms } from '../../../functions/support/alarms.ts';
import { AwsError, type Members, type Operations } from '../../../local/endpoint/operations.ts';
import { temporary } from '../../local/endpoint/harness.ts';

const place = temporary();
afterAll(place.remove);

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

/** The real client, over the wire, to a CloudWatch that has these alarms. */
const reading = async (operations: Operations) => {
  const endpoint = await place.start({ monitoring: { ListAlarmMuteRules: () => ({}), ...operations } });
  const client = new CloudWatchClient(endpoint.config);
  stop = async () => {
    client.destroy();
    await endpoint.close();
  };
  return (names: string[]) => readAlarms(client, names);
};

const at = new Date('2026-11-21T12:00:00.000Z');
const alarm = (AlarmName: string, over: Members = {}): Members => ({
  AlarmName,
  StateValue: 'ALARM',
  StateReason: 'threshold crossed',
  StateTransitionedTimestamp: at,
  StateUpdatedTimestamp: at,
  ...over,
});
const describing =
  (metric: Members[], composite: Members[] = []) =>
  ({ AlarmNames: names, AlarmTypes: types }: Members): Members => {
    const asked = ({ AlarmName }: Members) => names.includes(AlarmName);
    return {
      MetricAlarms: types.includes('MetricAlarm') ? metric.filter(asked) : [],
      CompositeAlarms: types.includes('CompositeAlarm') ? composite.filter(asked) : [],
    };
  };

describe('alarms as they are read', () => {
  it('are metric alarms and composite ones', async () => {
    const read = await reading({ DescribeAlarms: describing([alarm('m', { StateValue: 'OK' })], [alarm('c')]) });
    expect(await read(['m', 'c'])).toEqual({
      m: { value: 'pass', at: at.toISOString(), reason: 'threshold crossed' },
      c: { value: 'fail', at: at.toISOString(), reason: 'threshold crossed' },
    });
  });

  it('are unknown while their actions are suppressed, and a pass while they are OK', async () => {
    const suppressed = { ActionsSuppressedBy: 'Alarm', ActionsSuppressedReason: 'deploying is in alarm' };
    const composites = [alarm('c', suppressed), alarm('ok', { ...suppressed, StateValue: 'OK' })];
    const read = await reading({ DescribeAlarms: describing([], composites) });
    expect(await read(['c', 'ok'])).toMatchObject({
      c: {
        value: 'unknown',
        reason: 'in alarm, but its actions are suppressed (Alarm): deploying is in alarm: threshold crossed',
      },
      ok: { value: 'pass' },
    });
  });

  it('are unknown while a rule mutes them; only of those in alarm it is asked', async () => {
    const asked: Members[] = [];
    const arn = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:night';
    const read = await reading({
      DescribeAlarms: describing([alarm('m'), alarm('other'), alarm('ok', { StateValue: 'OK' })]),
      ListAlarmMuteRules: (input) => {
        asked.push(input);
        return { AlarmMuteRuleSummaries: input['AlarmName'] === 'm' ? [{ AlarmMuteRuleArn: arn }] : [] };
      },
    });
    expect(await read(['m', 'other', 'ok'])).toMatchObject({
      m: { value: 'unknown', reason: `in alarm, but muted by ${arn}: threshold crossed` },
      other: { value: 'fail' },
      ok: { value: 'pass' },
    });
    expect(asked).toEqual([
      { AlarmName: 'm', Statuses: ['ACTIVE'] },
      { AlarmName: 'other', Statuses: ['ACTIVE'] },
    ]);
  });

  it.each(['OK', 'ALARM'])(
    'are unknown where CloudWatch cannot evaluate them any more, last %s',
    async (StateValue) => {
      const read = await reading({
        DescribeAlarms: describing([
          alarm('m', { StateValue, EvaluationState: 'EVALUATION_FAILURE' }),
          alarm('partial', { StateValue, EvaluationState: 'PARTIAL_DATA' }),
        ]),
      });
      expect(await read(['m', 'partial'])).toMatchObject({
        m: { value: 'unknown', reason: 'it is not evaluated: EVALUATION_FAILURE: threshold crossed' },
        partial: { value: StateValue === 'OK' ? 'pass' : 'fail' },
      });
    },
  );

  it('are asked for by a hundred names at once, each once, and in all pages', async () => {
    const names = Array.from({ length: 201 }, (_, index) => `alarm-${index}`);
    const asked: number[] = [];
    const read = await reading({
      DescribeAlarms: (input) => {
        asked.push(input['AlarmNames'].length);
        const found = describing(names.map((name) => alarm(name, { StateValue: 'OK' })))(input);
        const all = found['MetricAlarms'] as Members[];
        return input['NextToken'] === undefined && all.length > 60
          ? { ...found, MetricAlarms: all.slice(0, 60), NextToken: 'more' }
          : { ...found, MetricAlarms: all.slice(all.length > 60 ? 60 : 0) };
      },
    });
    expect(Object.keys((await read([...names, 'alarm-7'])) ?? {})).toHaveLength(201);
    expect(asked).toEqual([100, 100, 100, 100, 1]);
  });

  it.each(["it's *", '🚀 rollout', 'x'.repeat(255), '__proto__', 'a/b <&> "é"'])(
    'are found by the name %s',
    async (name) => {
      const read = await reading({ DescribeAlarms: describing([alarm(name), alarm('another')]) });
      expect(Object.entries((await read([name])) ?? {})).toEqual([[name, expect.objectContaining({ value: 'fail' })]]);
    },
  );

  it.each([
    ['DescribeAlarms', 'Throttling'],
    ['ListAlarmMuteRules', 'AccessDenied'],
  ])('are not known at all where %s is refused', async (operation, code) => {
    const read = await reading({
      DescribeAlarms: describing([alarm('m')]),
      [operation]: () => {
        throw new AwsError(code, 'not now');
      },
    });
    expect(await read(['m'])).toBeNull();
  });

  it('are not known at all where pages never end', async () => {
    const read = await reading({ DescribeAlarms: () => ({ MetricAlarms: [], NextToken: 'more' }) });
    expect(await read(['m'])).toBeNull();
  });

  it('come with how long they take to follow: composite ones as long as the slowest in their rule', async () => {
    const rule = (AlarmName: string, AlarmRule: string) => alarm(AlarmName, { StateValue: 'OK', AlarmRule });
    const metric = [
      alarm('fast', { StateValue: 'OK', Period: 60, EvaluationPeriods: 1 }),
      alarm('slow', { StateValue: 'OK', Period: 300, EvaluationPeriods: 3 }),
      alarm('math', {
        StateValue: 'OK',
        EvaluationPeriods: 2,
        Metrics: [
          { Id: 'e', Expression: 'a+b' },
          { Id: 'a', MetricStat: { Period: 120 } },
        ],
      }),
    ];
    const composite = [
      rule('c', 'ALARM(fast) OR ALARM("c2")'),
      rule('c2', 'NOT OK(slow)'),
      rule('gone', 'ALARM(nothing)'),
      rule('itself', 'ALARM(itself)'),
    ];
    const read = await reading({ DescribeAlarms: describing(metric, composite) });
    const windows = Object.entries((await read(['fast', 'math', 'c', 'gone', 'itself'])) ?? {});
    expect(windows.map(([name, { window }]) => [name, window])).toEqual([
      ['fast', 120_000],
      ['math', 300_000],
      ['c', 960_000],
      ['gone', undefined],
      ['itself', undefined],
    ]);
  });

  it('are absent where there are none of the name', async () => {
    const read = await reading({ DescribeAlarms: describing([]) });
    expect(await read(['m'])).toEqual({});
  });
});

describe('the metric of an alarm in alarm', () => {
  const now = new Date('2026-11-21T12:00:30.000Z');
  const rule = { Threshold: 5, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 2, DatapointsToAlarm: 1 };
  const single = alarm('m', {
    ...rule,
    Namespace: 'Shop',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'Service', Value: 'shop' }],
    Statistic: 'Sum',
    Period: 60,
    TreatMissingData: 'breaching',
  });
  const metricsOf = async (described: Members, data: (input: Members) => object) => {
    const asked: Members[] = [];
    const endpoint = await place.start({
      monitoring: {
        DescribeAlarms: describing([described]),
        ListAlarmMuteRules: () => ({}),
        GetMetricData: (input) => (asked.push(input), data(input)),
      },
    });
    const client = new CloudWatchClient(endpoint.config);
    stop = async () => {
      client.destroy();
      await endpoint.close();
    };
    const read = await readAlarms(client, ['m'], now);
    return { asked, metric: read?.['m']?.metric, read };
  };
  const series = (...points: [minute: number, value: number][]) => ({
    MetricDataResults: [
      {
        Id: 'm',
        StatusCode: 'Complete',
        Timestamps: points.map(([minute]) => new Date(Date.UTC(2026, 10, 21, 11, minute))),
        Values: points.map(([, value]) => value),
      },
    ],
  });

  it('is read by its definition, over its periods and two more, each value in its place', async () => {
    const { asked, metric } = await metricsOf(single, () => series([58, 1], [60, 7]));
    expect(metric).toEqual({
      rule: { comparison: 'GreaterThanThreshold', threshold: 5, of: 2, needed: 1, missing: 'breaching' },
      values: [null, 1, null, 7],
    });
    expect(asked).toEqual([
      {
        MetricDataQueries: [
          {
            Id: 'm',
            ReturnData: true,
            MetricStat: {
              Metric: { Namespace: 'Shop', MetricName: 'Errors', Dimensions: [{ Name: 'Service', Value: 'shop' }] },
              Period: 60,
              Stat: 'Sum',
            },
          },
        ],
        StartTime: Date.parse('2026-11-21T11:57:00.000Z') / 1000,
        EndTime: Date.parse('2026-11-21T12:01:00.000Z') / 1000,
        ScanBy: 'TimestampAscending',
        MaxDatapoints: 1000,
      },
    ]);
  });

  it('is evaluated by CloudWatch where it is an expression', async () => {
    const Metrics = [
      { Id: 'e', Expression: 'a / 2', ReturnData: true },
      {
        Id: 'a',
        MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Errors' }, Period: 60, Stat: 'p99' },
        ReturnData: false,
      },
    ];
    const { asked, metric } = await metricsOf(alarm('m', { ...rule, Metrics }), () => series([60, 9]));
    expect(metric).toMatchObject({ values: [null, null, null, 9], rule: { missing: 'missing' } });
    expect(asked[0]?.['MetricDataQueries']).toMatchObject(Metrics);
  });

  it.each<[string, Members, object, string]>([
    ['a band', { ...single, ComparisonOperator: 'GreaterThanUpperThreshold', Threshold: undefined }, {}, 'band'],
    ['a composite alarm', alarm('m', { AlarmRule: 'ALARM(a)' }), {}, 'no metric of its own'],
    ['several series', single, { MetricDataResults: [{ Id: 'a' }, { Id: 'b' }] }, '2 series'],
    ['part of the data', single, { MetricDataResults: [{ Id: 'm', StatusCode: 'PartialData' }] }, 'PartialData'],
  ])('cannot be read, and it is said why: %s', async (_, described, data, words) => {
    const { metric } = await metricsOf(described, () => data);
    expect(metric).toEqual({ unreadable: expect.stringContaining(words) });
  });

  it('is not asked for where the alarm does not fail', async () => {
    const { asked, metric } = await metricsOf({ ...single, StateValue: 'OK' }, () => series());
    expect([asked, metric]).toEqual([[], undefined]);
  });

  it('makes all unknown where CloudWatch does not answer', async () => {
    const { read } = await metricsOf(single, () => {
      throw new AwsError('Throttling', 'slowly');
    });
    expect(read).toBeNull();
  });
});
