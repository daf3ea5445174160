import { describe, expect, it } from 'vitest';
import type { AlarmDefinition, AlarmState, MissingData, StateValue } from '../../../local/service/alarm.ts';
import { evaluateAlarm } from '../../../local/service/evaluate-alarm.ts';

const second = 1_000;
const start = Date.parse('2026-11-21T04:05:00Z');

const alarm = (m: number, TreatMissingData: MissingData = 'missing'): AlarmDefinition => ({
  AlarmName: 'shop-smoke',
  ActionsEnabled: true,
  Namespace: 'Shop',
  MetricName: 'Healthy',
  Dimensions: [],
  Statistic: 'Minimum',
  Period: 1,
  EvaluationPeriods: 3,
  DatapointsToAlarm: m,
  Threshold: 1,
  ComparisonOperator: 'LessThanThreshold',
  TreatMissingData,
});
const state = (value: StateValue): AlarmState => ({ value, reason: '', at: start });

/** `0 - X - X`, oldest first: within the threshold, missing, breaching; the last one is now. */
const pointsIn = (drawn: string) =>
  drawn
    .split(' ')
    .flatMap((mark, n) => (mark === '-' ? [] : [{ at: start + n * second, value: mark === 'X' ? 0 : 1 }]));
const now = start + 4 * second + 500;
const after = (drawn: string, definition: AlarmDefinition, was: StateValue) =>
  evaluateAlarm(definition, state(was), pointsIn(drawn), now)?.value ?? was;

describe('an alarm', () => {
  // The two tables of the CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
  const kept = 'kept';
  const tables: [number, string, MissingTable][] = [
    [3, '0 - X - X', { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
    [3, '- - - - 0', { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
    [3, '- - - - -', { missing: 'INSUFFICIENT_DATA', ignore: kept, breaching: 'ALARM', notBreaching: 'OK' }],
    [3, '0 X X - X', { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
    [3, '- - X - -', { missing: 'ALARM', ignore: kept, breaching: 'ALARM', notBreaching: 'OK' }],
    [2, '0 - X - X', { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
    [2, '0 0 X 0 X', { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
    [2, '0 - X - -', { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
    [2, '- - - - 0', { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
    [2, '- - - - X', { missing: 'ALARM', ignore: kept, breaching: 'ALARM', notBreaching: 'OK' }],
  ];
  type MissingTable = { [treat in MissingData]: StateValue | typeof kept };
  const cases = tables.flatMap(([m, drawn, table]) =>
    (Object.keys(table) as MissingData[]).map((treat): [string, number, MissingData, StateValue | 'kept'] => [
      drawn,
      m,
      treat,
      table[treat],
    ]),
  );

  it.each(cases)('that sees %s, %i of 3 to alarm, missing data %s: %s', (drawn, m, treat, wanted) => {
    for (const was of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const)
      expect(after(drawn, alarm(m, treat), was)).toBe(wanted === 'kept' ? was : wanted);
  });

  it('says nothing when its state does not change', () => {
    expect(evaluateAlarm(alarm(2), state('OK'), pointsIn('0 0 0 0 0'), now)).toBeNull();
    expect(evaluateAlarm(alarm(2), state('ALARM'), pointsIn('0 0 0 X X'), now)).toBeNull();
  });

  it('does not look further back than its range', () => {
    expect(evaluateAlarm(alarm(2), state('OK'), pointsIn('X X X 0 0'), now + 3 * second)).toBeNull();
  });

  it('takes the worst of one period when its statistic is the minimum', () => {
    const points = [
      ...pointsIn('0 0 0 0 0'),
      { at: start + 4 * second, value: 0 },
      { at: start + 3 * second, value: 0 },
    ];
    expect(evaluateAlarm(alarm(2), state('OK'), points, now)?.value).toBe('ALARM');
  });

  it('says why, as CloudWatch says it', () => {
    const changed = evaluateAlarm(alarm(2), state('OK'), pointsIn('0 0 0 X X'), now);
    expect(changed?.reason).toBe(
      'Threshold Crossed: 2 out of the last 3 datapoints [0.0 (21/11/26 04:05:03), 0.0 (21/11/26 04:05:04)] ' +
        'were less than the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).',
    );
    expect(JSON.parse(changed?.reasonData ?? '')).toEqual({
      version: '1.0',
      queryDate: '2026-11-21T04:05:04.500+0000',
      startDate: '2026-11-21T04:05:02.000+0000',
      statistic: 'Minimum',
      period: 1,
      recentDatapoints: [1, 0, 0],
      threshold: 1,
    });
    expect(evaluateAlarm(alarm(2), state('OK'), [], now)?.reason).toBe('Insufficient Data: 3 datapoints were unknown.');
  });
});
