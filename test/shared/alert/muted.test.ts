import { describe, expect, it } from 'vitest';
import { mutedIn } from '../../../shared/alert/muted.ts';
import { meaningOf } from '../../../shared/ladder/alarms.ts';
import type { Check } from '../../../shared/ladder/check.ts';
import { acknowledged, goesOn, isOver, muted, mutedNow, opens, silenced, timetable } from '../../harness/timetable.ts';

describe('what CloudWatch mutes', () => {
  it('is not told where the notice itself says so', () => {
    expect(timetable([['0:00:00', muted('node')]], { until: '9:00:00', all: true })).toEqual(['00:00:00 muted']);
  });

  it('is not told while it lasts, pages neither, and is looked at every five minutes', () => {
    const rows = timetable([['0:00:00', mutedNow('night'), opens(), goesOn('a person is needed', 'smoke', 'page')]], {
      until: '0:11:00',
      all: true,
    });
    expect(rows).toEqual(['00:00:00 muted', '00:00:00 muted', '00:05:00 muted', '00:10:00 muted']);
  });

  it('is told when that is over, where it still goes on', () => {
    const rows = timetable(
      [
        ['0:00:00', mutedNow('night'), opens('smoke', 'page')],
        ['0:07:00', mutedNow(null)],
      ],
      { until: '0:20:00' },
    );
    expect(rows).toEqual(['00:10:00 page to sre: smoke failing']);
  });

  it('is not told again while it is muted, and goes to no further contact', () => {
    const rows = timetable(
      [
        ['0:00:00', opens('smoke', 'page')],
        ['0:10:00', mutedNow('night')],
        ['6:00:00', mutedNow(null)],
      ],
      { until: '6:06:00' },
    );
    expect(rows).toEqual([
      '00:00:00 page to sre: smoke failing',
      '06:05:00 escalated to lead: smoke failing',
      '06:05:00 escalated to boss: smoke failing',
    ]);
  });

  it('keeps no end from those who were told of the beginning', () => {
    const rows = timetable([
      ['0:00:00', opens('smoke', 'page')],
      ['0:10:00', mutedNow('night')],
      ['0:11:00', isOver('smoke', ['deploy: redeployed (done)'])],
    ]);
    expect(rows.at(-1)).toBe('00:11:00 over to sre: smoke converged');
  });

  it('is over before anybody was told, where it is', () => {
    const rows = timetable(
      [
        ['0:00:00', mutedNow('night'), opens()],
        ['0:04:00', isOver()],
      ],
      { until: '1:00:00', all: true },
    );
    expect(rows).toEqual(['00:00:00 muted', '00:04:00 over-before-told']);
  });

  it('may be acknowledged all the same', () => {
    const rows = timetable(
      [
        ['0:00:00', mutedNow('night'), opens('smoke', 'page')],
        ['0:01:00', acknowledged()],
      ],
      { until: '0:01:00', all: true },
    );
    expect(rows.at(-1)).toBe('00:01:00 muted');
  });
});

describe('what may end at any time is looked at every ten seconds at most', () => {
  const config = { timing: { interval: 0 } };

  it.each([
    ['a mute', mutedNow('night'), 'muted'],
    ['a silence', silenced('8:00:00'), 'silenced'],
  ])('also where nothing waits between messages: %s', (_, quiet, outcome) => {
    const rows = timetable([['0:00:00', quiet, opens('smoke', 'page')]], { until: '0:00:25', all: true, config });
    expect(rows).toEqual([`00:00:00 ${outcome}`, `00:00:10 ${outcome}`, `00:00:20 ${outcome}`]);
  });
});

describe('a ladder', () => {
  const from = { state: 'ALARM', reason: 'too slow', suppressedReason: null, mutedUntil: null, evaluation: null };
  const check = (over: { mutedBy?: string; suppressedBy?: string; state?: string }): Check => ({
    ...meaningOf({ ...from, suppressedBy: null, mutedBy: null, ...over }),
    at: '',
    since: '',
  });
  const config = {
    checks: {
      smoke: { name: 'smoke', level: 'deploy', alarm: 'a' },
      node: { name: 'node', level: 'deploy', alarm: 'b' },
    },
  };
  const mutedOf = (checks: { [name: string]: Check }) => mutedIn({ checks }, config);

  it('is muted where one of its alarms is, and no check fails', () => {
    expect(mutedOf({ smoke: check({ mutedBy: 'night' }), node: check({ state: 'OK' }) })).toMatch(/muted by night/);
    expect(mutedOf({ smoke: check({ suppressedBy: 'Alarm' }) })).toMatch(/suppressed \(Alarm\)/);
  });

  it('is not where another check fails', () => {
    expect(mutedOf({ smoke: check({ mutedBy: 'night' }), node: check({}) })).toBeNull();
  });

  it('is not for want of data, nor by an alarm that no check looks at any more', () => {
    expect(mutedOf({ smoke: check({ state: 'INSUFFICIENT_DATA' }) })).toBeNull();
    expect(mutedOf({ gone: check({ mutedBy: 'night' }) })).toBeNull();
  });
});
