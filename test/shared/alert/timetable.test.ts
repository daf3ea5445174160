import { describe, expect, it } from 'vitest';
import {
  acknowledged,
  calls,
  freed,
  goesOn,
  inhibited,
  isOver,
  opens,
  says,
  taken,
  timetable,
} from '../../harness/timetable.ts';

describe('what is first told of an incident', () => {
  it('waits half a minute, so that all of it is one message', () => {
    expect(
      timetable(
        [
          ['0:00:00', opens()],
          ['0:00:10', goesOn('about to redeploy')],
        ],
        { until: '0:04:00' },
      ),
    ).toEqual(['00:00:30 first to sre: about to redeploy']);
  });

  it('waits for nothing where it is a page', () => {
    expect(timetable([['0:00:00', opens('smoke', 'page')]], { until: '0:05:00' })).toEqual([
      '00:00:00 page to sre: smoke failing',
    ]);
  });

  it('is nothing where it was over before, and nothing was done', () => {
    expect(
      timetable(
        [
          ['0:00:00', opens()],
          ['0:00:20', isOver()],
        ],
        { until: '9:00:00', all: true },
      ),
    ).toEqual(['00:00:00 group-wait', '00:00:20 over-before-told']);
  });

  it('is its end at once, where something was done about it', () => {
    expect(
      timetable([
        ['0:00:00', opens()],
        ['0:00:20', isOver('smoke', ['deploy: redeployed (done)'])],
      ]),
    ).toEqual(['00:00:20 over to sre: smoke converged']);
  });

  it('is a page though more is open than a group keeps', () => {
    const thousand = Array.from({ length: 1_000 }, (_, n) => opens(`alarm ${n}`));
    const rows = timetable([
      ['0:00:00', ...thousand],
      ['0:01:00', opens('smoke', 'page')],
    ]);
    expect(rows.at(-1)).toBe('00:01:00 page to sre: smoke failing');
  });

  it('is told to everybody where no route wants it', () => {
    expect(timetable([['0:00:00', opens('smoke', 'page')]], { config: { routes: [] } })).toEqual([
      '00:00:00 page to sre, lead, boss: smoke failing',
    ]);
  });
});

describe('what is told after that', () => {
  it('waits five minutes, and is the newest of what happened', () => {
    const rows = timetable(
      [
        ['0:00:00', opens()],
        ['0:00:40', goesOn('about to replace')],
        ['0:02:00', goesOn('about to redeploy')],
      ],
      { until: '3:59:00' },
    );
    expect(rows).toEqual(['00:00:30 first to sre: smoke failing', '00:05:30 news to sre: about to redeploy']);
  });

  it('waits twice as long after each message, and an hour at the longest', () => {
    const every = Array.from({ length: 48 }, (_, n): [string, ReturnType<typeof opens>] => [
      `${Math.floor(n / 6)}:${(n % 6) * 10}:00`,
      goesOn(`step ${n}`),
    ]);
    expect(timetable(every, { until: '7:55:00' }).map((row) => row.replace(' to sre', ''))).toEqual([
      '00:00:30 first: step 0',
      '00:10:30 news: step 1',
      '00:20:30 news: step 2',
      '00:40:30 news: step 4',
      '01:20:30 news: step 8',
      '02:20:30 news: step 14',
      '03:20:30 news: step 20',
      '04:20:30 news: step 26',
      '05:20:30 news: step 32',
      '06:20:30 news: step 38',
      '07:20:30 news: step 44',
    ]);
  });

  it('waits until half a minute brought nothing more, and five minutes more at the longest', () => {
    const each20s = (from: number, to: number) =>
      Array.from({ length: (to - from) / 20 }, (_, n): [string, ReturnType<typeof opens>] => {
        const at = from + n * 20;
        return [`0:${Math.floor(at / 60)}:${at % 60}`, goesOn(`at ${at} s`)];
      });
    const options = { until: '0:20:00' };
    expect(timetable([['0:00:00', opens()], ...each20s(60, 380)], options)).toEqual([
      '00:00:30 first to sre: smoke failing',
      '00:06:30 news to sre: at 360 s',
    ]);
    expect(timetable([['0:00:00', opens()], ...each20s(60, 900)], options)[1]).toBe('00:10:30 news to sre: at 620 s');
  });

  it('is a page at once, and an end at once', () => {
    const rows = timetable([
      ['0:00:00', opens()],
      ['0:01:00', goesOn('a person is needed', 'smoke', 'page')],
      ['0:02:00', isOver()],
    ]);
    expect(rows).toEqual([
      '00:00:30 first to sre: smoke failing',
      '00:01:00 page to sre: a person is needed',
      '00:02:00 over to sre: smoke converged',
    ]);
  });

  it('is the same once more after four hours, and again', () => {
    expect(timetable([['0:00:00', opens()]], { until: '8:30:00' })).toEqual([
      '00:00:30 first to sre: smoke failing',
      '04:00:30 repeated to sre: smoke failing',
      '08:00:30 repeated to sre: smoke failing',
    ]);
  });

  it('is nothing where the same is said again', () => {
    expect(
      timetable(
        [
          ['0:00:00', opens()],
          ['0:10:00', opens()],
        ],
        { until: '3:00:00', all: true },
      ),
    ).toEqual(['00:00:00 group-wait', '00:00:30 first to sre: smoke failing', '00:10:00 nothing-new']);
  });

  it('is its end where the ladder that was held goes on', () => {
    const rows = timetable([
      ['0:00:00', goesOn('a person is needed', 'smoke', 'page')],
      ['0:40:00', taken(), freed()],
    ]);
    expect(rows.at(-1)).toBe('00:40:00 over to sre, lead, boss: all checks pass');
  });

  it('is not repeated where it is only news', () => {
    expect(timetable([['0:00:00', says('Ben quarantined a1b2c3d')]], { until: '9:00:00' })).toEqual([
      '00:00:30 first to sre: Ben quarantined a1b2c3d',
    ]);
  });
});

