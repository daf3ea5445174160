import { describe, expect, it } from 'vitest';
import { type ActReadings, mayAct } from '../../../shared/ladder/may-act.ts';
import { railsOf } from '../../../shared/ladder/rails.ts';
import type { KillSwitch } from '../../../shared/ladder/kill-switch.ts';
import { initialState } from '../../../shared/ladder/state.ts';
import { begin, broken, healthy, kinds, level, nothingKnown, shop } from '../../harness/ladder.ts';
import { tell } from '../../harness/orders.ts';
import { columns, rail } from '../../harness/rails.ts';

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
      'new-release',
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

describe('what stands against acting before anything happens', () => {
  const rows = (killSwitch: KillSwitch | null, config = shop()) =>
    railsOf(initialState, config, new Date(begin).toISOString(), killSwitch).filter(
      ({ name }) => name === 'kill-switch',
    );

  it('is the kill switch: a row where it is thrown for all, and one besides for each action that it stops', () => {
    expect(rows(null)).toMatchObject([{ about: null, closed: false }]);
    expect(rows({ except: [] })).toMatchObject([{ about: null, closed: false }]);
    expect(rows({ thrown: 'it is thrown' })).toMatchObject([{ about: 'it is thrown', closed: true }]);
    const stopped = rows({ except: ['redeploy', 'stop-deployment'] });
    expect(stopped).toMatchObject([
      { about: null, closed: false },
      { about: 'the kill switch is thrown for redeploy', closed: true },
    ]);
    for (const row of [...stopped, ...rows({ thrown: 'x' })]) expect(Object.keys(row).toSorted()).toEqual(columns);
    expect(rows({ except: ['redeploy'] }, shop({ levels: [level('a'), level('b')] }))).toHaveLength(2);
  });

  it('is what the configuration revokes, from the first commit on', () => {
    const revoked = (count: number) => {
      const commits = Array.from({ length: count }, (_, n) => `c${n}`);
      const state = { ...initialState, revoked: [{ repository: 'shop', commits, why: 'it leaks' }] };
      const rails = railsOf(state, shop(), new Date(begin).toISOString());
      return rails.find(({ name }) => name === 'revoked');
    };
    expect(revoked(0)).toMatchObject({ used: 0, closed: false });
    expect(revoked(1)).toMatchObject({ used: 1, closed: true, unit: 'commits' });
  });

  it('is somebody at work, from the moment of their call on', () => {
    const test = healthy();
    const call = { who: { type: 'unknown' }, call: 'UpdateAlias', target: 'shop:live', at: test.now() } as const;
    test.take({ type: 'written', seq: test.nextSeq(), ...call });
    expect(rail(test, 'hands-off')).toMatchObject({ used: 0, closed: true });
  });

  it('is the run that last did not converge, by its name', () => {
    const state = { ...initialState, circuit: { failed: ['production.shop.3', 'production.shop.9'], open: true } };
    const rails = railsOf(state, shop(), new Date(begin).toISOString());
    expect(rails.find(({ name }) => name === 'circuit')).toMatchObject({ about: 'production.shop.9', closed: true });
  });

  it('is that what runs is quarantined: it bakes no more', () => {
    const test = healthy();
    test.deliver('new');
    tell(test, { name: 'quarantine', of: { commit: 'new' } });
    expect(rail(test, 'bake')).toMatchObject({ about: 'new', used: 0, closed: true, frees: null });
  });
});
