import { describe, expect, it } from 'vitest';
import type { Rail } from '../../../shared/ladder/rail.ts';
import { railsOf } from '../../../shared/ladder/rails.ts';
import { isRefused } from '../../../shared/ladder/releases.ts';
import type { LadderState } from '../../../shared/ladder/state.ts';
import { healthy, intends, kinds, type TestLadder, verifyAll, wentBack, wide } from '../../harness/ladder.ts';
import { tell } from '../../harness/orders.ts';
import { rail, goTo, handedOver } from '../../harness/rails.ts';

describe('what may be gone back from', () => {
  const suspicious = (): TestLadder => {
    const test = wentBack();
    test.deliver('more', 'bad');
    return test;
  };

  it('is a release that is young enough when a check begins to fail', () => {
    const test = suspicious();
    const { due, ...rest } = rail(test, 'suspect-age');
    expect(rest).toMatchObject({ about: 'more', used: 0, limit: 7_200_000, closed: false });
    const openedAt = (later: number): [Rail, string | null] => {
      const late = suspicious();
      goTo(late, due, later);
      late.alarm('smoke', 'fail');
      return [rail(late, 'suspect-age'), intends(late.timer())];
    };
    expect(openedAt(0)).toMatchObject([{ used: 7_200_000, closed: false }, 'go back to good']);
    expect(openedAt(1)).toMatchObject([{ closed: true, frees: null, due: null }, 'redeploy more']);
    expect(openedAt(0)[0].due).toBeNull();
    const old = suspicious();
    goTo(old, due, 1);
    expect(rail(old, 'suspect-age')).toMatchObject({ closed: true, due: null });
  });

  it('is not put there again for a day, and while it is quarantined not at all', () => {
    const test = wentBack();
    expect(rail(healthy(), 'gone-back-from')).toMatchObject({ about: null, used: null, closed: false });
    expect(rail(test, 'gone-back-from')).toMatchObject({ about: 'bad', closed: true, frees: null });
    const released = wentBack();
    tell(released, { name: 'release', of: { commit: 'bad' } });
    expect(rail(released, 'gone-back-from')).toMatchObject({ about: null, used: null, closed: false });
    const { wentBack: marks, releases } = test.state();
    const known = releases.map((release) => ({ ...release, quarantined: null }));
    const forgotten: LadderState = Object.assign({}, test.state(), { releases: known, quarantines: [] });
    const shown = railsOf(forgotten, test.config, test.now()).find(({ name }) => name === 'gone-back-from');
    expect(shown).toMatchObject({ about: 'bad', limit: 86_400_000, closed: true });
    expect(shown?.used).toBe(Date.parse(test.now()) - Date.parse(marks[0]?.at ?? ''));
    const frees = Date.parse(shown?.frees ?? '');
    expect(isRefused(forgotten, 'bad', new Date(frees - 1).toISOString())).toBe(true);
    expect(isRefused(forgotten, 'bad', new Date(frees).toISOString())).toBe(false);
    const over = railsOf(forgotten, test.config, new Date(frees).toISOString());
    expect(over.find(({ name }) => name === 'gone-back-from')).toMatchObject({ about: null, closed: false });
  });
});

describe('what people quarantine', () => {
  it('is kept, so many at most', () => {
    const test = healthy();
    const { limit } = rail(test, 'quarantines');
    const quarantine = (n: number) => tell(test, { name: 'quarantine', of: { commit: String(n).padStart(40, '0') } });
    for (let n = 0; n < (limit ?? 0); n += 1) expect(kinds(quarantine(n))).toEqual(['quarantine.ordered']);
    expect(rail(test, 'quarantines')).toMatchObject({ used: limit, closed: true, frees: null });
    expect(quarantine(99)).toMatchObject([{ type: 'order.refused' }]);
  });
});

describe('what may be gone back to', () => {
  /** The newest of some releases is redeployed in vain: then it is gone back from, if there is where to. */
  const inVain = (test: TestLadder): string => {
    test.forward(5_000);
    test.alarm('smoke', 'fail');
    test.timer();
    test.carryOut('r-1');
    return intends(verifyAll(test)) ?? handedOver(test);
  };

  it('is a release that stayed with all checks passing for the bake time', () => {
    const test = healthy();
    expect(rail(test, 'bake')).toMatchObject({ about: null, used: null, closed: false });
    test.deliver('new');
    const { frees, ...rest } = rail(test, 'bake');
    expect(rest).toMatchObject({ about: 'new', used: 0, limit: 3_600_000, closed: true });
    test.alarm('smoke', 'unknown');
    expect(rail(test, 'bake')).toMatchObject({ used: 0, closed: true, frees: null });
    test.forward(1_000);
    test.alarm('smoke', 'pass');
    const { frees: later } = rail(test, 'bake');
    expect(Date.parse(later ?? '') - Date.parse(frees ?? '')).toBe(1_000);
    goTo(test, later, -1);
    expect(kinds(test.read())).toEqual([]);
    goTo(test, later);
    expect(rail(test, 'bake')).toMatchObject({ used: 3_600_000, closed: true });
    expect(kinds(test.read())).toEqual(['release.good']);
    expect(rail(test, 'bake')).toMatchObject({ closed: false, frees: null });
  });

  it('is at most so many releases back', () => {
    const after = (...commits: string[]): TestLadder => {
      const test = healthy(wide);
      for (const commit of commits) test.deliver(commit);
      return test;
    };
    expect(rail(after('a', 'b', 'c'), 'releases-back')).toMatchObject({ about: 'good', used: 3, limit: 3 });
    expect(inVain(after('a', 'b', 'c'))).toBe('go back to good');
    expect(rail(after('a', 'b', 'c', 'd'), 'releases-back')).toMatchObject({ used: null, closed: true });
    expect(inVain(after('a', 'b', 'c', 'd'))).toContain('no earlier release is eligible');
  });

  it('served so long ago at most', () => {
    const day = 86_400_000;
    const after = (ms: number): TestLadder => {
      const test = healthy(wide);
      test.alarm('node', 'unknown');
      test.deliver('never-good');
      test.forward(ms);
      test.deliver('c');
      return test;
    };
    expect(rail(after(30 * day), 'last-served')).toMatchObject({ about: 'good', used: 30 * day, limit: 30 * day });
    expect(rail(after(30 * day + 1), 'last-served')).toMatchObject({ used: null, closed: true });
    expect(inVain(after(29 * day))).toBe('go back to good');
    expect(inVain(after(30 * day + 1))).toContain('no earlier release is eligible');
  });
});
