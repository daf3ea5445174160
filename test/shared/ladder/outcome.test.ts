import { describe, expect, it } from 'vitest';
import { broken, healthy, intends, kinds, level, shop, verifyAll, wide } from '../../harness/ladder.ts';

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
