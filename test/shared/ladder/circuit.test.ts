import { describe, expect, it } from 'vitest';
import { afterRun, circuitReason, closedCircuit } from '../../../shared/ladder/circuit.ts';
import type { Incident } from '../../../shared/ladder/incident.ts';
import { railsOf } from '../../../shared/ladder/rails.ts';
import { healthy, intends, kinds, level, shop, verifyAll, type TestLadder } from '../../harness/ladder.ts';
import { alertIn, tell } from '../../harness/orders.ts';

const roomy = { runsPerHour: 99, runsPerDay: 99, rollbacksPerDay: 99, failedRuns: 2 };
const once = (over = {}): TestLadder => healthy(shop({ attempts: 1, budgets: roomy, ...over }));

const openIncident = (test: TestLadder): void => {
  test.alarm('smoke', 'fail');
  test.timer();
};

/** An incident whose one act is carried out and does not help; then all is well for as long as frees the ladder. */
const failedRun = (test: TestLadder): void => {
  openIncident(test);
  test.carryOut(`r-${test.state().version}`);
  for (let n = 0; n < 12 && test.state().incident !== null; n += 1) test.timer();
  calm(test);
};
const calm = (test: TestLadder): void => {
  test.alarm('smoke', 'pass');
  test.forward(test.config.freeAfter);
  test.read();
};
const convergedRun = (test: TestLadder): void => {
  openIncident(test);
  test.carryOut(`r-${test.state().version}`);
  test.alarm('smoke', 'pass');
  verifyAll(test);
};
const rail = (test: TestLadder) =>
  railsOf(test.state(), test.config, test.now()).find(({ name }) => name === 'circuit');
const endOf = (test: TestLadder): string | undefined =>
  test.versions.flatMap(({ decision }) => decision.events).findLast((event) => event.type === 'incident.closed')
    ?.reason;
const begins = (test: TestLadder): string | null => {
  test.alarm('smoke', 'fail');
  return intends(test.timer());
};

describe('the circuit', () => {
  it('opens with the second run in a row that did not converge, and no run is begun then', () => {
    const test = once();
    failedRun(test);
    expect(rail(test)).toMatchObject({ limit: 2, used: 1, closed: false });
    failedRun(test);
    expect(test.state().hold).toBeNull();
    expect(rail(test)).toMatchObject({ used: 2, closed: true, frees: null });
    openIncident(test);
    expect(test.state().incident).toBeNull();
    expect(endOf(test)).toMatch(
      /^the circuit is open: 2 runs in a row did not converge, the last was production\.shop\./,
    );
  });

  it('stays open however long all is well', () => {
    const test = once();
    failedRun(test);
    failedRun(test);
    test.forward(30 * 86_400_000);
    expect(kinds(test.read())).not.toContain('circuit.closed');
    expect(begins(test)).toBeNull();
  });

  it('is said with the end of the run, and to people with what closes it', () => {
    const test = once();
    failedRun(test);
    failedRun(test);
    const said = test.versions.find(({ decision }) => decision.events.some(({ type }) => type === 'circuit.opened'));
    const events = said?.decision.events ?? [];
    expect(kinds(events).slice(-2)).toEqual(['incident.closed', 'circuit.opened']);
    const alert = alertIn(events);
    expect(alert).toMatchObject({ severity: 'page' });
    expect(alert?.next).toContain(
      'Escalator begins nothing here until somebody resumes it: escalator resume production/shop',
    );
  });

  it('is closed by a person, on record with who and why, and then it acts again', () => {
    const test = once();
    failedRun(test);
    failedRun(test);
    expect(kinds(tell(test, { name: 'resume' }))).toEqual(['ladder.resumed', 'circuit.closed']);
    expect(rail(test)).toMatchObject({ used: 0, closed: false });
    expect(begins(test)).toMatch(/^redeploy/);
  });

  it('is closed by a level that somebody forces: they are there', () => {
    const test = once();
    failedRun(test);
    failedRun(test);
    expect(kinds(tell(test, { name: 'force', level: 'deploy' }))).toContain('circuit.closed');
    expect(test.state().incident?.phase.name).toBe('acting');
  });

  it('counts runs in a row: one that converged begins the count anew', () => {
    const test = once();
    failedRun(test);
    convergedRun(test);
    expect(rail(test)).toMatchObject({ used: 0 });
    failedRun(test);
    expect(rail(test)).toMatchObject({ used: 1, closed: false });
  });

  it('counts no incident that healed by itself, and none between two runs', () => {
    const test = once();
    failedRun(test);
    test.alarm('smoke', 'fail');
    test.alarm('smoke', 'pass');
    test.timer();
    expect(endOf(test)).toBe('every check passes again, and nothing was done');
    expect(rail(test)).toMatchObject({ used: 1 });
    failedRun(test);
    expect(rail(test)).toMatchObject({ used: 2, closed: true });
  });

  it('counts no incident that was only observed, or handed over before anything was begun', () => {
    for (const mode of ['observe', 'ask'] as const) {
      const test = once({ levels: [level('node'), level('deploy', { mode })] });
      for (let time = 0; time < 3; time += 1) {
        openIncident(test);
        test.forward(test.config.askFor);
        if (test.state().incident !== null) test.timer();
        expect(test.state().incident).toBeNull();
        calm(test);
      }
      expect(rail(test)).toMatchObject({ used: 0, closed: false });
    }
  });

  it('counts a run of whose act nothing is known', () => {
    const test = once();
    openIncident(test);
    test.result({ outcome: 'unknown', reason: 'no answer' });
    expect(rail(test)).toMatchObject({ used: 1 });
  });

  it('opens after as many as the configuration says', () => {
    const test = once({ budgets: { ...roomy, failedRuns: 1 } });
    failedRun(test);
    expect(rail(test)).toMatchObject({ limit: 1, used: 1, closed: true });
  });

  it('is closed in a state that was kept before there was one', () => {
    expect(rail(once())).toMatchObject({ about: null, used: 0, closed: false });
  });
});