describe('a page that nobody acknowledges', () => {
  it('goes to the next contact after the time declared, and to the one after', () => {
    expect(timetable([['0:00:00', opens('smoke', 'page')]], { until: '1:00:00' })).toEqual([
      '00:00:00 page to sre: smoke failing',
      '00:15:00 escalated to lead: smoke failing',
      '00:30:00 escalated to boss: smoke failing',
    ]);
  });

  it('goes to them in time, whatever comes meanwhile and would wait', () => {
    const rows: Parameters<typeof timetable>[0] = [
      ['0:00:00', opens('smoke', 'page')],
      ['0:06:00', goesOn('about to replace')],
      ['0:14:00', inhibited('production'), goesOn('about to redeploy')],
    ];
    expect(timetable(rows, { until: '0:29:00' })).toEqual([
      '00:00:00 page to sre: smoke failing',
      '00:06:30 news to sre: about to replace',
      '00:15:00 news to sre: about to redeploy',
      '00:15:00 escalated to lead: about to redeploy',
    ]);
  });

  it('goes no further once somebody has, or has taken the ladder over', () => {
    for (const known of [acknowledged(), acknowledged('smoke'), taken()]) {
      const rows = timetable(
        [
          ['0:00:00', opens('smoke', 'page')],
          ['0:10:00', known],
        ],
        { until: '9:00:00' },
      );
      expect(rows).toEqual(['00:00:00 page to sre: smoke failing']);
    }
  });

  it('is told anew where it pages again after that', () => {
    const rows = timetable(
      [
        ['0:00:00', opens('smoke', 'page')],
        ['0:10:00', acknowledged()],
        ['0:20:00', goesOn('a person is needed', 'smoke', 'page')],
      ],
      { until: '0:34:59' },
    );
    expect(rows).toEqual(['00:00:00 page to sre: smoke failing', '00:20:00 page to sre: a person is needed']);
  });

  it('is over by that where it has no end of its own', () => {
    const rows = timetable(
      [
        ['0:00:00', calls('the trail was altered')],
        ['0:01:00', acknowledged()],
        ['0:02:00', opens()],
      ],
      {
        until: '0:03:00',
      },
    );
    expect(rows).toEqual(['00:00:00 page to sre: the trail was altered', '00:02:30 first to sre: smoke failing']);
  });

  it('has its end told to all who were told of it', () => {
    const rows = timetable([
      ['0:00:00', opens('smoke', 'page')],
      ['0:20:00', isOver()],
    ]);
    expect(rows.at(-1)).toBe('00:20:00 over to sre, lead: smoke converged');
  });
});

describe('an acknowledgement', () => {
  it('counts once, and of what is open', () => {
    const rows = timetable(
      [
        ['0:00:00', acknowledged()],
        ['0:01:00', opens('smoke', 'page'), acknowledged('node')],
        ['0:02:00', acknowledged(), acknowledged()],
        ['0:03:00', isOver(), acknowledged()],
      ],
      { all: true },
    );
    expect(rows.map((row) => row.split(' ', 2).join(' '))).toEqual([
      '00:00:00 not-open',
      '00:01:00 page',
      '00:01:00 not-open',
      '00:02:00 acknowledged',
      '00:02:00 acknowledged-already',
      '00:03:00 over',
      '00:03:00 not-open',
    ]);
  });
});
