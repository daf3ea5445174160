import { describe, expect, it } from 'vitest';
import { admit } from '../../../shared/ladder/admit.ts';
import type { Order } from '../../../shared/ladder/input.ts';
import { orderedAtMost } from '../../../shared/ladder/quarantine.ts';
import { ineligible, isRefused, lastGood, reasonsAgainst, running } from '../../../shared/ladder/releases.ts';
import { evolve, initialState, type KeptRelease, quarantinesKept } from '../../../shared/ladder/state.ts';
import {
  broken,
  claim,
  healthy,
  intends,
  kinds,
  type TestLadder,
  verifyAll,
  wentBack,
  wide,
} from '../../harness/ladder.ts';
import { alertIn, ben, refusalIn, tell } from '../../harness/orders.ts';

const vulnerable = 'a'.repeat(40);

const leaks = (test: TestLadder, order: Order) => tell(test, order, ben, 'it leaks');
const quarantine = (test: TestLadder, commit: string) => leaks(test, { name: 'quarantine', of: { commit } });
const release = (test: TestLadder, commit: string) =>
  tell(test, { name: 'release', of: { commit } }, ben, 'it is mended');
const kept = (test: TestLadder, commit: string): KeptRelease =>
  test.state().releases.find((one) => one.commit === commit) as KeptRelease;

/** Two releases that are good; the newer one runs. */
const two = (): TestLadder => {
  const test = healthy(wide);
  test.deliver('newer');
  test.forward(3_600_000);
  test.read();
  return test;
};

describe('what a person quarantines', () => {
  it('is refused at the stage, with who said so and why', () => {
    const test = two();
    expect(kinds(quarantine(test, 'good'))).toEqual(['quarantine.ordered']);
    const admission = admit(test.state(), 'good', test.now());
    expect(admission).toMatchObject({ admitted: false });
    expect(admission.admitted || admission.reason).toContain('quarantined by Ben: it leaks');
    expect(admit(test.state(), 'newer', test.now())).toEqual({ admitted: true });
  });

  it('is never last good: an older release is gone back to, or none', () => {
    const test = two();
    test.deliver('bad');
    quarantine(test, 'newer');
    test.alarm('smoke', 'fail');
    test.timer();
    test.carryOut('r-1');
    expect(intends(verifyAll(test))).toBe('go back to good');
  });

  it('may be a commit that never came here, said in full, and stays refused when it comes', () => {
    const test = two();
    quarantine(test, vulnerable);
    expect(admit(test.state(), vulnerable, test.now())).toMatchObject({ admitted: false });
    test.deliver(vulnerable); // around the stage that refuses it
    expect(running(test.state())?.quarantined).toBe('it leaks');
    test.forward(3_600_000);
    test.read();
    expect(running(test.state())?.good).toBe(false);
  });

  it('may be named by its release', () => {
    const test = two();
    const [event] = leaks(test, { name: 'quarantine', of: { release: 'production/shop@x-good' } });
    expect(event).toMatchObject({ commit: 'good', release: 'production/shop@x-good', why: 'it leaks' });
  });

  it('may be named by the beginning of its commit, where that is one', () => {
    const test = two();
    test.deliver('newest');
    expect(quarantine(test, 'goo')[0]).toMatchObject({ commit: 'good' });
    expect(refusalIn(quarantine(test, 'new'))).toBe('new may be newest or newer');
  });

  it('is the very commit that is named, where another begins alike', () => {
    const test = two();
    test.deliver('new');
    expect(quarantine(test, 'new')[0]).toMatchObject({ commit: 'new' });
  });

  it('goes on running where it runs: nothing is done, and people are told that it still runs', () => {
    const test = two();
    const said = quarantine(test, 'newer');
    expect(test.state().incident).toBeNull();
    expect(alertIn(said)).toMatchObject({
      severity: 'warning',
      headline: 'shop in production: Ben quarantined newer, it leaks',
      next: 'it runs here and goes on running: put something else there',
      change: { commit: 'newer' },
      author: 'Ada',
    });
  });

  it('is gone back from at once when its check fails', () => {
    const test = two();
    quarantine(test, 'newer');
    test.forward(1_000);
    test.alarm('smoke', 'fail');
    const said = test.timer();
    expect(intends(said)).toBe('go back to good');
    expect(JSON.stringify(said)).toContain('the release is quarantined by Ben: it leaks');
  });

  it('is not put there again by a redeployment that was only intended', () => {
    const test = broken(two());
    test.timer();
    expect(test.state().incident?.phase).toMatchObject({ intent: { release: { commit: 'bad' } } });
    quarantine(test, 'bad');
    expect(claim(test, { instances: [] }).slice(0, 1)).toMatchObject([
      { type: 'incident.waiting', reason: 'bad is not put there: quarantined by Ben: it leaks' },
    ]);
    expect(intends(test.timer())).toBe('go back to newer');
  });

  it('is not gone back to by a rollback that was only intended', () => {
    const test = broken(two());
    test.timer();
    test.carryOut('r-1');
    expect(intends(verifyAll(test))).toBe('go back to newer');
    quarantine(test, 'newer');
    expect(claim(test, { instances: [] })[0]?.type).toBe('incident.waiting');
    expect(intends(test.timer())).toBe('go back to good');
  });

  it('warns the author of a newer change that contains it', () => {
    const test = two();
    quarantine(test, 'good');
    const said = test.sourced('x-more', 'more', 'good');
    expect(kinds(said)).toEqual(['release.sourced', 'change.warned']);
    expect(alertIn(said)?.headline).toBe('shop in production: more contains good, which is quarantined here');
  });

  it('stays quarantined by that person when the ladder finds it bad too, and however long it is', () => {
    const test = broken(healthy(wide));
    quarantine(test, 'bad');
    test.timer();
    test.carryOut('r-1');
    test.forward(40 * 86_400_000);
    expect(test.state().quarantines).toMatchObject([{ commit: 'bad', by: ben, reason: 'it leaks' }]);
    expect(isRefused(test.state(), 'bad', test.now())).toBe(true);
  });
});

