import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../shared/ladder/events.ts';
import type { ActReadings } from '../../../shared/ladder/may-act.ts';
import { broken, claim, healthy, level, shop, wide, type TestLadder } from '../../harness/ladder.ts';
import { alertIn, ben, tell } from '../../harness/orders.ts';

/** A ladder that wants to begin an act, asked with what was just read. */
const told = (over: Partial<ActReadings>, test = broken()): Alert | undefined => {
  test.timer();
  return alertIn(claim(test, over));
};
const nodeDown = (): TestLadder => {
  const test = healthy();
  test.alarm('node', 'fail');
  return test;
};

describe('an act that a guard rail refuses', () => {
  it.each<[string, () => Alert | undefined]>([
    [
      'the kill switch is thrown for redeploy',
      () => told({ released: { stopped: 'the kill switch is thrown for redeploy' } }),
    ],
    ['the kill switch cannot be read', () => told({ released: null })],
    ['an empty target is refused', () => told({ instances: [] }, nodeDown())],
    [
      'the budget of 0 runs an hour is used up',
      () => alertIn(broken(healthy(shop({ budgets: { ...wide.budgets, runsPerHour: 0 } }))).timer()),
    ],
    [
      'good is not put there again: revoked by the configuration: CVE-1',
      () => {
        const test = healthy(shop({ revoked: [{ commits: ['good'], why: 'CVE-1' }] }));
        return alertIn(tell(test, { name: 'force', level: 'deploy' }));
      },
    ],
    [
      'nobody approved level deploy in time',
      () => {
        const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'ask' })] })));
        test.timer();
        test.forward(test.config.askFor);
        return alertIn(test.timer());
      },
    ],
  ])('calls a person, and says which: %s', (reason, refused) => {
    const alert = refused();
    expect(alert).toMatchObject({ severity: 'page' });
    expect(alert?.headline).toContain(reason);
  });

  it.each<[string, Partial<ActReadings>]>([
    ['the checks cannot be read', { alarms: null }],
    ['a newer change is on its way (execution x-9)', { traffic: { newer: 'x-9', stageBusy: null } }],
    ['the stage is busy with execution x-9', { traffic: { newer: null, stageBusy: 'x-9' } }],
  ])('or makes it wait, and says so once: %s', (reason, over) => {
    expect(told(over)?.headline).toBe(`shop in production: waiting, ${reason}`);
  });

  it('makes it wait where somebody is at work by hand, and says who', () => {
    const test = broken();
    const target = 'arn:aws:autoscaling:eu-west-1:1:autoScalingGroup:*:autoScalingGroupName/shop-asg';
    test.take({
      type: 'written',
      seq: test.nextSeq(),
      who: ben,
      call: 'UpdateAutoScalingGroup',
      target,
      at: test.now(),
    });
    expect(alertIn(test.timer())?.headline).toContain('waiting, Ben called UpdateAutoScalingGroup on shop-asg');
  });
});
