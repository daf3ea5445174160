import { describe, expect, it } from 'vitest';
import type { ServiceConfig } from '../../../shared/config/config.ts';
import { pastOf } from '../../../shared/rehearse/past.ts';
import { rehearse } from '../../../shared/rehearse/together.ts';
import { level, shop } from '../../harness/ladder.ts';
import { brokenRelease, differing, lived, told } from './given.ts';

const minute = 60_000;
const mode = (is: 'observe' | 'ask' | 'act'): ServiceConfig =>
  shop({ levels: shop().levels.map((one) => ({ ...one, mode: is })) });
const latency = { ...shop().checks, latency: { name: 'latency', alarm: 'shop-latency', level: 'deploy' } };

const unknown = 'unknown: what is done differs, and the world would have been another';
const redeploys =
  'attempt 1 starts from level deploy (deploy): quiescence is over; level deploy: about to redeploy bad';
const opens = (version: number, until: string): string =>
  `check smoke went from pass to fail: it says so; incident production.shop.${version} opened: smoke failing; ` +
  `suspect is release production/shop@x-bad (until 2026-11-21T${until}.000Z)`;

/** The broken release was redeployed, and the smoke check passes since. */
const healed = async () => {
  const past = await brokenRelease();
  await past.timer();
  await past.claim();
  await past.result({ execution: 'r-1' });
  await past.alarm('shop-smoke', 'OK');
  await past.deliver('bad', 'r-1', 'x-bad');
  for (let times = 0; times < 5; times += 1) await past.timer();
  expect(past.state().incident).toBeNull();
  return past;
};