describe('a redeployment that was intended', () => {
  it('is not begun when another release runs here by now', () => {
    const test = broken();
    test.timer();
    test.deliver('fix');
    expect(claim(test, { instances: [] }).slice(0, 1)).toMatchObject([
      { type: 'incident.waiting', reason: 'another release runs here since it was intended' },
    ]);
  });

  it('is begun when nothing has changed', () => {
    const test = broken();
    test.timer();
    expect(kinds(claim(test, { instances: [] }))).toEqual(['step.claimed']);
  });
});

describe('what a person releases from quarantine', () => {
  it('may come here again, and be gone back to', () => {
    const test = two();
    quarantine(test, 'good');
    expect(kinds(release(test, 'good'))).toEqual(['quarantine.lifted']);
    expect(admit(test.state(), 'good', test.now())).toEqual({ admitted: true });
    expect(ineligible(test.state(), kept(test, 'good'), kept(test, 'newer'), test.now())).toBeNull();
  });

  it('may be put there again though it was gone back from within 24 h: that is the person’s word, and on record', () => {
    const test = wentBack();
    const said = release(test, 'bad');
    expect(said[0]).toMatchObject({ commit: 'bad', goneBackFrom: true, who: ben, why: 'it is mended' });
    expect(said[0]).toMatchObject({ was: expect.stringContaining('check smoke passed before this release') as string });
    expect(alertIn(said)?.next).toBe('it may come here again, though it was gone back from within 24 h');
    expect(isRefused(test.state(), 'bad', test.now())).toBe(false);
    expect(kept(test, 'bad').quarantined).toBeNull();
  });

  it('no longer counts against a newer change that contains it', () => {
    const test = wentBack();
    test.deliver('more', 'bad');
    release(test, 'bad');
    test.forward(1_000);
    test.alarm('smoke', 'fail');
    expect(intends(test.timer())).toBe('redeploy more');
  });
});

