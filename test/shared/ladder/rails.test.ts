import { describe, expect, it } from 'vitest';
import { type ActReadings, mayAct } from '../../../shared/ladder/may-act.ts';
import { railsOf } from '../../../shared/ladder/rails.ts';
import { initialState } from '../../../shared/ladder/state.ts';
import { begin, broken, healthy, kinds, nothingKnown, shop } from '../../harness/ladder.ts';
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
