import { describe, expect, it } from 'vitest';
import { railsOf } from '../../../shared/ladder/rails.ts';
import {
  broken,
  healthy,
  intends,
  kinds,
  level,
  shop,
  type TestLadder,
  verifyAll,
  wentBack,
  wide,
} from '../../harness/ladder.ts';
import { ben, person, tell } from '../../harness/orders.ts';
import { inUtc } from '../../../shared/trail/in-utc.ts';
import { rail, goTo, handedOver, engagedAt, run, budgets } from '../../harness/rails.ts';

const cy = person('Cy');

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
    expect(Date.parse(frees ?? '') - Date.parse(full().state().rollbacks[0] ?? '')).toBe(86_400_000);
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

  it('is no pause where it only observed: it is free as soon as all checks pass', () => {
    const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'observe' })] })));
    test.timer();
    expect(rail(test, 'hand-over')).toMatchObject({ limit: 0, used: 0, closed: true, frees: null });
    test.alarm('smoke', 'pass');
    expect(rail(test, 'hand-over')).toMatchObject({ limit: 0, used: 0, frees: test.now() });
  });
});