describe('an order about a quarantine is refused', () => {
  it.each<[string, Order, string]>([
    [
      'where no such release is known here',
      { name: 'quarantine', of: { release: 'production/cart@x' } },
      'no release "production/cart@x" is known here: name its commit instead',
    ],
    [
      'where a commit that is not known here is not said in full',
      { name: 'quarantine', of: { commit: 'abcdef1' } },
      'no commit "abcdef1" is known here: one that is not yet is said in full',
    ],
    ['to release what is not quarantined', { name: 'release', of: { commit: 'good' } }, 'good is not quarantined here'],
    [
      'to release a commit that never came here and is not quarantined',
      { name: 'release', of: { commit: vulnerable } },
      'aaaaaaa is not quarantined here',
    ],
  ])('%s', (_, order, reason) => {
    expect(refusalIn(leaks(two(), order))).toBe(reason);
  });

  it('where a person quarantined it already; what the ladder quarantined a person may too', () => {
    const test = wentBack();
    expect(kinds(quarantine(test, 'bad'))).toEqual(['quarantine.ordered']);
    expect(refusalIn(quarantine(test, 'bad'))).toBe('bad is quarantined by Ben: it leaks, already');
    quarantine(test, vulnerable);
    expect(refusalIn(quarantine(test, vulnerable))).toBe('aaaaaaa is quarantined by Ben: it leaks, already');
  });

  it('where people quarantined as many as are kept', () => {
    const test = two();
    for (let n = 0; n < orderedAtMost; n += 1) quarantine(test, n.toString(16).padStart(40, '0'));
    expect(refusalIn(quarantine(test, 'good'))).toContain(`people quarantined ${orderedAtMost} commits here`);
  });
});

describe('quarantines', () => {
  it('of the ladder’s own finding make room, oldest first; those of people never do', () => {
    const cause = { incident: 'i', release: 'r', check: 'smoke', reason: 'it fails' };
    const at = '2026-11-21T12:00:00.000Z';
    const first = { type: 'quarantine.ordered', commit: 'first', release: null, order: 1, who: ben, why: 'x' } as const;
    const full = Array.from({ length: quarantinesKept + 5 }).reduce<typeof initialState>(
      (state, _, n) => evolve(state, { type: 'release.quarantined', ...cause, commit: `c${n}` }, n, at),
      evolve(initialState, first, 1, at),
    );
    expect(full.quarantines).toHaveLength(quarantinesKept);
    expect([quarantinesKept, orderedAtMost]).toEqual([100, 80]);
    expect(full.quarantines.map(({ commit }) => commit).slice(0, 2)).toEqual(['first', 'c6']);
  });
});

describe('why a release may not be gone back to', () => {
  it('is told in full, each reason that counts', () => {
    const test = wentBack();
    const last = test.state().releases[0] as KeptRelease;
    const bad = test.state().releases.find(({ id }) => id === 'production/shop@x-bad') as KeptRelease;
    const suspect = kept(test, 'good');
    expect(reasonsAgainst(test.state(), last, suspect, test.now())).toEqual([
      'reached by a rollback',
      'it is what runs here',
      'never stayed with all checks passing for the bake time',
    ]);
    expect(reasonsAgainst(test.state(), bad, suspect, test.now())).toEqual([
      expect.stringContaining('quarantined: check smoke passed before this release'),
      'never stayed with all checks passing for the bake time',
    ]);
  });

  it('has as its first reason what the ladder goes by', () => {
    const test = two();
    const suspect = kept(test, 'newer');
    for (const one of test.state().releases)
      expect(ineligible(test.state(), one, suspect, test.now())).toBe(
        reasonsAgainst(test.state(), one, suspect, test.now())[0] ?? null,
      );
    expect(lastGood(test.state(), suspect, test.now())?.commit).toBe('good');
  });
});
