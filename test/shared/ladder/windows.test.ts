import { describe, expect, it } from 'vitest';
import type { Readings } from '../../../shared/ladder/input.ts';
import { railsOf } from '../../../shared/ladder/rails.ts';
import { alarmsInRule, windowOf } from '../../../shared/ladder/windows.ts';
import { broken, healthy, kinds, shop, type TestLadder } from '../../harness/ladder.ts';

/** The readings of a ladder, with the windows of its alarms. */
const windowed = (test: TestLadder, windows: { [alarm: string]: number }): Pick<Readings, 'alarms'> => ({
  alarms: Object.fromEntries(
    Object.entries(test.alarms() ?? {}).map(([alarm, reading]) => {
      const window = windows[alarm];
      return [alarm, window === undefined ? reading : { ...reading, window }];
    }),
  ),
});

/** A ladder that knows the windows of its alarms, in the middle of its first step. */
const stepping = (windows: { [alarm: string]: number }): TestLadder => {
  const test = healthy();
  test.take({ type: 'read' }, windowed(test, windows));
  broken(test);
  test.timer();
  return test;
};
const until = (test: TestLadder): number => {
  const phase = test.state().incident?.phase;
  return phase !== undefined && 'until' in phase ? Date.parse(phase.until) - Date.parse(test.now()) : Number.NaN;
};

describe('the window of an alarm', () => {
  it.each([
    ['a minute, once', [60], 1, 120_000],
    ['five minutes, three times', [300], 3, 960_000],
    ['the slowest of its metrics', [60, 0, 300], 2, 660_000],
    ['ten seconds, three times: evaluated as often as it is fast', [10], 3, 40_000],
  ])('is its periods and its evaluation: %s', (_, periods, times, ms) => {
    expect(windowOf(periods, times)).toBe(ms);
  });

  it('is not known where it has no period', () => {
    expect(windowOf([], 3)).toBeNull();
    expect(windowOf([0], 3)).toBeNull();
  });

  it.each([
    ['ALARM(smoke) AND NOT OK("node \\"a\\"")', ['smoke', 'node "a"']],
    ['ALARM("it\'s (a) * 🚀, AND so on") OR TRUE', ["it's (a) * 🚀, AND so on"]],
    ['AT_LEAST(2, ALARM, (a, b, "c d")) or INSUFFICIENT_DATA(a)', ['a', 'b', 'c d']],
    ['AT_LEAST(50%, OK, (a,b))', ['a', 'b']],
    ['ALARM("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a:b")', ['a:b']],
    ['', []],
  ])('of a composite one is of the alarms in its rule: %s', (rule, names) => {
    expect(alarmsInRule(rule)).toEqual(names);
  });

  it('goes on record once, and again when it is another', () => {
    const test = healthy();
    const read = (window: number) => kinds(test.take({ type: 'read' }, windowed(test, { 'shop-smoke': window })));
    expect(read(120_000)).toEqual(['check.timed']);
    expect(read(120_000)).toEqual([]);
    expect(read(180_000)).toEqual(['check.timed']);
    expect(test.state().windows).toEqual({ smoke: 180_000 });
  });

  it('is that of the slowest of a check, and of the first where others are as slow', () => {
    const alarms = ['quick', 'slow', 'as-slow'];
    const test = healthy(shop({ checks: { node: { name: 'node', alarms, per: 'InstanceId', level: 'node' } } }));
    const pass = { value: 'pass', at: test.now(), reason: 'read' } as const;
    const [quick, slow] = [60_000, 120_000].map((window) => ({ ...pass, window }));
    const said = test.take({ type: 'read' }, { alarms: { quick, slow, 'as-slow': slow } as Readings['alarms'] });
    expect(said.filter(({ type }) => type === 'check.timed')).toEqual([
      { type: 'check.timed', check: 'node', alarm: 'slow', window: 120_000 },
    ]);
  });

  it('is no property that every object has', () => {
    const test = healthy(
      shop({ checks: { constructor: { name: 'constructor', alarm: 'toString', level: 'deploy' } } }),
    );
    broken(test);
    test.take({ type: 'read' }, { alarms: {} });
    expect(test.state().windows).toEqual({});
  });
});

describe('a ladder with alarms that are slower than its quiescence', () => {
  it('does nothing after a step until the slowest has come round', () => {
    const test = stepping({ 'shop-smoke': 120_000, 'shop-node': 660_000 });
    test.carryOut('x-2');
    expect(until(test)).toBe(660_000);
    expect(Date.parse(test.state().timer?.due ?? '') - Date.parse(test.now())).toBe(660_000);
    expect(railsOf(test.state(), test.config, test.now()).find(({ name }) => name === 'quiescence')).toMatchObject({
      limit: 660_000,
      used: 0,
    });
  });

  it('keeps to what is declared where that is longer', () => {
    const test = stepping({ 'shop-smoke': 59_000 });
    test.carryOut('x-2');
    expect(until(test)).toBe(60_000);
  });

  it('verifies until the slowest has come round', () => {
    const test = stepping({ 'shop-smoke': 660_000 });
    test.carryOut('x-2');
    test.timer();
    test.timer();
    expect(test.state().incident?.phase.name).toBe('verifying');
    expect(until(test)).toBe(660_000);
  });

  it('forgets the window of a check that is there no longer', () => {
    const test = stepping({ 'shop-smoke': 1_000, 'shop-node': 660_000 });
    const { node: _, ...checks } = test.config.checks;
    const rail = railsOf(test.state(), { ...test.config, checks }, test.now());
    expect(rail.find(({ name }) => name === 'verify-within')).toMatchObject({ limit: 600_000 });
  });
});

describe('a release', () => {
  it('is not good before the slowest alarm can have seen what is wrong with it, however short it is to bake', () => {
    const test = healthy(shop({ bake: 1_000, bakeWhenReplaced: 1_000 }));
    test.take({ type: 'read' }, windowed(test, { 'shop-smoke': 240_000 }));
    test.deliver('new');
    const bakes = () => railsOf(test.state(), test.config, test.now()).find(({ name }) => name === 'bake');
    expect(bakes()).toMatchObject({ limit: 240_000, closed: true });
    test.forward(239_999);
    expect(kinds(test.read())).toEqual([]);
    expect(kinds(test.deliver('newer'))).toEqual(['release.reached']);
    test.forward(240_000);
    expect(kinds(test.read())).toEqual(['release.good']);
  });
});
