import { describe, expect, it } from 'vitest';
import { type AlarmSays, meaningOf } from '../../../shared/ladder/alarms.ts';

const alarm = (over: Partial<AlarmSays>): AlarmSays => ({
  state: 'OK',
  reason: 'threshold crossed',
  suppressedBy: null,
  suppressedReason: null,
  mutedBy: null,
  mutedUntil: null,
  evaluation: null,
  ...over,
});

describe('what an alarm means for a check', () => {
  it.each([
    ['OK', 'pass'],
    ['ALARM', 'fail'],
    ['INSUFFICIENT_DATA', 'unknown'],
    ['a state of tomorrow', 'unknown'],
  ])('%s is %s, for the reason that CloudWatch gives', (state, value) => {
    expect(meaningOf(alarm({ state }))).toEqual({ value, reason: 'threshold crossed' });
  });

  it.each(['EVALUATION_ERROR', 'EVALUATION_FAILURE'])('a state with %s is one of the past: unknown', (evaluation) => {
    const unknown = { value: 'unknown', reason: `it is not evaluated: ${evaluation}: threshold crossed` };
    expect(['OK', 'ALARM'].map((state) => meaningOf(alarm({ state, evaluation })))).toEqual([unknown, unknown]);
  });

  it('what is without data says why itself, whether or not it is evaluated', () => {
    const blind = alarm({ state: 'INSUFFICIENT_DATA', evaluation: 'EVALUATION_ERROR', reason: 'no data' });
    expect(meaningOf(blind)).toEqual({ value: 'unknown', reason: 'no data' });
  });

  it('a state of which a part of the data was seen is one', () => {
    expect(meaningOf(alarm({ state: 'ALARM', evaluation: 'PARTIAL_DATA' })).value).toBe('fail');
  });

  it('an alarm whose actions somebody holds back is unknown, with who and why, as far as it is told', () => {
    const reasonOf = (over: Partial<AlarmSays>) => meaningOf(alarm({ state: 'ALARM', ...over })).reason;
    expect(reasonOf({ suppressedBy: 'Alarm', reason: '' })).toBe('in alarm, but its actions are suppressed (Alarm)');
    expect(reasonOf({ suppressedBy: 'Alarm', suppressedReason: 'the network is down' })).toBe(
      'in alarm, but its actions are suppressed (Alarm): the network is down: threshold crossed',
    );
    expect(reasonOf({ mutedBy: 'rule-1', mutedUntil: null })).toBe('in alarm, but muted by rule-1: threshold crossed');
  });
});
