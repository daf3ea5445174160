import { describe, expect, it } from 'vitest';
import { actKeyOf, healthy, intends, kinds, ladder, level, shop, type TestLadder } from '../../harness/ladder.ts';

const wide = shop({ budgets: { runsPerHour: 99, runsPerDay: 99, rollbacksPerDay: 99 } });

/** A broken release is out, and its smoke check fails. */
const broken = (test: TestLadder = healthy()): TestLadder => {
  test.deliver('bad');
  test.forward(5_000);
  test.alarm('smoke', 'fail');
  return test;
};

/** Goes through settling and verifying with the checks as they are. */
const verifyAll = (test: TestLadder) => {
  test.timer(); // quiescence of the step -> settling
  test.timer(); // settling -> verifying
  test.timer();
  test.timer();
  return test.timer();
};

describe('an incident', () => {
  it('opens when a check goes to fail, and does nothing but wait for its quiescence', () => {
    const test = healthy();
    expect(kinds(test.alarm('smoke', 'fail'))).toEqual(['check.changed', 'incident.opened']);
    expect(test.state().timer?.due).toBe('2026-11-21T13:00:30.000Z');
  });

  it('is opened by a reading as well, when no event told', () => {
    const test = healthy();
    test.silently('smoke', 'fail');
    expect(kinds(test.read())).toContain('incident.opened');
  });

  it('is named after the version that opened it', () => {
    const test = broken();
    expect(test.state().incident?.id).toBe(`production.shop.${test.state().version}`);
  });

  it('is joined by checks that begin to fail meanwhile', () => {
    const test = broken();
    expect(kinds(test.alarm('node', 'fail'))).toEqual(['check.changed', 'incident.joined']);
  });

  it('is not opened by an alarm event that is ten minutes old', () => {
    const test = healthy();
    const old = new Date(Date.parse(test.now()) - 11 * 60_000).toISOString();
    const late = { type: 'alarm', seq: 99, alarm: 'shop-smoke', value: 'fail', at: old, reason: '' } as const;
    expect(test.take(late)).toEqual([]);
  });

  it('is not opened by an alarm that no check knows', () => {
    expect(healthy().alarm('somebody-elses', 'fail')).toEqual([]);
  });

  it('is not opened by a check that becomes unknown', () => {
    expect(kinds(healthy().alarm('smoke', 'unknown'))).toEqual(['check.changed']);
  });
});

describe('quiescence', () => {
  it('ends self-healed when nothing fails any more', () => {
    const test = broken();
    test.alarm('smoke', 'pass');
    expect(kinds(test.timer())).toEqual(['incident.closed']);
    expect(test.versions.at(-1)?.decision.events.find(({ type }) => type === 'incident.closed')).toMatchObject({
      status: 'self-healed',
    });
  });

  it('selects no level on unknown: it waits', () => {
    const test = broken();
    test.silently('smoke', 'unknown');
    expect(kinds(test.timer())).toEqual(['check.changed', 'incident.waiting']);
  });

  it('waits when the checks cannot be read', () => {
    expect(kinds(broken().timer({ alarms: null }))).toEqual(['incident.waiting']);
  });

  it('calls a person when it had to wait for an hour', () => {
    const test = broken();
    for (let minute = 0; minute < 62; minute += 1) test.timer({ alarms: null });
    expect(test.state().incident).toBeNull();
    expect(test.state().hold?.reason).toBe('the checks cannot be read');
  });

  it('lets nothing be done, whatever arrives', () => {
    const test = broken();
    const all = [
      test.alarm('node', 'fail'),
      test.alarm('smoke', 'pass'),
      test.alarm('smoke', 'fail'),
      test.deliver('newer'),
      test.read(),
    ];
    expect(all.map(intends)).toEqual([null, null, null, null, null]);
  });

  it('takes no notice of a timer that another version set, or that comes early', () => {
    const test = broken();
    expect(test.take({ type: 'timer', version: 1, due: test.now() })).toEqual([]);
    const timer = test.state().timer;
    expect(test.take({ type: 'timer', version: timer?.version ?? 0, due: timer?.due ?? '' })).toEqual([]);
  });
});