describe('the reason why no run is begun', () => {
  it('names the last of those that did not converge', () => {
    const failed = ['production.shop.5', 'production.shop.9', 'production.shop.12'];
    expect(circuitReason({ circuit: { failed, open: true } })).toBe(
      'the circuit is open: 3 runs in a row did not converge, the last was production.shop.12',
    );
    expect(circuitReason({ circuit: { failed, open: false } })).toBeNull();
  });
});

describe('a run', () => {
  const ended = (phase: object, outcomes: string[]): string[] => {
    const steps = outcomes.map((outcome) => ({ outcome }));
    return afterRun(closedCircuit, { id: 'production.shop.5', phase, steps } as unknown as Incident, 'handed-over')
      .failed;
  };
  const [quiet, claimed, unclaimed] = [
    { name: 'quiet' },
    { name: 'acting', claim: {} },
    { name: 'acting', claim: null },
  ];

  it.each([
    ['an act that was claimed, though nobody knows what came of it', claimed, []],
    ['a step that did something', quiet, ['already-so', 'done']],
    ['a step that failed', unclaimed, ['failed']],
  ])('counts by %s', (_, phase, outcomes) => {
    expect(ended(phase, outcomes)).toEqual(['production.shop.5']);
  });

  it('is forgotten when a hundred others did not converge after it', () => {
    const incident = { id: 'new', phase: quiet, steps: [{ outcome: 'failed' }] } as unknown as Incident;
    const failed = Array.from({ length: 100 }, (_, n) => `old ${n}`);
    const after = afterRun({ failed, open: false }, incident, 'handed-over').failed;
    expect([after.length, after[0], after.at(-1)]).toEqual([100, 'old 1', 'new']);
  });

  it.each([
    ['an act that nobody began', unclaimed, []],
    ['levels that held already', quiet, ['already-so', 'already-so']],
    ['nothing at all', quiet, []],
  ])('is none by %s', (_, phase, outcomes) => {
    expect(ended(phase, outcomes)).toEqual([]);
  });
});