describe('a rehearsal tells, side by side and with the setting that makes the difference,', () => {
  it('that with a longer quiescence nothing was done yet when the recorded ladder acted; then nobody knows, to the end', async () => {
    const lines = differing(await healed(), shop({ quiescence: 2 * minute }));
    expect(told(lines)).toEqual([
      `13:00:05 word: ${opens(8, '13:00:35')} | ${opens(8, '13:02:05')} (quiescence 30s -> 2m)`,
      `13:00:35 act: ${redeploys} | nothing: to be looked at again at 2026-11-21T13:02:05.000Z (quiescence 30s -> 2m)`,
      `13:00:35 ${unknown}`,
      '13:03:35 again, 9 passed by',
    ]);
  });

  it('that with a shorter one the ladder would have acted before: what was read later says how the alarms stood', async () => {
    const lines = differing(await healed(), shop({ quiescence: 10_000 }));
    expect(told(lines)).toEqual([
      `13:00:05 word: ${opens(8, '13:00:35')} | ${opens(8, '13:00:15')} (quiescence 30s -> 10s)`,
      `13:00:15 act: nothing | ${redeploys} (quiescence 30s -> 10s)`,
      `13:00:15 ${unknown}`,
      '13:03:35 again, 10 passed by',
    ]);
  });

  it('that in observe it would have done nothing', async () => {
    const [first, ...others] = told(differing(await healed(), mode('observe')));
    expect(first).toBe(
      `13:00:35 act: ${redeploys} | attempt 1 starts from level deploy (deploy): quiescence is over; ` +
        'incident production.shop.8 ended observed: level deploy only observes (ladder.deploy.mode act -> observe)',
    );
    expect(others).toEqual([`13:00:35 ${unknown}`, '13:03:35 again, 9 passed by']);
  });

  it('what a ladder that only observes would have done, and goes on with the next incident', async () => {
    const past = await brokenRelease(mode('observe'));
    await past.timer();
    past.forward(minute);
    await past.deliver('fix');
    await past.alarm('shop-smoke', 'OK');
    past.forward(minute);
    await past.read();
    past.forward(300 * minute);
    await past.alarm('shop-smoke', 'ALARM');
    await past.timer();
    const lines = told(differing(past, mode('act')));
    expect(lines[0]).toBe(
      '13:00:35 act: attempt 1 starts from level deploy (deploy): quiescence is over; incident production.shop.8 ' +
        `ended observed: level deploy only observes | ${redeploys} (ladder.deploy.mode observe -> act)`,
    );
    expect(lines.slice(1, 3)).toEqual([`13:00:35 ${unknown}`, '13:02:35 again, 4 passed by']);
    expect(lines[3]).toMatch(/^18:03:05 act: .* only observes \| .* about to redeploy fix/);
    expect(lines).toHaveLength(5);
  });

  it('that without a check its failing is nothing', async () => {
    const { smoke: _, ...checks } = shop().checks;
    const lines = differing(await brokenRelease(), shop({ checks }));
    const why = 'checks.smoke { alarm: shop-smoke, level: deploy } -> none';
    expect(told(lines)).toEqual([
      `12:00:00 word: check smoke went from unknown to pass: it says so | nothing (${why})`,
      `12:00:00 word: good reached production (passedBefore node, smoke) | good reached production (passedBefore node) (${why})`,
      `13:00:00 word: bad reached production (passedBefore node, smoke) | bad reached production (passedBefore node) (${why})`,
      `13:00:05 word: ${opens(8, '').replace(/ \(until.*/, '')} | nothing (${why})`,
    ]);
  });

  it('what a check would have done whose alarm is on the trail, though nobody heeded it; and where it was not yet', async () => {
    const past = await brokenRelease();
    await past.alarm('shop-smoke', 'OK');
    await past.timer();
    past.forward(minute);
    await past.alarm('shop-latency', 'OK');
    past.forward(minute);
    await past.alarm('shop-latency', 'ALARM');
    past.forward(5 * minute);
    await past.alarm('shop-latency', 'OK');
    past.forward(5 * minute);
    await past.alarm('shop-node', 'ALARM');
    const lines = told(differing(past, { ...mode('observe'), checks: latency }));
    const notYet = 'unknown: nothing on the trail says how alarm shop-latency (check latency) stood at 2026-11-21T';
    expect(lines.slice(0, 4)).toEqual([
      `13:00:00 ${notYet}13:00:00.000Z`,
      '13:00:00 again, 1 passed by',
      `13:00:35 ${notYet}13:00:35.000Z`,
      '13:00:35 again, 1 passed by',
    ]);
    const why = '(checks.latency none -> { alarm: shop-latency, level: deploy })';
    expect(lines.slice(4)).toEqual([
      `13:01:35 word: nothing | check latency went from unknown to pass: it says so ${why}`,
      '13:02:35 word: nothing | check latency went from pass to fail: it says so; ' +
        `incident production.shop.11 opened: latency failing; no release is suspect ${why}`,
      '13:03:05 word: nothing | attempt 1 starts from level deploy (deploy): quiescence is over; ' +
        `incident production.shop.11 ended observed: level deploy only observes ${why}`,
      `13:07:35 word: nothing | check latency went from fail to pass: it says so ${why}`,
      `13:07:35 word: nothing | the ladder is free again: all checks pass ${why}`,
    ]);
    const acting = told(differing(past, shop({ checks: latency })));
    expect(acting.slice(-3)).toEqual([
      `13:03:05 act: nothing | ${redeploys} ${why}`,
      `13:03:05 ${unknown}`,
      '13:07:35 again, 0 passed by',
    ]);
  });

  it('that an alarm of which the trail says nothing leaves it unknown, and never is a pass', async () => {
    const checks = { ...shop().checks, other: { name: 'other', alarm: 'never-told', level: 'deploy' } };
    const lines = differing(await brokenRelease(), shop({ checks }));
    expect(lines.map(({ type }) => type)).toEqual(['unknown', 'again']);
  });

  it('where a check maps to a level that was added', async () => {
    const past = await brokenRelease();
    await past.timer();
    const [node, deploy] = shop().levels as [never, never];
    const levels = [node, level('configure', { do: { type: 'start-pipeline', pipeline: 'network' } }), deploy];
    const smoke = { name: 'smoke', alarm: 'shop-smoke', level: 'configure' };
    expect(told(differing(past, shop({ levels })))).toEqual([]);
    const lines = differing(past, shop({ levels, checks: { ...shop().checks, smoke } }));
    expect(told(lines)[0]).toBe(
      `13:00:35 act: ${redeploys} | attempt 1 starts from level configure (configure, then deploy): quiescence is over; ` +
        'level configure: about to run pipeline network ' +
        '(checks.smoke { alarm: shop-smoke, level: deploy } -> { alarm: shop-smoke, level: configure })',
    );
  });

  it('where a budget would have been used up', async () => {
    const past = await brokenRelease();
    await past.timer();
    const budgets = { ...shop().budgets, runsPerHour: 0 };
    expect(told(differing(past, shop({ budgets })))).toEqual([
      `13:00:35 act: ${redeploys} | incident production.shop.8 ended handed-over: ` +
        'the budget of 0 runs an hour is used up (budgets.runs-per-hour 3 -> 0)',
      `13:00:35 ${unknown}`,
    ]);
  });

  it.each([
    [30, '12:30:00 word: nothing | release production/shop@x-good is good: it may be gone back to (bake 1h -> 30m)'],
    [90, '13:00:00 word: release production/shop@x-good is good: it may be gone back to | nothing (bake 1h -> 90m)'],
  ])('when a release would have baked: %i min', async (minutes, first) => {
    expect(told(differing(await brokenRelease(), shop({ bake: minutes * minute })))[0]).toBe(first);
  });

  it('that a release bakes no shorter than its slowest alarm takes, whatever is declared', async () => {
    const past = lived();
    past.slow('shop-smoke', 40 * minute);
    await past.alarm('shop-node', 'OK');
    await past.alarm('shop-smoke', 'OK');
    await past.read();
    await past.deliver('good');
    past.forward(60 * minute);
    await past.read();
    expect(told(differing(past, shop({ bake: 10 * minute })))).toEqual([
      '12:40:00 word: nothing | release production/shop@x-good is good: it may be gone back to (bake 1h -> 10m)',
      '13:00:00 word: release production/shop@x-good is good: it may be gone back to | nothing (bake 1h -> 10m)',
    ]);
  });

  it('that it is unknown what another pipeline put there: nobody read what its executions bring', async () => {
    const past = lived();
    await past.alarm('shop-smoke', 'OK');
    await past.deliver('good');
    await past.deliver('elsewhere', 'y-1', null, 'other');
    expect(told(differing(past, shop({ pipeline: 'other' })))).toEqual([
      '12:00:00 word: good "work of good" by Ada is on its way | nothing (pipeline shop -> other)',
      '12:00:00 word: good reached production | nothing (pipeline shop -> other)',
      '12:00:00 unknown: who wrote the commit was not read at 2026-11-21T12:00:00.000Z',
      '12:00:00 again, 0 passed by',
      '12:00:00 unknown: what the execution brings was not read at 2026-11-21T12:00:00.000Z',
      '12:00:00 again, 0 passed by',
    ]);
  });

  it('what each configuration decided for itself, where another came into use in between', async () => {
    const past = await brokenRelease();
    await past.timer();
    past.change(shop({ quiescence: 2 * minute }), 'later');
    await past.order({ name: 'hold' });
    const lines = told(differing(past, shop({ quiescence: 2 * minute })));
    expect(lines).toEqual([
      `13:00:05 word: ${opens(8, '13:00:35')} | ${opens(8, '13:02:05')} (quiescence 30s -> 2m)`,
      expect.stringMatching(/^13:00:35 act: /),
      `13:00:35 ${unknown}`,
    ]);
    const calm = lived();
    await calm.alarm('shop-smoke', 'OK');
    calm.change(shop({ quiescence: 2 * minute }), 'later');
    await calm.alarm('shop-smoke', 'ALARM');
    expect(told(differing(calm, shop({ quiescence: 2 * minute })))).toEqual([]);
    expect(told(differing(calm, shop()))).toHaveLength(1);
  });

  it('an order of a person, and when a claim is over, as they were', async () => {
    const past = await brokenRelease();
    await past.order({ name: 'claim', until: '2026-11-21T13:30:00.000Z' });
    await past.timer();
    past.forward(40 * minute);
    await past.timer();
    expect(told(differing(past, shop({ settle: minute })))).toEqual([]);
  });

  it('nothing of what stands before the moment from which it was asked', async () => {
    const past = await healed();
    const last = past.entries().at(-1)?.seq ?? 0;
    expect(told(differing(past, shop({ quiescence: 2 * minute }), last))).toEqual([]);
    const middle = past.entries().find(({ kind }) => kind === 'step.intended')?.seq ?? 0;
    expect(told(differing(past, shop({ quiescence: 2 * minute }), middle))).toEqual([
      '13:00:35 unknown: when the rehearsal begins an incident is open, the ladder is held, or a check fails',
      '13:03:35 again, 9 passed by',
    ]);
  });
});

describe('a past that is not whole', () => {
  it('is refused, naming the version after the gap', async () => {
    const past = await healed();
    const entries = past.entries().filter(({ factKey }) => factKey !== 'ladder/production/shop#3');
    expect(() => rehearse(pastOf(entries, [past.config]), past.config, shop())).toThrow(
      'version 4 of production/shop comes after 2: what is between is not there',
    );
  });

  it('is refused where the text of the configuration that decided it is not known', async () => {
    const past = await healed();
    expect(() => rehearse(pastOf(past.entries()), past.config, shop())).toThrow(
      'version 1 of production/shop was decided by configuration recorded, whose text is not on the trail',
    );
  });
});
