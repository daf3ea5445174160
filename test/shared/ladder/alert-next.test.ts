import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/ladder/decide.ts';
import { noReadings } from '../../../shared/ladder/input.ts';
import { broken, healthy, level, shop, verifyAll } from '../../harness/ladder.ts';
import { alertIn, alertsOf, ben, tell } from '../../harness/orders.ts';
import { calling, standing } from '../../harness/town.ts';

describe('what comes next is told', () => {
  it('with each change of state, and how urgent it is', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'deferred', reason: 'a newer change is on its way' });
    test.timer();
    test.carryOut('r-1');
    test.alarm('smoke', 'pass');
    verifyAll(test);
    expect(alertsOf(test).map(({ severity, next }) => `${severity}: ${next}`)).toEqual([
      'warning: nothing for 30 s, then the most drastic level that a failing check asks for',
      'info: carry it out, then do nothing for its quiescence',
      'info: look again in 60 s',
      'info: verify in 30 s',
      'info: converged when all checks pass 3 times in a row',
      'info: nothing to do',
    ]);
  });

  it('of a ladder that is held by doubt', () => {
    const test = healthy();
    test.take({ type: 'skipped', seq: test.nextSeq(), reason: 'entry 69 could not be taken in' });
    expect(alertsOf(test).at(-1)).toMatchObject({
      severity: 'page',
      headline: 'shop in production: held, entry 69 could not be taken in',
      next: 'Escalator does nothing here until all checks have passed for 30 min, or somebody resumes it: escalator resume production/shop --why TEXT',
    });
  });

  it('of one that somebody lets go on', () => {
    const test = healthy();
    tell(test, { name: 'hold' });
    expect(alertIn(tell(test, { name: 'resume' }))).toMatchObject({
      headline: 'shop in production: goes on, it must be',
      next: 'look at the checks, and go on',
    });
  });

  it('of a change that contains what is quarantined: it goes on, and how to take the bad commit out', () => {
    const test = healthy();
    tell(test, { name: 'quarantine', of: { commit: 'bad' } });
    test.alarm('smoke', 'fail');
    expect(alertIn(test.sourced('x-more', 'more', 'bad'))).toMatchObject({
      incident: null,
      severity: 'warning',
      headline: 'shop in production: more contains bad, which is quarantined here',
      change: { repository: 'shop', commit: 'more' },
      next: 'it goes on; if the same check fails it is rolled back first. To take the bad commit out: git revert bad',
    });
  });

  it('of a game day: nothing, and how it would end', () => {
    const test = healthy();
    const asked = { check: 'smoke', mode: 'observe', steps: null, who: ben, why: 'we practise' } as const;
    const said = test.take({ type: 'gameday', seq: test.nextSeq(), ...asked }, { alarms: test.alarms() });
    expect(alertIn(said)?.next).toBe(
      'nothing to do: were check smoke to fail, it would end observed, level deploy only observes',
    );
  });

  it('of an approval that does not count, for a level that is not there any more: nothing', () => {
    const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { drastic: true })] })));
    test.timer();
    const order = { name: 'approve', incident: test.state().incident?.id ?? '' } as const;
    const input = { type: 'order', seq: test.nextSeq(), order, who: { type: 'unknown' }, why: 'go' } as const;
    const config = { ...test.config, levels: [level('node')] };
    const { events } = decide(test.state(), input, { ...noReadings, alarms: test.alarms() }, test.now(), config);
    expect(alertIn(events)?.next).toBe('nothing changes by it');
  });

  it('of services that are called: which, each by its own ladder', async () => {
    expect(await calling([standing('shop'), standing('cart')])).toContainEqual(
      expect.objectContaining({
        headline: 'production: every shared level is taken, calling production/shop, production/cart',
        next: 'their own levels, each in its own ladder: production/shop, production/cart; then verify',
      }),
    );
  });

  it('how a ladder that called a person is free again', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'no' });
    expect(alertsOf(test).at(-1)?.next).toBe(
      'Escalator does nothing more here until all checks have passed for 30 min, or somebody resumes it: escalator resume production/shop --why TEXT',
    );
  });
});
