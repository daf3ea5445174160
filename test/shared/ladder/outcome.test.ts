import { describe, expect, it } from 'vitest';
import {
  broken,
  healthy,
  intends,
  kinds,
  level,
  shop,
  verifyAll,
  wide,
  type TestLadder,
} from '../../harness/ladder.ts';

describe('verifying', () => {
  it('converges when all checks pass three times in a row', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    test.silently('smoke', 'pass');
    expect(kinds(verifyAll(test))).toEqual(['incident.closed']);
    expect(test.state().hold).toBeNull();
  });

  it('begins to count again when a check fails in between', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    test.silently('smoke', 'pass');
    test.timer();
    test.timer();
    test.timer();
    test.silently('smoke', 'fail');
    test.timer();
    expect(test.state().incident?.phase).toMatchObject({ name: 'verifying', good: 0, bad: 1 });
  });

  it('hands over when a check stays unknown until the deadline: it never starts an attempt on it', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    test.silently('smoke', 'unknown');
    for (let turn = 0; turn < 30 && test.state().incident !== null; turn += 1) test.timer();
    expect(test.state().runs).toHaveLength(1);
    expect(test.state().hold?.reason).toContain('could not be read');
  });

  it('gives up after the last attempt and calls a person, once', () => {
    const test = healthy(shop({ ...wide, checks: { node: wide.checks['node']! }, levels: [level('node')] }));
    test.forward(7_200_000); // too old to be the suspect
    test.alarm('node', 'fail');
    for (let turn = 0; turn < 40 && test.state().incident !== null; turn += 1) {
      if (test.state().incident?.phase.name === 'acting') test.carryOut(`r-${turn}`);
      else test.timer();
    }
    expect(test.state().hold?.reason).toBe('still failing after 3 attempts');
    expect(test.read()).toEqual([]);
  });
});

describe('modes and budgets', () => {
  it('observe stops after the plan and does nothing', () => {
    const test = healthy(shop({ levels: [level('node'), level('deploy', { mode: 'observe' })] }));
    test.alarm('smoke', 'fail');
    expect(intends(test.timer())).toBeNull();
    expect(test.state().incident).toBeNull();
    test.alarm('smoke', 'pass');
    expect(kinds(test.read())).toEqual(['ladder.freed']);
  });

  it('no more than three runs an hour', () => {
    const test = healthy();
    for (let run = 0; run < 3; run += 1) {
      test.alarm('smoke', 'fail');
      test.timer();
      test.carryOut(`r-${run}`);
      test.silently('smoke', 'pass');
      verifyAll(test);
    }
    test.alarm('smoke', 'fail');
    test.timer();
    expect(test.state().hold?.reason).toBe('the budget of 3 runs an hour is used up');
  });
});

describe('an entry that could not be taken in', () => {
  it('holds the ladder it is about, and calls a person', () => {
    const test = healthy();
    expect(
      kinds(test.take({ type: 'skipped', seq: test.nextSeq(), reason: 'entry 69 could not be taken in' })),
    ).toEqual(['ladder.held']);
    expect(kinds(test.alarm('smoke', 'fail'))).toEqual(['check.changed']);
  });

  it('ends an open incident with a person', () => {
    const test = broken();
    test.take({ type: 'skipped', seq: test.nextSeq(), reason: 'entry 69 could not be taken in' });
    expect(test.state().hold?.reason).toContain('entry 69');
  });
});

describe('after a hand-over', () => {
  it('opens nothing until all checks passed for a while', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'no' });
    expect(test.read()).toEqual([]);
    test.alarm('smoke', 'pass');
    expect(test.read()).toEqual([]);
    test.forward(1_800_000);
    expect(kinds(test.read())).toContain('ladder.freed');
    expect(kinds(test.alarm('smoke', 'fail'))).toContain('incident.opened');
  });
});

describe('people are told', () => {
  const alerts = (test: TestLadder) =>
    test.versions.flatMap(({ decision }) =>
      decision.events.flatMap((event) => (event.type === 'alert.raised' ? [event.alert] : [])),
    );

  it('of the opening, each change of state and the outcome, with commit, author, check, deeds and what comes next', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    verifyAll(test);
    test.carryOut('r-2');
    test.silently('smoke', 'pass');
    verifyAll(test);
    expect(alerts(test).map(({ headline }) => headline)).toEqual([
      'shop in production: smoke failing',
      'shop in production: level deploy, about to redeploy bad',
      'shop in production: every step is taken, settling',
      'shop in production: verifying that it is healthy',
      'shop in production: level deploy, about to roll back to good',
      'shop in production: every step is taken, settling',
      'shop in production: verifying that it is healthy',
      'shop in production: converged, all checks passed 3 times in a row',
    ]);
    expect(alerts(test).at(-1)).toMatchObject({
      change: { repository: 'shop', commit: 'bad' },
      author: 'Ada',
      done: ['deploy: redeploy bad (done)', 'deploy: roll back to good (done)'],
    });
  });

  it('how a ladder that called a person is free again', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'no' });
    expect(alerts(test).at(-1)?.next).toBe(
      'Escalator does nothing more here until all checks have passed for 30 min, or somebody resumes it: escalator resume production/shop --why TEXT',
    );
  });

  it('that every check passes again, where that ends an attempt before its last level', () => {
    const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { drastic: true })] })));
    test.timer();
    expect(alerts(test).at(-1)?.next).toContain('; handed over in 15 min');
    test.silently('smoke', 'pass');
    test.timer();
    expect(alerts(test).at(-1)).toMatchObject({
      headline: 'shop in production: every check passes again, settling',
      next: 'verify in 30 s',
    });
  });

  it('once of a wait, however often it looks again', () => {
    const test = broken();
    test.timer();
    for (let again = 0; again < 5; again += 1) {
      test.result({ outcome: 'deferred', reason: 'a newer change is on its way' });
      test.timer();
    }
    expect(alerts(test).map(({ headline }) => headline)).toEqual([
      'shop in production: smoke failing',
      'shop in production: level deploy, about to redeploy bad',
      'shop in production: waiting, a newer change is on its way',
    ]);
  });

  it('with a page when a person is needed', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'the kill switch is thrown' });
    expect(alerts(test).at(-1)).toMatchObject({ severity: 'page', failing: ['smoke'] });
  });
});
