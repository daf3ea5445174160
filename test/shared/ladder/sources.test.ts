import { describe, expect, it } from 'vitest';
import type { CheckConfig, ProbeConfig } from '../../../shared/config/config.ts';
import type { CheckReading, Readings } from '../../../shared/ladder/input.ts';
import { mayAct } from '../../../shared/ladder/may-act.ts';
import { readingOf, wrongWith } from '../../../shared/ladder/probe.ts';
import { kinds, ladder, shop } from '../../harness/ladder.ts';

const probe: ProbeConfig = { url: 'http://shop/', timeout: 5_000, failures: 3, expect: ['2xx', '304'], body: null };
const at = '2026-11-21T12:00:00.000Z';

describe('the answer to a probe', () => {
  it.each([
    [{ status: 200, body: '' }, null],
    [{ status: 304, body: '' }, null],
    [{ status: 500, body: '' }, 'it answered 500, wanted 2xx or 304'],
    [{ status: 302, body: '' }, 'it answered 302, wanted 2xx or 304'],
    [{ none: 'ECONNREFUSED' }, 'ECONNREFUSED'],
  ])('%o is right, or why not', (answer, wrong) => {
    expect(wrongWith(answer, probe)).toBe(wrong);
  });

  it('has the body that is wanted, of which nothing is told', () => {
    const wanted = { ...probe, body: '*"status": "up"*' };
    expect(wrongWith({ status: 200, body: '{ "status": "up", "token": "s3cret" }' }, wanted)).toBeNull();
    expect(wrongWith({ status: 200, body: '{ "token": "s3cret" }' }, wanted)).not.toContain('s3cret');
  });

  it('is a pass as soon as one is right, and a fail only when as many as wanted were not, in a row', () => {
    expect(readingOf(['no', null], probe, at)).toMatchObject({ value: 'pass', at });
    expect(readingOf(['no', 'no'], probe, at)).toMatchObject({ value: 'unknown' });
    expect(readingOf(['no', 'no', 'never'], probe, at)).toEqual({
      value: 'fail',
      at,
      reason: 'http://shop/: never, 3 times in a row',
    });
    expect(readingOf(['no'], { ...probe, failures: 1 }, at).reason).toBe('http://shop/: no, 1 time');
  });
});

const web: CheckConfig = { name: 'web', probe, level: 'deploy' };
const told: CheckConfig = { name: 'told', fail: { source: ['a'] }, pass: { source: ['b'] }, level: 'deploy' };
const service = shop({ checks: { ...shop().checks, web } });
const reading = (value: CheckReading['value'], now: string): CheckReading => ({ value, at: now, reason: 'read' });

describe('a ladder with a check that is read and is no alarm', () => {
  const read = (test: ReturnType<typeof ladder>, sources: Readings['sources']) =>
    kinds(test.take({ type: 'read' }, { alarms: test.alarms(), ...(sources !== undefined && { sources }) }));

  it('takes note of what is read', () => {
    const test = ladder(service);
    test.silently('node', 'pass');
    expect(read(test, { web: reading('fail', test.now()) })).toEqual([
      'check.changed',
      'check.changed',
      'incident.opened',
    ]);
    expect(test.versions.at(-1)?.on.readings.sources).toEqual({ web: reading('fail', test.now()) });
  });

  it('takes note of nothing where one source could not be read', () => {
    const test = ladder(service);
    test.silently('node', 'fail');
    expect(read(test, null)).toEqual([]);
  });

  it('keeps its value where there is nothing new', () => {
    const test = ladder(service);
    read(test, { web: reading('pass', test.now()) });
    expect(read(test, {})).toEqual([]);
    expect(test.state().checks['web']?.value).toBe('pass');
  });

  it('waits in an incident while a source cannot be read', () => {
    const test = ladder(service);
    test.alarm('smoke', 'fail');
    expect(kinds(test.timer({ sources: null }))).toEqual(['incident.waiting']);
  });
});

describe('the last question before an act', () => {
  const intent = {
    actKey: 'production/shop#4.1',
    level: 'node',
    deadline: '2026-11-21T13:00:00.000Z',
    action: 'replace-instances',
    target: 'shop-asg',
    group: 'shop-asg',
  } as const;
  const readings = { released: true, readAt: at, traffic: null, instances: ['i-1'], alarms: {} };
  const knows = { chosen: false, openedAt: at, refusal: () => null, delivered: () => false, limit: null };
  const may = (over: object, config = service, checks = {}) =>
    mayAct(intent, { ...readings, ...over }, at, config, knows, false, checks);

  it('is asked of probes and results as of alarms', () => {
    expect(may({ sources: { web: reading('fail', at) } })).toEqual({ may: 'act' });
    expect(may({ sources: { web: reading('pass', at) } })).toMatchObject({ reason: 'no check fails any more' });
    expect(may({ sources: {} })).toMatchObject({ reason: 'no check fails any more' });
    expect(may({ sources: null })).toMatchObject({ reason: 'the checks cannot be read' });
  });

  it('goes by what was told last of a check that has no source', () => {
    const config = shop({ checks: { told } });
    const known = (value: string) => ({ told: { value, at, since: at, reason: '' } });
    expect(may({}, config, known('fail'))).toEqual({ may: 'act' });
    expect(may({}, config, known('unknown'))).toMatchObject({ may: 'wait' });
    expect(may({}, config)).toMatchObject({ may: 'wait' });
  });

  it('is of no alarm that is named as what every object has', () => {
    const odd = shop({ checks: { odd: { name: 'odd', alarm: 'constructor', level: 'deploy' } } });
    expect(may({}, odd)).toMatchObject({ may: 'wait' });
  });
});
