import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../shared/ladder/incident.ts';
import { acting, bothDown, broken, healthy, level, replaced, shop } from '../../harness/ladder.ts';

describe('an incident', () => {
  it('begins with nothing tried', () => {
    const test = broken();
    expect(test.state().incident).toEqual({
      id: `production.shop.${test.state().version}`,
      openedAt: test.now(),
      failing: ['smoke'],
      suspect: 'production/shop@x-bad',
      phase: { name: 'quiescing', until: new Date(Date.parse(test.now()) + 30_000).toISOString() },
      attempt: 0,
      plan: [],
      step: 0,
      forced: false,
      approvals: [],
      redeployed: null,
      rolledBack: false,
      retries: 0,
      waitingSince: null,
      steps: [],
    });
  });

  it('keeps the names of all that failed in it', () => {
    const test = broken();
    test.alarm('node', 'fail');
    expect(test.state().incident?.failing).toEqual(['smoke', 'node']);
  });

  it('has a status that people know it by, in each of its phases', () => {
    const statuses: string[] = [];
    const test = broken();
    const note = () => statuses.push(test.state().incident === null ? 'none' : statusOf(test.state().incident!));
    note();
    acting(test);
    note();
    test.result({ outcome: 'deferred', reason: 'busy' });
    note();
    test.timer();
    test.carryOut('r-1');
    note();
    test.timer();
    note();
    test.timer();
    note();
    expect(statuses).toEqual(['quiescing', 'climbing', 'held', 'climbing', 'settling', 'verifying']);
    const asks = acting(broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'ask' })] }))));
    expect(statusOf(asks.state().incident!)).toBe('asking');
  });

  it('remembers a redeployment that was done, and none that failed', () => {
    const test = acting();
    test.result({ outcome: 'failed', reason: 'no' });
    expect(test.state().incident).toMatchObject({ redeployed: null, rolledBack: false });
    test.carryOut('r-1');
    expect(test.state().incident).toMatchObject({ redeployed: 'production/shop@x-bad', rolledBack: false });
  });

  it('remembers new instances as no redeployment', () => {
    const test = bothDown();
    replaced(test);
    expect(test.state().incident).toMatchObject({ redeployed: null, rolledBack: false });
    expect(test.state().incident?.steps).toMatchObject([{ did: 'replace the instances of shop-asg', outcome: 'done' }]);
  });

  it('knows that a step has begun from when its result says so', () => {
    const test = acting();
    expect(test.state().incident?.phase).toMatchObject({ started: false });
    test.result({ outcome: 'started', execution: 'r-1' });
    expect(test.state().incident?.phase).toMatchObject({ started: true, execution: 'r-1' });
  });
});
