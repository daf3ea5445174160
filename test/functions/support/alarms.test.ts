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
