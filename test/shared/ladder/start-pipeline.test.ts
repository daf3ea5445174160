import { describe, expect, it } from 'vitest';
import { type ActReadings, mayAct } from '../../../shared/ladder/may-act.ts';
import { healthy, intends, kinds, nothingKnown, level, shop, type TestLadder } from '../../harness/ladder.ts';

const network = level('network', { do: { type: 'start-pipeline', pipeline: 'network' }, quiescence: 600_000 });
const withNetwork = shop({
  checks: {
    provider: { name: 'provider', alarm: 'az-reachable', level: 'network' },
    smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'deploy' },
  },
  levels: [network, level('node', { do: { type: 'replace-instances', group: 'shop-asg' } }), level('deploy')],
});

const providerDown = (): TestLadder => {
  const test = healthy(withNetwork);
  test.alarm('provider', 'fail');
  test.timer();
  return test;
};

describe('a level that runs a pipeline', () => {
  it('runs it, and every level after it is taken when it succeeded', () => {
    const test = healthy(withNetwork);
    test.alarm('provider', 'fail');
    expect(intends(test.timer())).toBe('run network');
    test.result({ outcome: 'started', execution: 'n-1' });
    test.timer({ outcome: { status: 'done', reason: 'the pipeline succeeded' } });
    expect(intends(test.timer())).toBe('replace shop-asg');
  });

  it('that fails starts another attempt from the same level', () => {
    const test = providerDown();
    test.result({ outcome: 'started', execution: 'n-1' });
    expect(intends(test.timer({ outcome: { status: 'failed', reason: 'no' } }))).toBe('run network');
  });

  it('is not known to have ended: nothing further is done, and a person is called', () => {
    const test = providerDown();
    test.result({ outcome: 'started', execution: 'n-1' });
    test.forward(withNetwork.stepDeadline);
    expect(kinds(test.timer({ outcome: { status: 'running', reason: 'InProgress' } }))).toContain('incident.closed');
  });

  it.each<[string, ActReadings['traffic'], object]>([
    ['acts when nothing runs there', { newer: null, stageBusy: null }, { may: 'act' }],
    [
      'waits for a run that is under way',
      { newer: 'n-9', stageBusy: null },
      { may: 'wait', reason: 'pipeline network runs already (execution n-9)' },
    ],
    ['waits while it cannot be read', null, { may: 'wait', reason: 'pipeline network cannot be read' }],
  ])('%s', (_, traffic, permission) => {
    const test = providerDown();
    const phase = test.state().incident?.phase;
    if (phase?.name !== 'acting') throw new Error('nothing is intended');
    const alarms = { 'az-reachable': { value: 'fail' as const, at: test.now(), reason: '' } };
    const readings = { released: true, alarms, readAt: test.now(), traffic, instances: null };
    expect(mayAct(phase.intent, readings, test.now(), test.config, nothingKnown)).toEqual(permission);
  });
});