describe('the climb', () => {
  it('starts at the most drastic level that a failing check asks for, and goes on to the last', () => {
    const test = healthy();
    test.alarm('smoke', 'fail');
    test.alarm('node', 'fail');
    const started = test.timer();
    expect(started.find(({ type }) => type === 'attempt.started')).toMatchObject({ levels: ['node', 'deploy'] });
    expect(intends(started)).toBe('replace shop-asg');
  });

  it('takes the deploy level alone when only the smoke check fails', () => {
    expect(intends(broken().timer())).toBe('redeploy bad');
  });

  it('does nothing for a level that already holds, and counts it as taken', () => {
    const test = healthy();
    test.alarm('node', 'fail');
    test.timer();
    test.result({ outcome: 'started', instances: ['i-1'] });
    test.timer({ outcome: { status: 'done', reason: 'in service' } });
    test.silently('node', 'pass');
    expect(kinds(test.timer())).toEqual(['check.changed', 'step.ended', 'incident.settling']);
  });

  it('waits for the quiescence of each step', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    expect(Date.parse(test.state().timer?.due ?? '') - Date.parse(test.now())).toBe(60_000);
  });

  it('begins again from a more drastic level when a check asks for one after a step', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    test.silently('node', 'fail');
    const again = test.timer();
    expect(again.find(({ type }) => type === 'attempt.started')).toMatchObject({ attempt: 2, from: 'node' });
  });

  it('asks after a step whose outcome nobody told, and calls a person at its deadline', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'started', execution: 'r-1' });
    expect(kinds(test.timer({ outcome: { status: 'running', reason: '' } }))).toEqual([]);
    test.forward(900_000);
    expect(kinds(test.timer())).toEqual(['step.ended', 'incident.closed']);
    expect(test.state().hold?.freeAfter).toBe('pause');
  });

  it('takes a result of another act for nothing', () => {
    const test = broken();
    test.timer();
    expect(test.result({ outcome: 'started' }, 'production/shop#1.1')).toEqual([]);
  });

  it('intends a step that never began again, under another key, and not for ever', () => {
    const test = broken();
    test.timer();
    const keys = [0, 1, 2].map(() => {
      test.result({ outcome: 'not-started', reason: 'nothing was started' });
      return actKeyOf(test.state());
    });
    expect(new Set(keys).size).toBe(3);
    expect(kinds(test.result({ outcome: 'not-started', reason: 'nothing was started' }))).toContain('step.ended');
  });

  it('waits for a newer change, then plans anew within the same attempt', () => {
    const test = broken();
    test.timer();
    expect(kinds(test.result({ outcome: 'deferred', reason: 'a newer change is on its way' }))).toEqual([
      'incident.waiting',
    ]);
    const again = test.timer();
    expect(again.find(({ type }) => type === 'attempt.started')).toMatchObject({ attempt: 1 });
    expect(test.state().runs).toHaveLength(1);
  });

  it('settles when the newer change it waited for has healed the service', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'deferred', reason: 'a newer change is on its way' });
    test.deliver('fix');
    test.silently('smoke', 'pass');
    expect(kinds(test.timer())).toEqual(['check.changed', 'incident.settling']);
  });

  it('calls a person when an act is refused or its outcome is unknown', () => {
    for (const outcome of ['refused', 'unknown'] as const) {
      const test = broken();
      test.timer();
      test.result({ outcome, reason: 'the kill switch is thrown' });
      expect(test.state().incident).toBeNull();
      expect(test.state().hold?.reason).toContain('the kill switch is thrown');
    }
  });
});

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

