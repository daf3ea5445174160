import { describe, expect, it } from 'vitest';
import type { ServiceConfig } from '../../../shared/config/config.ts';
import { type ActReadings, mayAct } from '../../../shared/ladder/may-act.ts';
import type { Rail } from '../../../shared/ladder/rail.ts';
import { railsOf } from '../../../shared/ladder/rails.ts';
import { isRefused } from '../../../shared/ladder/releases.ts';
import type { LadderEvent } from '../../../shared/ladder/events.ts';
import { initialState, type LadderState } from '../../../shared/ladder/state.ts';
import {
  begin,
  broken,
  healthy,
  intends,
  kinds,
  nothingKnown,
  level,
  shop,
  type TestLadder,
  verifyAll,
  wentBack,
  wide,
} from '../../harness/ladder.ts';
import { ben, person, tell } from '../../harness/orders.ts';
import { inUtc } from '../../../shared/trail/in-utc.ts';

const columns = ['about', 'closed', 'due', 'frees', 'is', 'limit', 'name', 'unit', 'used'];
const rail = (test: TestLadder, name: string): Rail => {
  const found = railsOf(test.state(), test.config, test.now()).find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no rail ${name}`);
  expect(Object.keys(found).toSorted()).toEqual(columns);
  return found;
};
const goTo = (test: TestLadder, at: string | null, later = 0): void =>
  test.forward(Date.parse(at ?? '') + later - Date.parse(test.now()));
const handedOver = (test: TestLadder): string => test.state().hold?.reason ?? 'not handed over';

/** A check begins to fail so that its quiescence is over at a moment, or a little later. */
const engagedAt = (test: TestLadder, at: string | null, later: number): readonly LadderEvent[] => {
  goTo(test, at, later - test.config.quiescence);
  test.alarm('smoke', 'fail');
  return test.timer();
};

/** A whole run: the check fails, the release is redeployed, and all is well. */
const run = (test: TestLadder, name: string): TestLadder => {
  test.alarm('smoke', 'fail');
  test.timer();
  test.carryOut(name);
  test.alarm('smoke', 'pass');
  verifyAll(test);
  return test;
};

/** A bad release that was gone back from, and all is well. */
const budgets = (over: Partial<ServiceConfig['budgets']>) => shop({ budgets: { ...wide.budgets, ...over } });
const cy = person('Cy');

describe('every guard rail', () => {
  it('has a row, also on a ladder that never took anything in', () => {
    const rails = railsOf(initialState, shop(), new Date(begin).toISOString());
    expect(rails.map(({ name }) => name)).toEqual([
      'kill-switch',
      'fresh-reading',
      'still-failing',
      'metric',
      'newer-change',
      'stage-busy',
      'native-healing',
      'itself',
      'empty-target',
      'overtaken',
      'late-alarm',
      'runs-an-hour',
      'runs-a-day',
      'rollbacks-a-day',
      'acting',
      'circuit',
      'attempts',
      'restarts',
      'rollbacks-an-incident',
      'quiescence',
      'waiting',
      'step-deadline',
      'ask-for',
      'verify-within',
      'person',
      'hands-off',
      'hand-over',
      'suspect-age',
      'gone-back-from',
      'quarantines',
      'revoked',
      'bake',
      'releases-back',
      'last-served',
    ]);
    for (const row of rails) expect([row.name, ...Object.keys(row).toSorted()]).toEqual([row.name, ...columns]);
    for (const row of rails) expect(row).toMatchObject({ used: row.unit === 'ms' ? null : row.used, due: null });
    const none = rails.filter(({ used }) => used === 0).map(({ name }) => name);
    expect(none).toEqual([
      'runs-an-hour',
      'runs-a-day',
      'rollbacks-a-day',
      'acting',
      'circuit',
      'attempts',
      'restarts',
      'rollbacks-an-incident',
      'quarantines',
      'revoked',
    ]);
    expect(rails.filter(({ closed }) => closed).map(({ name }) => name)).toEqual(['releases-back', 'last-served']);
  });
});

describe('one act at a time', () => {
  it('is used while one is claimed, and not before or after', () => {
    const test = broken();
    test.timer();
    expect(rail(test, 'acting')).toMatchObject({ limit: 1, used: 0, about: null, closed: false });
    const traffic = { newer: null, stageBusy: null };
    const act = { released: true, alarms: test.alarms(), readAt: test.now(), traffic, instances: null };
    test.take({ type: 'claim', actKey: test.actKey(), holder: 'me', attempt: '1' }, { act });
    expect(rail(test, 'acting')).toMatchObject({ used: 1, about: 'shop/Deploy', closed: true });
    test.carryOut('r-1');
    expect(rail(test, 'acting')).toMatchObject({ used: 0, closed: false });
  });
});

describe('a budget', () => {
  it.each([
    ['runs-an-hour', budgets({ runsPerHour: 2 }), 'the budget of 2 runs an hour is used up', 3_600_000],
    ['runs-a-day', budgets({ runsPerDay: 2 }), 'the budget of 2 runs a day is used up', 86_400_000],
  ])('of %s is used up at its limit, and frees when its oldest is long enough ago', (name, config, reason, ms) => {
    const full = (): TestLadder => run(run(healthy(config), 'r-1'), 'r-2');
    expect(rail(run(healthy(config), 'r-1'), name)).toMatchObject({ used: 1, limit: 2, closed: false, frees: null });
    const { frees, ...rest } = rail(full(), name);
    expect(rest).toMatchObject({ used: 2, limit: 2, closed: true });
    expect(frees).toBe(new Date(Date.parse(full().state().runs[0] ?? '') + ms).toISOString());
    const early = full();
    engagedAt(early, frees, -1);
    expect(handedOver(early)).toBe(reason);
    expect(intends(engagedAt(full(), frees, 0))).toBe('redeploy good');
  });

  it('of no run at all never frees', () => {
    const test = healthy(budgets({ runsPerHour: 0 }));
    expect(rail(test, 'runs-an-hour')).toMatchObject({ used: 0, limit: 0, closed: true, frees: null });
    engagedAt(test, test.now(), 60_000);
    expect(handedOver(test)).toBe('the budget of 0 runs an hour is used up');
  });

  it('of rollbacks is used up at its limit, and frees a day after the oldest', () => {
    const full = (): TestLadder => wentBack(broken(healthy(budgets({ rollbacksPerDay: 1 }))));
    const { frees, ...rest } = rail(full(), 'rollbacks-a-day');
    expect(rest).toMatchObject({ used: 1, limit: 1, closed: true });
    const again = (later: number): [TestLadder, string | null] => {
      const test = full();
      goTo(test, frees, -600_000);
      test.deliver('more', 'bad');
      return [test, intends(engagedAt(test, frees, later))];
    };
    expect(handedOver(again(-1)[0])).toBe('the budget of 1 rollbacks a day is used up');
    expect(again(0)[1]).toBe('go back to good');
  });
});

describe('what is counted in an incident', () => {
  it('are its attempts: after the last one a person is called', () => {
    const test = broken(healthy(shop({ attempts: 1 })));
    expect(rail(test, 'attempts')).toMatchObject({ used: 0, limit: 1, closed: false });
    test.timer();
    expect(rail(test, 'attempts')).toMatchObject({ used: 1, limit: 1, closed: true, frees: null });
    test.carryOut('r-1');
    verifyAll(test);
    expect(handedOver(test)).toBe('still failing after 1 attempts');
  });

  it('is how often a step that never began is begun again', () => {
    const test = broken();
    test.timer();
    for (let time = 0; time < 3; time += 1) {
      expect(rail(test, 'restarts')).toMatchObject({ used: time, limit: 3, closed: false });
      test.result({ outcome: 'not-started', reason: 'no' });
    }
    expect(rail(test, 'restarts')).toMatchObject({ used: 3, limit: 3, closed: true, frees: null });
    expect(kinds(test.result({ outcome: 'not-started', reason: 'no' }))).toContain('step.ended');
  });

  it('is that it goes back once', () => {
    const test = broken(healthy(shop({ ...wide, attempts: 5 })));
    test.timer();
    test.carryOut('r-1');
    verifyAll(test);
    expect(rail(test, 'rollbacks-an-incident')).toMatchObject({ used: 0, limit: 1, closed: false });
    test.carryOut('r-2');
    expect(rail(test, 'rollbacks-an-incident')).toMatchObject({ used: 1, limit: 1, closed: true, frees: null });
    test.alarm('smoke', 'pass');
    test.deliver('more', 'bad');
    test.forward(5_000);
    test.alarm('smoke', 'fail');
    verifyAll(test);
    expect(handedOver(test)).toBe('this incident went back once already');
  });

  it.each([
    [{ mode: 'ask' as const }, 1],
    [{ drastic: true }, 2],
  ])('are the approvals of a level: it is taken when there are enough (%j)', (how, wanted) => {
    const levels = [level('node'), level('deploy', how)];
    const test = broken(healthy(shop({ levels, approvers: 2 })));
    test.timer();
    for (const [given, who] of [ben, cy].slice(0, wanted).entries()) {
      const shown = { about: 'deploy', used: given, limit: wanted, closed: true, frees: null };
      expect(rail(test, 'approvals')).toMatchObject(shown);
      const said = tell(test, { name: 'approve', incident: test.state().incident?.id ?? '' }, who);
      expect(intends(said)).toBe(given + 1 < wanted ? null : 'redeploy bad');
    }
    expect(rail(test, 'approvals')).toMatchObject({ used: wanted, limit: wanted, closed: false });
  });

  it('are the approvals of each level that wants some, and only the one that asks is closed', () => {
    const levels = [level('node', { drastic: true }), level('deploy', { mode: 'ask' })];
    const test = broken(healthy(shop({ levels })));
    const approvals = () =>
      railsOf(test.state(), test.config, test.now())
        .filter(({ name }) => name === 'approvals')
        .map(({ about, closed, is }) => [about, closed, is]);
    const mine = 'approvals before the level is taken';
    const theirs = `${mine}, by people who neither wrote nor pushed the change`;
    expect(approvals()).toEqual([
      ['node', false, theirs],
      ['deploy', false, mine],
    ]);
    test.timer();
    expect(approvals()).toEqual([
      ['node', false, theirs],
      ['deploy', true, mine],
    ]);
  });
});

describe('what lasts', () => {
  it('is a quiescence: not even a person who forces a level is obeyed before it is over', () => {
    const test = broken();
    const { frees, ...rest } = rail(test, 'quiescence');
    expect(rest).toMatchObject({ limit: 30_000, used: 0, closed: true });
    goTo(test, frees, -1);
    expect(rail(test, 'quiescence')).toMatchObject({ used: 29_999, closed: true });
    expect(tell(test, { name: 'force', level: 'deploy' })).toMatchObject([{ type: 'order.refused' }]);
    goTo(test, frees);
    expect(rail(test, 'quiescence')).toMatchObject({ used: 30_000, closed: false, frees: null });
    expect(intends(tell(test, { name: 'force', level: 'deploy' }))).toBe('redeploy bad');
  });

  it('is the quiescence of a step, which is its own', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    const { frees, ...rest } = rail(test, 'quiescence');
    expect(rest).toMatchObject({ about: 'deploy', limit: 60_000, used: 0, closed: true });
    expect(frees).toBe(test.state().timer?.due);
    goTo(test, frees, 5_000);
    expect(rail(test, 'quiescence')).toMatchObject({ limit: 60_000, used: 60_000, closed: false });
  });

  it('is waiting: longer than its limit calls a person', () => {
    const test = broken();
    test.timer({ alarms: null });
    const { due, ...rest } = rail(test, 'waiting');
    expect(rest).toMatchObject({ limit: 3_600_000, used: 0, closed: false });
    goTo(test, due);
    expect(rail(test, 'waiting')).toMatchObject({ used: 3_600_000, closed: false });
    expect(kinds(test.timer({ alarms: null }))).toEqual(['incident.waiting']);
    goTo(test, due, 1);
    expect(rail(test, 'waiting')).toMatchObject({ closed: true, frees: null });
    test.timer({ alarms: null });
    expect(handedOver(test)).toBe('the checks cannot be read');
  });

  it('is not how long a person lets it wait', () => {
    const test = broken();
    tell(test, { name: 'hold' });
    test.timer();
    test.forward(7_200_000);
    expect(rail(test, 'waiting')).toMatchObject({ used: null, closed: false, due: null });
    expect(kinds(test.timer())).toEqual(['incident.waiting']);
  });

  it('is a step: at its deadline its outcome counts as unknown', () => {
    const test = broken();
    test.timer();
    const { due, ...rest } = rail(test, 'step-deadline');
    expect(rest).toMatchObject({ limit: 900_000, used: 0, closed: false });
    test.result({ outcome: 'started', execution: 'r-1' });
    const running = { outcome: { status: 'running', reason: '' } } as const;
    goTo(test, due, -1);
    expect(kinds(test.timer(running))).toEqual([]);
    test.forward(1);
    expect(rail(test, 'step-deadline')).toMatchObject({ used: 900_000, closed: true });
    // The timer that counts is a minute later by now: the deadline is looked at when it fires.
    test.timer(running);
    expect(handedOver(test)).toContain('its outcome was not known by its deadline');
  });

  it('is asking: at its deadline a person is called', () => {
    const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'ask' })] })));
    test.timer();
    const { due, ...rest } = rail(test, 'ask-for');
    expect(rest).toMatchObject({ limit: 900_000, used: 0, closed: false });
    goTo(test, due, -1);
    test.timer();
    expect(test.state().incident?.phase.name).toBe('asking');
    goTo(test, due);
    expect(rail(test, 'ask-for')).toMatchObject({ used: 900_000, closed: true });
    test.timer();
    expect(handedOver(test)).toBe('nobody approved level deploy in time');
  });

  it('is verifying: what is not known to pass by its deadline calls a person', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    test.silently('smoke', 'unknown');
    test.timer();
    test.timer();
    const { due, ...rest } = rail(test, 'verify-within');
    expect(rest).toMatchObject({ limit: 600_000, used: 0, closed: false });
    goTo(test, due, -1);
    expect(kinds(test.timer())).toEqual(['incident.verifying']);
    goTo(test, due);
    expect(rail(test, 'verify-within')).toMatchObject({ used: 600_000, closed: true });
    test.timer();
    expect(handedOver(test)).toBe('the checks could not be read as passing before the deadline');
  });

  it('is a claim: it is over by itself; a hold is not', () => {
    const test = healthy();
    tell(test, { name: 'claim', until: new Date(Date.parse(test.now()) + 600_000).toISOString() });
    const { frees, ...rest } = rail(test, 'person');
    expect(rest).toMatchObject({ closed: true, about: `claimed by Ben until ${inUtc(frees ?? '')}: it must be` });
    goTo(test, frees, -1);
    expect(kinds(test.read())).toEqual([]);
    goTo(test, frees);
    expect(kinds(test.read())).toEqual(['ladder.resumed']);
    tell(test, { name: 'hold' });
    expect(rail(test, 'person')).toMatchObject({ closed: true, frees: null, about: 'held by Ben: it must be' });
  });

  it('is the pause after a hand-over, from when all checks pass on', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'no' });
    expect(rail(test, 'hand-over')).toMatchObject({ limit: 1_800_000, used: 0, closed: true, frees: null });
    test.alarm('smoke', 'pass');
    const { frees } = rail(test, 'hand-over');
    goTo(test, frees, -1);
    expect(kinds(test.read())).toEqual([]);
    goTo(test, frees);
    expect(rail(test, 'hand-over')).toMatchObject({ used: 1_800_000, closed: true });
    expect(kinds(test.read())).toEqual(['ladder.freed']);
    expect(rail(test, 'hand-over')).toMatchObject({ used: null, closed: false, frees: null });
  });
});

describe('what is asked right before an act', () => {
  const ask = (change: Partial<ActReadings>, later = 0) => {
    const test = broken();
    test.timer();
    const phase = test.state().incident?.phase;
    if (phase?.name !== 'acting') throw new Error('nothing is intended');
    const readings: ActReadings = {
      released: true,
      alarms: test.alarms(),
      readAt: test.now(),
      traffic: { newer: null, stageBusy: null },
      instances: null,
      ...change,
    };
    return mayAct(
      phase.intent,
      readings,
      new Date(Date.parse(test.now()) + later).toISOString(),
      test.config,
      nothingKnown,
    );
  };

  it('is how long ago the checks were read', () => {
    const { limit } = rail(healthy(), 'fresh-reading');
    expect(ask({}, limit ?? 0)).toEqual({ may: 'act' });
    expect(ask({}, (limit ?? 0) + 1)).toEqual({ may: 'wait', reason: 'the checks cannot be read' });
  });

  it.each<[string, Partial<ActReadings>, string]>([
    ['kill-switch', { released: false }, 'the kill switch is thrown'],
    ['still-failing', { alarms: {} }, 'no check fails any more'],
    ['newer-change', { traffic: { newer: 'x', stageBusy: null } }, 'a newer change is on its way (execution x)'],
    ['stage-busy', { traffic: { newer: null, stageBusy: 'x' } }, 'the stage is busy with execution x'],
  ])('is %s', (name, change, reason) => {
    expect(rail(healthy(), name)).toMatchObject({ used: null, closed: false });
    expect(ask(change)).toMatchObject({ reason });
  });

  it('is how old an alarm event is that opens an incident', () => {
    const { limit } = rail(healthy(), 'late-alarm');
    const opens = (age: number): string[] => {
      const test = healthy();
      const at = new Date(Date.parse(test.now()) - age).toISOString();
      test.silently('smoke', 'fail');
      return kinds(test.take({ type: 'alarm', seq: 99, alarm: 'shop-smoke', value: 'fail', at, reason: '' }));
    };
    expect(opens((limit ?? 0) + 1)).toEqual([]);
    expect(opens(limit ?? 0)).toContain('incident.opened');
  });
});

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
