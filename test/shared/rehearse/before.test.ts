import { describe, expect, it } from 'vitest';
import type { ServiceConfig } from '../../../shared/config/config.ts';
import type { Readings } from '../../../shared/ladder/input.ts';
import { pastOf } from '../../../shared/rehearse/past.ts';
import { reportOn } from '../../../shared/rehearse/report.ts';
import { begin, level, shop } from '../../harness/ladder.ts';
import { configOf, lived, told } from './given.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const ago = (ms: number): string => new Date(begin - ms).toISOString();
const smoke = { smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'deploy' } };
const service = shop({ checks: smoke, levels: [level('deploy', { mode: 'act' })], quiescence: 30_000 });
const states = { OK: 'pass', ALARM: 'fail', INSUFFICIENT_DATA: 'unknown' };
type Said = [ms: number, value: keyof typeof states];

/** A trail that begins now, and on it what was back-filled: how the alarm stood, and a release that had come. */
const installed = async (items: Said[], releaseAgo: number | null = 3 * day) => {
  const past = lived(service);
  past.forward(minute);
  for (const [ms, value] of items) {
    const detail = { alarm: 'shop-smoke', value, at: ago(ms), event: {}, reconciled: 'backfilled' };
    const entry = { kind: 'alarm.changed', reason: 'it says so', occurredAt: ago(ms), detail };
    await past.say(entry, 'aws.cloudwatch');
  }
  const detail = { pipeline: 'shop', stage: 'Deploy', reconciled: 'backfilled' };
  const execution: Readings['execution'] = { rollback: false, target: null, commit: 'c0ffee' };
  if (releaseAgo !== null)
    await past.say(
      { kind: 'stage.succeeded', execution: 'x-1', occurredAt: ago(releaseAgo), detail },
      'aws.codepipeline',
      { execution, past: null },
    );
  return past;
};

const before = async (items: Said[], since: string | null = null, by: ServiceConfig = service, released = 3 * day) => {
  const past = await installed(items, released);
  const report = reportOn(pastOf(past.entries(), past.configs), configOf(by, 'another'), () => true, {
    before: true,
    since,
  });
  return { report, lines: told(report.before.flatMap(({ lines }) => lines)) };
};

const failedOnce: Said[] = [
  [5 * day, 'OK'],
  [day, 'ALARM'],
  [day - 10 * minute, 'OK'],
];

describe('a rehearsal of the time before Escalator was there', () => {
  it('says what the ladder would have begun, with the release that ran then, and that from its act on nobody knows', async () => {
    const { lines } = await before(failedOnce);
    const none = '(no such ladder was configured then)';
    expect(lines).toEqual([
      `12:00:00 word: nothing | check smoke went from unknown to pass: it says so ${none}`,
      `13:00:00 word: nothing | release production/shop@x-1 is good: it may be gone back to ${none}`,
      expect.stringMatching(
        /^12:00:00 word: .* incident production\.shop\.1 opened: smoke failing; no release is suspect/,
      ),
      expect.stringMatching(/^12:00:30 act: nothing \| attempt 1 starts from level deploy .*about to redeploy c0ffee/),
      '12:00:30 unknown: what is done differs, and the world would have been another',
      '12:10:00 again, 0 passed by',
      `13:10:00 word: nothing | release production/shop@x-1 is good: it may be gone back to ${none}`,
    ]);
  });

  it('asks each configuration anew: one whose quiescence is longer than the failure would have done nothing', async () => {
    const { lines } = await before(failedOnce, null, { ...service, quiescence: 15 * minute });
    const ofIncident = lines.filter((line) => line.includes('incident'));
    expect(ofIncident).toEqual([
      expect.stringContaining('opened: smoke failing'),
      expect.stringMatching(/^12:15:00 word: nothing \| .*self-healed/),
    ]);
  });

  it('goes back as far as is asked, and no further', async () => {
    const twice: Said[] = [[4 * day, 'ALARM'], [4 * day - minute, 'OK'], ...failedOnce.slice(1)];
    expect((await before(twice, null, service, 6 * day)).report.before[0]?.unknown).toBe(2);
    expect((await before(twice, ago(2 * day), service, 6 * day)).report.before[0]?.unknown).toBe(1);
    expect((await before(twice, ago(hour), service, 6 * day)).report.before).toEqual([]);
  });

  it('takes no alarm for a pass of which nothing says how it stood: a failure that was there before is no news', async () => {
    const { lines } = await before([[day, 'ALARM']]);
    expect(lines[0]).toMatch(/check smoke went from unknown to fail/);
    const blind = await before([
      [5 * day, 'OK'],
      [day, 'INSUFFICIENT_DATA'],
    ]);
    expect(blind.lines.filter((line) => line.includes('opened'))).toEqual([]);
  });

  it('does not know what a check says that is no alarm, and says so', async () => {
    const probe = {
      name: 'probe',
      level: 'deploy',
      probe: { url: 'http://shop' },
    } as unknown as ServiceConfig['checks'][string];
    const { lines } = await before(failedOnce, null, { ...service, checks: { ...smoke, probe } });
    expect(lines).toContainEqual(expect.stringMatching(/ unknown: .*probe.* was not read at /));
    expect(lines.filter((line) => line.includes(' act: '))).toEqual([]);
  });

  it('is no decision on record: what is the same or otherwise is counted of those alone', async () => {
    const { report } = await before(failedOnce);
    expect(report.ladders).toMatchObject([{ differs: 0, unknown: 0 }]);
    const again = await installed(failedOnce);
    expect(reportOn(pastOf(again.entries(), again.configs), configOf(service), () => true).before).toEqual([]);
  });
});
