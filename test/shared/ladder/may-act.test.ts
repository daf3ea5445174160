import { describe, expect, it } from 'vitest';
import { type ActReadings, mayAct } from '../../../shared/ladder/may-act.ts';
import { healthy, type TestLadder } from '../../harness/ladder.ts';

const intended = (): TestLadder => {
  const test = healthy();
  test.deliver('bad');
  test.alarm('smoke', 'fail');
  test.timer();
  return test;
};

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
  return mayAct(test.state(), phase.intent, readings, now, test.config);
};

describe('right before an act', () => {
  it('acts when everything was read and nothing speaks against it', () => {
    expect(ask()).toEqual({ may: 'act' });
  });

  it.each([
    ['the kill switch is thrown', { released: false }],
    ['the kill switch cannot be read', { released: null }],
  ])('refuses when %s', (reason, change) => {
    expect(ask(change)).toEqual({ may: 'not', outcome: 'refused', reason });
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

  it('waits when the checks were read more than 30 s ago', () => {
    expect(ask({}, intended(), 30_001)).toEqual({ may: 'wait', reason: 'the checks cannot be read' });
  });

  it('refuses after the deadline', () => {
    expect(ask({}, intended(), 900_000)).toMatchObject({ may: 'not', reason: 'its deadline has passed' });
  });

  it('refuses an intent that the ladder has left behind', () => {
    const test = intended();
    const phase = test.state().incident?.phase;
    test.result({ outcome: 'refused', reason: 'no' });
    if (phase?.name !== 'acting') throw new Error('nothing is intended');
    const readings: ActReadings = { released: true, alarms: {}, readAt: test.now(), traffic: null, instances: null };
    expect(mayAct(test.state(), phase.intent, readings, test.now(), test.config)).toMatchObject({
      may: 'not',
      reason: 'it is no longer intended',
    });
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
