import { describe, expect, it } from 'vitest';
import type { AlarmReading } from '../../../shared/ladder/input.ts';
import { type AlarmRule, bearsOut, doubtOf, type MetricReading } from '../../../shared/ladder/metric.ts';
import { claim, healthy, kinds, level, shop, type TestLadder } from '../../harness/ladder.ts';

const rule: AlarmRule = { comparison: 'GreaterThanThreshold', threshold: 5, of: 3, needed: 2, missing: 'missing' };
const at = '2026-11-21T12:00:00.000Z';

describe('a metric bears out its alarm', () => {
  it.each<[values: (number | null)[], over: Partial<AlarmRule>, borneOut: boolean]>([
    [[0, 0, 0, 6, 6], {}, true],
    [[0, 0, 0, 0, 6], {}, false],
    [[0, 0, 0, 0, 0], {}, false],
    [[5, 5, 5, 5, 5], {}, false],
    [[5, 5, 5, 5, 5], { comparison: 'GreaterThanOrEqualToThreshold' }, true],
    [[4, 9, 9, 9, 9], { comparison: 'LessThanThreshold' }, false],
    [[4, 4, 4, 9, 9], { comparison: 'LessThanThreshold' }, true],
    [[5, 5, 5, 5, 5], { comparison: 'LessThanThreshold' }, false],
    [[5, 9, 5, 9, 9], { comparison: 'LessThanOrEqualToThreshold' }, true],
  ])('by its rule: %o, %o: %s', (values, over, borneOut) => {
    expect(bearsOut({ ...rule, ...over }, values)).toBe(borneOut);
  });

  it('also where it did one or two periods ago, and no longer: an alarm is evaluated a little later', () => {
    expect(bearsOut(rule, [0, 6, 6, 0, 0])).toBe(true);
    expect(bearsOut(rule, [6, 6, 0, 0, 0])).toBe(true);
    expect(bearsOut({ ...rule, of: 1, needed: 1 }, [6, 0, 0])).toBe(true);
    expect(bearsOut({ ...rule, of: 2 }, [6, 0, 0, 0])).toBe(false);
    expect(bearsOut({ ...rule, of: 1, needed: 1 }, [6, 0, 0, 0])).toBe(false);
  });

  it.each<[missing: AlarmRule['missing'], none: boolean, one: boolean]>([
    ['missing', false, true],
    ['ignore', false, false],
    ['notBreaching', false, false],
    ['breaching', true, true],
  ])('where data is missing only as the alarm takes it: %s', (missing, none, one) => {
    expect(bearsOut({ ...rule, missing }, [null, null, null, null, null])).toBe(none);
    expect(bearsOut({ ...rule, missing }, [null, null, null, null, 6])).toBe(one);
    expect(bearsOut({ ...rule, missing }, [0, 0, 0, null, 0])).toBe(false);
    expect(bearsOut({ ...rule, missing }, [0, 0, 0, null, null])).toBe(missing === 'breaching');
  });
});

const levels = [level('network', { drastic: true }), level('node', { drastic: true }), level('deploy')];
const config = shop({
  levels,
  checks: {
    provider: { name: 'provider', alarm: 'provider', level: 'network' },
    node: { name: 'node', alarm: 'shop-node', level: 'node' },
    smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'deploy' },
    web: {
      name: 'web',
      probe: { url: 'http://a/', timeout: 1, failures: 1, expect: ['2xx'], body: null },
      level: 'node',
    },
    told: { name: 'told', fail: { source: ['a'] }, pass: { source: ['b'] }, level: 'node' },
  },
});
const fails = (metric?: MetricReading): AlarmReading => ({ value: 'fail', at, reason: '', ...(metric && { metric }) });
const real: MetricReading = { rule, values: [0, 0, 0, 6, 6] };
const faked: MetricReading = { rule, values: [0, 0, null, 0, 0.5] };
const doubt = (alarms: { [alarm: string]: AlarmReading }, name = 'node', sources = {}, known = {}) =>
  doubtOf(config, name, { alarms, sources }, known);

