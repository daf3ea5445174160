import { describe, expect, it } from 'vitest';
import { fixture, locate } from '../harness.ts';

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
    const files = ['cloudwatch/alarm-failing.json', 'odd/alarm-action.json', 'odd/alarm-topic.json'];
    expect(files.map((file) => fixture(file).key)).toEqual([key, key, key]);
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
