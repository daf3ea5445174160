import { describe, expect, it } from 'vitest';
import { goesOn, inhibited, isOver, opens, silenced, timetable, unsilenced } from '../../harness/timetable.ts';

describe('a silence', () => {
  it('stops telling, and what still stands is told when it is over', () => {
    const rows = timetable(
      [
        ['0:00:00', silenced('0:12:00'), opens('smoke', 'page')],
        ['0:12:00', unsilenced()],
      ],
      {
        until: '0:13:00',
        all: true,
      },
    );
    expect(rows).toEqual([
      '00:00:00 silenced',
      '00:05:00 silenced',
      '00:10:00 silenced',
      '00:12:00 page to sre: smoke failing',
    ]);
  });

  it('keeps what began and ended under it untold', () => {
    const done = ['deploy: redeployed (done)'];
    expect(
      timetable(
        [
          ['0:00:00', silenced('1:00:00'), opens()],
          ['0:02:00', isOver('smoke', done)],
        ],
        { until: '9:00:00' },
      ),
    ).toEqual([]);
  });

  it('keeps what goes on from being told again', () => {
    const rows = timetable(
      [
        ['0:00:00', opens()],
        ['1:00:00', silenced('5:00:00')],
        ['5:00:00', unsilenced()],
      ],
      { until: '6:00:00' },
    );
    expect(rows).toEqual(['00:00:30 first to sre: smoke failing', '05:00:00 repeated to sre: smoke failing']);
  });
});

describe('what something larger explains', () => {
  it('is not told while that goes on, unless it is a page', () => {
    const rows = timetable(
      [
        ['0:00:00', inhibited('production'), opens()],
        ['0:07:00', goesOn('a person is needed', 'smoke', 'page')],
      ],
      { until: '0:08:00' },
    );
    expect(rows).toEqual(['00:07:00 page to sre: a person is needed']);
  });

  it('is told where it is still there when that is over', () => {
    const rows = timetable(
      [
        ['0:00:00', inhibited('production'), opens()],
        ['0:06:00', inhibited(null)],
      ],
      { until: '0:20:00' },
    );
    expect(rows).toEqual(['00:10:00 first to sre: smoke failing']);
  });
});

describe('what comes and goes', () => {
  const flaps = (times: number): [string, ...ReturnType<typeof opens>[]][] =>
    Array.from({ length: times }, (_, n) => [
      [`0:${String(n * 4).padStart(2, '0')}:00`, opens()] as [string, ReturnType<typeof opens>],
      [`0:${String(n * 4 + 2).padStart(2, '0')}:00`, isOver()] as [string, ReturnType<typeof opens>],
    ]).flat();

  it('is told once as that, and is over when it was quiet for half an hour', () => {
    expect(timetable(flaps(8), { until: '2:00:00' }).map((row) => row.split(' to ')[0])).toEqual([
      '00:00:30 first',
      '00:02:00 over',
      '00:04:30 first',
      '00:06:00 over',
      '00:08:30 first',
      '00:10:00 over',
      '00:12:00 flapping',
      '00:58:00 over',
    ]);
  });

  it('is not a hundred things that begin together', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => opens(`alarm ${n}`));
    expect(timetable([['0:00:00', ...hundred]], { until: '3:00:00' })).toEqual([
      '00:00:30 first to sre: alarm 99 failing',
    ]);
  });

  it('is one of many too, where that begins again and again', () => {
    const rows = Array.from({ length: 10 }, (_, n): [string, ReturnType<typeof opens>] => [
      `0:0${n}:00`,
      n % 2 === 0 ? opens('node') : isOver('node'),
    ]);
    const told = timetable([['0:00:00', opens('smoke')], ...rows], { until: '2:00:00', all: true });
    expect(told.filter((row) => row.includes('flapping to'))).toHaveLength(1);
  });

  it('pages all the same', () => {
    const rows = timetable([...flaps(4), ['0:20:00', goesOn('a person is needed', 'smoke', 'page')]]);
    expect(rows.at(-1)).toBe('00:20:00 page to sre: a person is needed');
  });
});
