import { describe, expect, it } from 'vitest';
import { readAhead } from '../../../functions/react/read-ahead.ts';
import { readChecksOf } from '../../../functions/support/read-checks.ts';
import type { CheckConfig, ServiceConfig } from '../../../shared/config/config.ts';
import type { Reads } from '../../../shared/ladder/reads.ts';
import { shop } from '../../harness/ladder.ts';

const at = '2026-11-21T12:00:00.000Z';
const probe = (name: string): CheckConfig => ({ name, pipeline: name, stage: null, level: 'deploy' });

/** Services with a check on an alarm of their own, and one of the same name that is asked. */
const services = (count: number): ServiceConfig[] =>
  Array.from({ length: count }, (_, n) =>
    shop({
      ladder: `production/s${n}`,
      checks: { smoke: { name: 'smoke', alarm: `s${n}-smoke`, level: 'deploy' }, run: { ...probe('run') } },
    }),
  );

/** A world in which each question takes so long (ms), and only time that is waited for passes. */
const world = (slowMs: number) => {
  let now = Date.parse(at);
  let asking = 0;
  const asked = { alarms: 0, sources: 0, most: 0 };
  const reads = {
    alarms: (names: string[]) => {
      asked.alarms += 1;
      return Promise.resolve(Object.fromEntries(names.map((name) => [name, { value: 'pass', at, reason: name }])));
    },
    sources: async ([check]: CheckConfig[]) => {
      asked.sources += 1;
      asked.most = Math.max(asked.most, (asking += 1));
      await new Promise((resolve) => setImmediate(resolve));
      if (asking === asked.most) now += slowMs; // they wait side by side
      asking -= 1;
      return { [check?.name ?? '']: { value: 'pass', at, reason: `answer ${asked.sources}` } };
    },
  } as unknown as Reads;
  return { asked, reads, now: () => new Date(now) };
};

describe('what all ladders need, read ahead', () => {
  it('is the alarms in one question, and the rest side by side, for each ladder its own', async () => {
    const { asked, reads, now } = world(1_000);
    const [one, other, ...more] = services(20);
    const ahead = await readAhead(reads, [one!, other!, ...more], now);
    expect(asked).toEqual({ alarms: 1, sources: 20, most: 20 });
    const read = await readChecksOf(ahead, other!);
    expect(read.alarms).toEqual({ 's1-smoke': { value: 'pass', at, reason: 's1-smoke' } });
    expect(read.sources).toMatchObject({ run: { value: 'pass' } });
    expect(asked).toMatchObject({ alarms: 1, sources: 20 });
  });

  it('is unknown, with the reason, where the others took all the time there is: those are not waited for', async () => {
    const { asked, reads, now } = world(30_000);
    const all = services(200);
    const ahead = await readAhead(reads, all, now);
    expect(asked.most).toBe(50);
    expect(asked.sources).toBeLessThan(200);
    expect((await readChecksOf(ahead, all.at(-1)!)).sources).toEqual({
      run: {
        value: 'unknown',
        at: now().toISOString(),
        reason: 'it was not asked within 45 s: others took too long to answer',
      },
    });
    expect((await readChecksOf(ahead, all[0]!)).sources).toMatchObject({ run: { value: 'pass' } });
  });

  it('is asked until the time is over, to the millisecond, and all else is asked as ever', async () => {
    const { asked, reads, now } = world(45_000);
    const ahead = await readAhead({ ...reads, killSwitch: () => Promise.resolve('stop') }, services(60), now);
    expect(asked.sources).toBe(50);
    expect(await ahead.killSwitch()).toBe('stop');
  });

  it('asks nobody besides CloudWatch for a ladder that has alarms only', async () => {
    const { asked, reads, now } = world(0);
    const only = shop({ checks: { smoke: { name: 'smoke', alarm: 's-smoke', level: 'deploy' } } });
    await readAhead(reads, [only], now);
    expect(asked).toMatchObject({ alarms: 1, sources: 0 });
  });

  it('is nothing for anybody where CloudWatch does not answer, and for one ladder where its own source does not', async () => {
    const { reads, now } = world(0);
    const [one, other] = services(2);
    const deaf = {
      ...reads,
      alarms: () => Promise.resolve(null),
      sources: (checks: CheckConfig[]) =>
        checks[0] === one?.checks['run'] ? Promise.resolve(null) : reads.sources(checks),
    };
    const ahead = await readAhead(deaf, [one!, other!], now);
    expect(await readChecksOf(ahead, one!)).toEqual({ alarms: null, sources: null });
    expect(await readChecksOf(ahead, other!)).toMatchObject({ alarms: null, sources: { run: { value: 'pass' } } });
  });

  it('has what fails by name where a check of any ladder asks for that', async () => {
    const { reads, now } = world(0);
    const per: CheckConfig = { name: 'smoke', alarms: ['fleet'], per: 'InstanceId', level: 'deploy' };
    const all = [...services(1), shop({ ladder: 'production/fleet', checks: { smoke: per } })];
    let asked: unknown = null;
    const alarms: Reads['alarms'] = (names, dimensions) => {
      asked = [names, dimensions];
      return Promise.resolve({});
    };
    await readAhead({ ...reads, alarms }, all, now);
    expect(asked).toEqual([['s0-smoke', 'fleet'], new Map([['fleet', ['InstanceId']]])]);
  });

  it('has no alarm that CloudWatch does not know', async () => {
    const { reads, now } = world(0);
    const [one] = services(1);
    const ahead = await readAhead({ ...reads, alarms: () => Promise.resolve({}) }, [one!], now);
    expect((await readChecksOf(ahead, one!)).alarms).toEqual({});
  });

  it('is asked of each place by itself, where two have alarms of one name', async () => {
    const [here, there] = [world(0), world(0)];
    const [one, other] = services(2);
    const named = { ...other!, checks: one!.checks };
    const failing = (names: string[]) =>
      Promise.resolve(Object.fromEntries(names.map((name) => [name, { value: 'fail' as const, at, reason: name }])));
    const elsewhere: Reads = { ...there.reads, alarms: failing };
    const of = (ladder: { ladder: string }) => (ladder.ladder === named.ladder ? elsewhere : here.reads);
    const killSwitch = () => Promise.resolve('allow');
    const ahead = await readAhead({ ...here.reads, killSwitch, of }, [one!, named], here.now);
    const values = await Promise.all(
      [one!, named].map(async (ladder) => (await readChecksOf(ahead.of!(ladder), ladder)).alarms?.['s0-smoke']?.value),
    );
    expect(values).toEqual(['pass', 'fail']);
    expect(ahead.killSwitch).toBe(killSwitch);
  });
});
