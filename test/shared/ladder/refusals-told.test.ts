import { describe, expect, it } from 'vitest';
import type { Alert, LadderEvent } from '../../../shared/ladder/events.ts';
import type { ActReadings } from '../../../shared/ladder/may-act.ts';
import type { Actor } from '../../../shared/trail/entry.ts';
import { broken, healthy, level, shop, wide, type TestLadder } from '../../harness/ladder.ts';

const ben: Actor = { type: 'person', id: 'ben', name: 'Ben', verified: true };
const alertOf = (events: readonly LadderEvent[]): Alert | undefined =>
  events.flatMap((event) => (event.type === 'alert.raised' ? [event.alert] : []))[0];

/** A ladder that wants to begin an act, asked with what was just read. */
const claim = (over: Partial<ActReadings>, test = broken()): Alert | undefined => {
  test.timer();
  const traffic = { newer: null, stageBusy: null };
  const act = { released: true, alarms: test.alarms(), readAt: test.now(), traffic, instances: null, ...over };
  return alertOf(test.take({ type: 'claim', actKey: test.actKey(), holder: 'me', attempt: '1' }, { act }));
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
      () => claim({ released: { stopped: 'the kill switch is thrown for redeploy' } }),
    ],
    ['the kill switch cannot be read', () => claim({ released: null })],
    ['an empty target is refused', () => claim({ instances: [] }, nodeDown())],
    [
      'the budget of 0 runs an hour is used up',
      () => alertOf(broken(healthy(shop({ budgets: { ...wide.budgets, runsPerHour: 0 } }))).timer()),
    ],
    [
      'good is not put there again: revoked by the configuration: CVE-1',
      () => {
        const test = healthy(shop({ revoked: [{ commits: ['good'], why: 'CVE-1' }] }));
        const order = { name: 'force', level: 'deploy' } as const;
        return alertOf(
          test.take({ type: 'order', seq: test.nextSeq(), order, who: ben, why: 'y' }, { alarms: test.alarms() }),
        );
      },
    ],
    [
      'nobody approved level deploy in time',
      () => {
        const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'ask' })] })));
        test.timer();
        test.forward(test.config.askFor);
        return alertOf(test.timer());
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
    expect(claim(over)?.headline).toBe(`shop in production: waiting, ${reason}`);
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
    expect(alertOf(test.timer())?.headline).toContain('waiting, Ben called UpdateAutoScalingGroup on shop-asg');
  });
});