describe('a release that keeps failing', () => {
  const redeployedInVain = (test: TestLadder): TestLadder => {
    test.timer();
    test.carryOut('r-1');
    return test;
  };

  it('is redeployed first, then gone back from for cause, and quarantined', () => {
    const test = redeployedInVain(broken());
    expect(intends(verifyAll(test))).toBe('go back to good');
    expect(kinds(test.carryOut('r-2'))).toEqual(['release.reached', 'step.ended', 'release.quarantined']);
    test.silently('smoke', 'pass');
    expect(kinds(verifyAll(test))).toEqual(['incident.closed']);
    expect(test.state().releases.find(({ commit }) => commit === 'bad')?.quarantined).toContain('smoke');
  });

  it('is not gone back from when the check was failing before it went out', () => {
    const test = healthy(wide);
    test.alarm('smoke', 'fail');
    test.forward(60_000);
    test.deliver('innocent');
    redeployedInVain(test);
    expect(intends(verifyAll(test))).toBe('redeploy innocent');
  });

  it('is not gone back from when it went out longer ago than the suspicion lasts', () => {
    const test = healthy(wide);
    test.deliver('old');
    test.forward(7_200_001);
    test.alarm('smoke', 'fail');
    redeployedInVain(test);
    expect(intends(verifyAll(test))).toBe('redeploy old');
  });

  it('is left to a person when no earlier release is eligible', () => {
    const test = ladder(wide);
    for (const check of ['node', 'smoke']) test.alarm(check, 'pass');
    test.deliver('first');
    test.alarm('smoke', 'fail');
    redeployedInVain(test);
    verifyAll(test);
    expect(test.state().hold?.reason).toContain('no earlier release is eligible');
  });

  it('is gone back from once a day by default; the next time a person is called', () => {
    const test = redeployedInVain(broken());
    verifyAll(test);
    test.carryOut('r-2');
    test.silently('smoke', 'pass');
    verifyAll(test);
    test.forward(3_600_000);
    test.deliver('worse');
    test.alarm('smoke', 'fail');
    test.timer();
    test.carryOut('r-3');
    verifyAll(test);
    expect(test.state().hold?.reason).toContain('the budget of 1 rollbacks a day is used up');
  });

  it('is gone back from at once when it contains a quarantined commit; its author was warned', () => {
    const test = redeployedInVain(broken(healthy(wide)));
    verifyAll(test);
    test.carryOut('r-2');
    test.silently('smoke', 'pass');
    verifyAll(test);
    const warned = test.sourced('x-more', 'more', 'bad');
    expect(kinds(warned)).toEqual(['release.sourced', 'change.warned']);
    expect(warned.find(({ type }) => type === 'change.warned')).toMatchObject({ advice: 'git revert bad' });
    test.stage('x-more');
    test.forward(1_000);
    test.alarm('smoke', 'fail');
    expect(intends(test.timer())).toBe('go back to good');
  });

  it('is never put there again by the robot within 24 h', () => {
    const test = redeployedInVain(broken(healthy(wide)));
    verifyAll(test);
    test.carryOut('r-2');
    test.silently('smoke', 'pass');
    verifyAll(test);
    test.sourced('x-again', 'bad');
    test.stage('x-again'); // somebody put it there by hand
    test.alarm('node', 'fail');
    test.timer();
    test.result({ outcome: 'started' });
    test.timer({ outcome: { status: 'done', reason: '' } });
    test.silently('smoke', 'unknown'); // the deploy level does not hold, and nothing says who is to blame
    test.timer();
    expect(test.state().hold?.reason).toContain('is not put there again');
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

  it('ask hands the plan to a person', () => {
    const test = healthy(shop({ levels: [level('node'), level('deploy', { mode: 'ask' })] }));
    test.alarm('smoke', 'fail');
    test.timer();
    expect(test.state().hold?.reason).toContain('asks a person');
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

describe('what is taken in', () => {
  it('is taken in once: the same entry again changes nothing', () => {
    const test = healthy();
    const input = { type: 'alarm', seq: 50, alarm: 'shop-smoke', value: 'fail', at: test.now(), reason: '' } as const;
    expect(test.take(input)).not.toEqual([]);
    expect(test.take(input)).toEqual([]);
  });

  it('an alarm older than what is known is not news', () => {
    const test = broken();
    const at = new Date(Date.parse(test.now()) - 1_000).toISOString();
    expect(test.take({ type: 'alarm', seq: 50, alarm: 'shop-smoke', value: 'pass', at, reason: '' })).toEqual([]);
  });
});

describe('a release', () => {
  it('is not here because an event says so: CodePipeline must know the execution', () => {
    const test = healthy();
    const at = test.now();
    const input = {
      type: 'stage',
      seq: 60,
      execution: 'forged',
      outcome: 'succeeded',
      startedAt: at,
      at,
      reason: '',
    } as const;
    expect(test.take(input, { execution: null })).toEqual([]);
  });

  it('is of the commit that CodePipeline names, whatever the events before said', () => {
    const test = healthy();
    test.sourced('x-2', 'claimed');
    const at = test.now();
    const input = {
      type: 'stage',
      seq: 60,
      execution: 'x-2',
      outcome: 'succeeded',
      startedAt: at,
      at,
      reason: '',
    } as const;
    test.take(input, { execution: { rollback: false, target: null, commit: 'true' } });
    expect(test.state().releases[0]).toMatchObject({ commit: 'true', author: null });
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

  it('with a page when a person is needed', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'the kill switch is thrown' });
    expect(alerts(test).at(-1)).toMatchObject({ severity: 'page', failing: ['smoke'] });
  });
});
