import { describe, expect, it } from 'vitest';
import { broken, healthy, intends, kinds, ladder, verifyAll, wide, type TestLadder } from '../../harness/ladder.ts';

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
    const before = test.state().releases;
    const reason = 'CodePipeline knows no such execution of shop';
    expect(test.take(input, { execution: null })).toEqual([
      { type: 'release.unconfirmed', execution: 'forged', reason },
    ]);
    expect(test.state().releases).toEqual(before);
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
