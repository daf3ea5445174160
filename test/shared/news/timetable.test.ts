import { describe, expect, it } from 'vitest';
import { acknowledged, news, timetable } from '../../harness/timetable.ts';

const all = { until: '9:00:00', all: true };
const many = (count: number, of: (n: number) => string, severity?: 'page'): ReturnType<typeof news>[] =>
  Array.from({ length: count }, (_, n) => news(of(n), severity));

describe('news', () => {
  it('are one message half a minute later, however many there are', () => {
    const people = many(1_000, (n) => `person ${n} signed in`);
    expect(timetable([['0:00:00', ...people]], { until: '9:00:00' })).toEqual([
      '00:00:30 first to sre: person 999 signed in',
    ]);
  });

  it('that say the same are counted', () => {
    expect(timetable([['0:00:00', ...many(1_000, () => 'mia signed in')]], { until: '9:00:00' })).toEqual([
      '00:00:30 first to sre: mia signed in (1000 times)',
    ]);
  });

  it('that go on coming are a message every five minutes', () => {
    const trickle = Array.from({ length: 60 }, (_, n): [string, ReturnType<typeof news>] => [
      `0:${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`,
      news(`sign-in ${n}`),
    ]);
    expect(timetable(trickle, { until: '9:00:00' }).map((line) => line.slice(0, 14))).toEqual([
      '00:00:30 first',
      '00:05:30 first',
      '00:10:30 first',
      '00:15:30 first',
    ]);
  });

  it('that come when all was quiet wait half a minute again', () => {
    const rows = timetable(
      [
        ['0:00:00', news('one')],
        ['1:00:00', news('two')],
      ],
      all,
    );
    expect(rows).toEqual([
      '00:00:00 group-wait',
      '00:00:30 first to sre: one',
      '01:00:00 group-wait',
      '01:00:30 first to sre: two',
    ]);
  });

  it('do not hold an incident back that begins right after them', () => {
    const rows = timetable(
      [
        ['0:00:00', news('one')],
        ['0:01:00', news('two'), news('shop fails', undefined, 'open')],
      ],
      { until: '0:02:00' },
    );
    expect(rows.at(-1)).toBe('00:01:30 first to sre: shop fails');
  });

  it('of an alarm that is muted are not told', () => {
    expect(timetable([['0:00:00', news('alarm', undefined, 'once', 'night')]], all)).toEqual(['00:00:00 muted']);
  });
});

describe('news that page', () => {
  const config = { pagesApart: 300_000 };

  it('are told at once, and those after it together, five minutes later', () => {
    const rows = timetable([['0:00:00', ...many(1_000, (n) => `root called Call${n}`, 'page')]], {
      until: '3:00:00',
      config: { routes: [{ match: { environment: ['production'] }, to: 'sre' }], timing: config },
    });
    expect(rows).toEqual(['00:00:00 page to sre: root called Call0', '00:05:00 page to sre: root called Call999']);
  });

  it('call until somebody knows, and again when there are more', () => {
    const rows = timetable(
      [
        ['0:00:00', news('root signed in', 'page')],
        ['4:10:00', acknowledged()],
        ['8:00:00', news('root called DeleteTrail', 'page')],
      ],
      { until: '9:00:00', config: { routes: [{ match: { environment: ['production'] }, to: 'sre' }] } },
    );
    expect(rows).toEqual([
      '00:00:00 page to sre: root signed in',
      '04:00:00 repeated to sre: root signed in',
      '08:00:00 page to sre: root called DeleteTrail',
    ]);
  });
});
