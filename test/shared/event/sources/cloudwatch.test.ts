import { describe, expect, it } from 'vitest';
import { eventOf, factOf, fixture, locate } from '../harness.ts';

const alarm = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-smoke';

describe('an alarm that changed', () => {
  it('says its value, the one before, why, and since when to the millisecond', () => {
    expect(fixture('cloudwatch/alarm-failing.json', { locate })).toMatchObject({
      kind: 'alarm.changed',
      subject: alarm,
      environment: 'production',
      service: 'shop',
      occurredAt: '2026-11-20T09:17:05.123Z',
      outcome: 'alarm',
      reason: 'Threshold Crossed: 1 datapoint [1.0] was greater than the threshold (0.0).',
      detail: {
        alarm: 'shop-smoke',
        value: 'ALARM',
        previous: 'OK',
        at: '2026-11-20T09:17:05.123Z',
        suppressedBy: null,
      },
    });
  });

  it('is one fact by its value and the time of its state, also as an alarm sends it past EventBridge', () => {
    const key = `${alarm}#ALARM,${Date.parse('2026-11-20T09:17:05.123Z')}`;
    const files = ['cloudwatch/alarm-failing', 'odd/alarm-action', 'odd/alarm-topic', 'odd/alarm-topic-without-arn'];
    expect(files.map((file) => fixture(`${file}.json`).key)).toEqual([key, key, key, key]);
  });

  it('sent to a topic without its ARN is of the Region that it names, or else of its topic', () => {
    const message = (region: string) => {
      const [record] = eventOf('odd/alarm-topic-without-arn.json')['Records'] as { Sns: { Message: string } }[];
      const said = { ...(JSON.parse(record?.Sns.Message ?? '') as object), Region: region };
      const topic = 'arn:aws:sns:ap-south-1:444455556666:alarms';
      return { TopicArn: topic, Type: 'Notification', Message: JSON.stringify(said) };
    };
    expect(factOf(message('US West (Oregon)')).subject).toBe(alarm.replace('eu-west-1', 'us-west-2'));
    expect(factOf(message('Middle-earth')).subject).toBe(alarm.replace('eu-west-1', 'ap-south-1'));
  });

  it('was told twice where its actions were held back, by another or no more, with the time it had', () => {
    const suppressed = eventOf('cloudwatch/alarm-suppressed.json');
    const by = (over: object, mute?: object): string => {
      const state = { ...(suppressed.detail['state'] as object), ...over };
      return factOf({ ...suppressed, detail: { ...suppressed.detail, state, ...mute } }).key;
    };
    const muted = { muteDetail: { mutedByArn: 'rule', muteWindowStart: '2026-11-20T09:00:00.000+0000' } };
    const later = { muteDetail: { mutedByArn: 'rule', muteWindowStart: '2026-11-21T09:00:00.000+0000' } };
    const no = { actionsSuppressedBy: null };
    const keys = [by({}), by({ actionsSuppressedBy: 'Alarm' }), by(no), by(no, muted), by(no, later)];
    expect(new Set(keys).size).toBe(5);
    expect(by({ actionsSuppressedReason: 'in other words' })).toBe(by({}));
  });

  it('says why its actions are suppressed, by which rule it is muted, and until when', () => {
    expect(fixture('cloudwatch/alarm-composite.json').detail).toMatchObject({
      suppressedBy: 'Alarm',
      suppressedReason: 'Actions suppressed by alarm shop-maintenance',
    });
    expect(fixture('cloudwatch/alarm-muted.json').detail).toMatchObject({
      suppressedBy: null,
      mutedBy: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:night',
      mutedFrom: '2026-11-20T10:00:00.000Z',
      mutedUntil: '2026-11-20T12:00:00.000Z',
    });
  });

  it('says what it looks at: metrics with their dimensions, or a rule about other alarms and which of them changed it', () => {
    expect(fixture('cloudwatch/alarm-muted.json').detail).toMatchObject({
      metrics: [{ namespace: 'AWS/EC2', name: 'StatusCheckFailed', dimensions: { InstanceId: 'i-0a1b2c3d4e5f60718' } }],
      evaluation: 'PARTIAL_DATA',
    });
    expect(fixture('cloudwatch/alarm-composite.json').detail).toMatchObject({
      rule: 'ALARM(shop-5xx) OR ALARM(shop-latency)',
      triggeredBy: [alarm.replace('smoke', '5xx'), alarm.replace('smoke', 'latency')],
    });
    expect(fixture('odd/alarm-topic-composite.json').detail['rule']).toBe('ALARM(shop-5xx) OR ALARM(shop-latency)');
  });

  it('without any time is one fact by its content: another reason is another fact', () => {
    const timeless = (reason: string): string => {
      const event = eventOf('cloudwatch/alarm-failing.json');
      return factOf({ ...event, time: null, detail: { alarmName: 'shop-smoke', state: { value: 'ALARM', reason } } })
        .key;
    };
    expect(timeless('one')).toBe(timeless('one'));
    expect(timeless('one')).not.toBe(timeless('two'));
  });

  it('says when its actions are suppressed', () => {
    expect(fixture('cloudwatch/alarm-suppressed.json').detail['suppressedBy']).toBe('WaitPeriod');
  });

  it('is only what CloudWatch says: another source that poses as one is unknown, and keeps its name', () => {
    const posing = fixture('odd/custom-source-posing-as-alarm.json');
    expect(posing).toMatchObject({ kind: 'unknown', source: { name: 'acme.shop' } });
    expect(posing.key).not.toBe(fixture('cloudwatch/alarm-failing.json').key);
  });
});

describe('the configuration of an alarm', () => {
  it('changed in what it says: new ids of the same metrics are no change', () => {
    expect(fixture('cloudwatch/alarm-threshold-changed.json')).toMatchObject({
      outcome: 'updated',
      occurredAt: '2026-11-20T06:30:00.111Z',
      detail: { changed: ['actionsEnabled', 'threshold'], actionsEnabled: false },
    });
    expect(fixture('cloudwatch/alarm-created.json').detail).not.toHaveProperty('changed');
  });

  it('is the act of somebody whom the event does not name, while a state is the act of CloudWatch', () => {
    expect(fixture('cloudwatch/alarm-created.json').actor).toEqual({ type: 'unknown' });
    expect(fixture('cloudwatch/alarm-ok.json').actor).toEqual({ type: 'service', name: 'cloudwatch.amazonaws.com' });
  });

  it('was deleted when the event says so, not when it was last written', () => {
    expect(fixture('cloudwatch/alarm-deleted.json')).toMatchObject({
      outcome: 'deleted',
      occurredAt: '2026-11-20T22:10:11.000Z',
    });
  });
});

describe('a time series behind an alarm', () => {
  it('is told by its attributes, and has its own state', () => {
    expect(fixture('cloudwatch/alarm-contributor.json')).toMatchObject({
      subject: alarm,
      outcome: 'alarm',
      detail: { contributor: 'c0ffee', attributes: { TableName: 'carts' } },
    });
  });
});
