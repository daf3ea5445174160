import { describe, expect, it } from 'vitest';
import { type ActReadings, mayAct } from '../../../shared/ladder/may-act.ts';
import { actKeyOf, healthy, kinds, nothingKnown, type TestLadder } from '../../harness/ladder.ts';

const intended = (): TestLadder => {
  const test = healthy();
  test.deliver('bad');
  test.alarm('smoke', 'fail');
  test.timer();
  return test;
};

/** Since when the smoke check fails. */
const begunAt = (test: TestLadder): string => test.state().checks['smoke']?.at ?? '';

const ask = (change: Partial<ActReadings> = {}, test = intended(), laterMs = 0) => {
  const phase = test.state().incident?.phase;
  if (phase?.name !== 'acting') throw new Error('nothing is intended');
  const readings: ActReadings = {
    released: true,
    alarms: { 'shop-smoke': { value: 'fail', at: test.now(), reason: '' } },
    readAt: test.now(),
    traffic: { newer: null, stageBusy: null },
    instances: null,
    ...change,
  };
  const now = new Date(Date.parse(test.now()) + laterMs).toISOString();
  return mayAct(phase.intent, readings, now, test.config, nothingKnown);
};

describe('right before an act', () => {
  it('acts when everything was read and nothing speaks against it', () => {
    expect(ask()).toEqual({ may: 'act' });
  });

  it.each([
    ['the kill switch is thrown', { released: false }],
    ['the kill switch cannot be read', { released: null }],
  ])('refuses when %s', (reason, change) => {
    expect(ask(change)).toEqual({ may: 'not', reason });
  });

  it.each<[string, Partial<ActReadings>]>([
    ['the checks cannot be read', { alarms: null }],
    ['no check fails any more', { alarms: { 'shop-smoke': { value: 'pass', at: '', reason: '' } } }],
    ['the pipeline cannot be read', { traffic: null }],
    ['a newer change is on its way (execution x-2)', { traffic: { newer: 'x-2', stageBusy: null } }],
    ['the stage is busy with execution x-2', { traffic: { newer: null, stageBusy: 'x-2' } }],
  ])('waits when %s', (reason, change) => {
    expect(ask(change)).toEqual({ may: 'wait', reason });
  });

  it('calls a person when there is no such pipeline: waiting would not bring it', () => {
    const traffic = { newer: null, stageBusy: null, missing: true } as const;
    expect(ask({ traffic })).toEqual({ may: 'not', reason: 'there is no pipeline shop' });
  });

  it('waits when the checks were read more than 30 s ago', () => {
    expect(ask({}, intended(), 30_001)).toEqual({ may: 'wait', reason: 'the checks cannot be read' });
  });

  it('refuses after the deadline', () => {
    expect(ask({}, intended(), 900_000)).toMatchObject({ may: 'not', reason: 'its deadline has passed' });
  });

  it('refuses to replace no instance at all', () => {
    const test = healthy();
    test.alarm('node', 'fail');
    test.timer();
    const alarms = { 'shop-node': { value: 'fail' as const, at: test.now(), reason: '' } };
    expect(ask({ alarms, instances: [] }, test)).toMatchObject({ may: 'not' });
    expect(ask({ alarms, instances: ['i-1'] }, test)).toEqual({ may: 'act' });
  });
});

describe('a claim', () => {
  const readings = (test: TestLadder, change: Partial<ActReadings> = {}): ActReadings => ({
    released: true,
    alarms: { 'shop-smoke': { value: 'fail', at: test.now(), reason: '' } },
    readAt: test.now(),
    traffic: { newer: null, stageBusy: null },
    instances: null,
    ...change,
  });
  const claim = (test: TestLadder, change: Partial<ActReadings> = {}, actKey = actKeyOf(test.state())) =>
    kinds(test.take({ type: 'claim', actKey, holder: 'me', attempt: '1' }, { act: readings(test, change) }));

  it('is granted once, and stands in the state of the ladder', () => {
    const test = intended();
    expect(claim(test)).toEqual(['step.claimed']);
    expect(test.state().incident?.phase).toMatchObject({ claim: { holder: 'me', attempt: '1', at: test.now() } });
    expect(claim(test)).toEqual([]);
  });

  it('of an intent that the ladder has left behind is not granted', () => {
    const test = intended();
    const actKey = actKeyOf(test.state());
    test.result({ outcome: 'refused', reason: 'no' });
    expect(claim(test, {}, actKey)).toEqual([]);
  });

  it('that must wait makes the incident wait, and one that is refused hands it over', () => {
    expect(claim(intended(), { traffic: { newer: 'x-2', stageBusy: null } })).toEqual(['incident.waiting']);
    expect(claim(intended(), { released: false })).toEqual(['incident.closed']);
  });

  it('goes with its intent: the next one is claimed anew', () => {
    const test = intended();
    claim(test);
    test.result({ outcome: 'not-started', reason: '' });
    expect(claim(test)).toEqual(['step.claimed']);
  });

  it('waits where many services began to fail together since: the cause is none that this ladder owns', () => {
    const test = intended();
    const failing = ['a', 'b', 'c'].map((name) => ({ ladder: `production/${name}`, at: begunAt(test) }));
    const account = { share: 40, least: 3, within: 60_000, services: 5, failing };
    const input = { type: 'claim', actKey: actKeyOf(test.state()), holder: 'me', attempt: '1' } as const;
    const said = test.take(input, { act: readings(test), account });
    expect(kinds(said)).toEqual(['cause.shared', 'incident.waiting']);
    expect(test.state().incident?.phase).toMatchObject({
      name: 'waiting',
      reason: '3 of 5 services began to fail together: a cause that no single ladder owns',
    });
  });
});