describe('a drastic level', () => {
  it('is taken where the metric of a check that asks for it bears it out', () => {
    expect(doubt({ 'shop-node': fails(real) })).toBeNull();
    expect(doubt({ 'shop-node': fails(faked), provider: fails(real) })).toBeNull();
  });

  it('is not taken on a state that its metric does not bear out; both are told', () => {
    expect(doubt({ 'shop-node': fails(faked) })).toBe(
      'level node is drastic, and nothing bears out that it is needed: alarm shop-node is in ALARM, ' +
        'but its metric was 0, 0, missing, 0, 0.5, and 2 of 3 greater than 5 is wanted',
    );
  });

  it.each<[string, MetricReading | undefined]>([
    ['its metric was not read', undefined],
    ['its metric cannot be read: it compares with a band', { unreadable: 'it compares with a band' }],
  ])('is not taken where %s', (words, metric) => {
    expect(doubt({ 'shop-node': fails(metric) })).toContain(words);
  });

  it('is not borne out by a check of a level after it, nor by one that passes', () => {
    const passes: AlarmReading = { value: 'pass', at, reason: '' };
    expect(doubt({ 'shop-node': fails(faked), 'shop-smoke': fails(real), provider: passes })).not.toBeNull();
    expect(doubt({ 'shop-node': fails(real), provider: fails(faked) }, 'network')).toContain('alarm provider');
  });

  it('is borne out by all of the series that fail of a check by name, or by none: each of them is acted on', () => {
    const checks = { ...config.checks, node: { name: 'node', alarms: ['a', 'b'], per: 'InstanceId', level: 'node' } };
    const ask = (alarms: { [alarm: string]: AlarmReading }) =>
      doubtOf({ ...config, checks }, 'node', { alarms, sources: {} }, {});
    expect(ask({ a: fails(real), b: fails(real) })).toBeNull();
    expect(ask({ a: fails(real), b: fails(faked) })).toContain('alarm b is in ALARM');
    expect(ask({ a: fails(faked) })).toContain('alarm a is in ALARM');
    expect(ask({ provider: fails(faked) })).toContain('alarm provider is in ALARM');
  });

  it('is borne out by a probe, which was just made, and never by what an event said', () => {
    expect(doubt({}, 'node', { web: fails() })).toBeNull();
    const said = { told: { value: 'fail', at, since: at, reason: '' } };
    expect(doubt({}, 'node', {}, said)).toContain('told is what an event said, which anybody can send');
    expect(doubt({}, 'node', { web: fails() }, said)).toBeNull();
  });

  it('goes on where nothing that asked for it fails any more: the attempt began with what was borne out', () => {
    expect(doubt({ 'shop-smoke': fails() })).toBeNull();
  });

  it('is the only one that is asked for', () => {
    expect(doubt({ 'shop-smoke': fails(faked) }, 'deploy')).toBeNull();
  });
});

describe('an act of a drastic level', () => {
  const drastic = shop({ levels: [level('node', { drastic: true }), level('deploy')], approvers: 0 });
  const intended = (): TestLadder => {
    const test = healthy(drastic);
    test.alarm('node', 'fail');
    test.timer();
    return test;
  };
  const claimWith = (metric: MetricReading) => claim(intended(), { alarms: { 'shop-node': fails(metric) } });

  it('is claimed where the metric bears it out', () => {
    expect(kinds(claimWith(real))).toEqual(['step.claimed']);
  });

  it('is not where it does not, and a person is called with both', () => {
    const said = claimWith(faked);
    expect(kinds(said)).toEqual(['incident.closed']);
    const alert = said.find((event) => event.type === 'alert.raised');
    expect(JSON.stringify(alert)).toContain('its metric was 0, 0, missing, 0, 0.5');
  });
});
