import { describe, expect, it } from 'vitest';
import { mayAct } from '../../../shared/ladder/may-act.ts';
import { admit } from '../../../shared/ladder/admit.ts';
import type { LadderEvent } from '../../../shared/ladder/events.ts';
import { releasesKept } from '../../../shared/ladder/reached.ts';
import { evolve, initialState } from '../../../shared/ladder/state.ts';
import {
  begin,
  broken,
  healthy,
  intends,
  kinds,
  nothingKnown,
  ladder,
  shop,
  verifyAll,
  type TestLadder,
  wide,
} from '../../harness/ladder.ts';

const day = 86_400_000;
const redeployed = (test: TestLadder): TestLadder => {
  test.timer();
  test.carryOut('r-1');
  return test;
};
/** The redeployment did not help, and it was gone back. */
const goneBack = (test = broken(healthy(wide))): TestLadder => {
  redeployed(test);
  verifyAll(test);
  test.carryOut('r-2');
  return test;
};

describe('going back', () => {
  it('happens once in an incident: then a person is called', () => {
    const test = goneBack();
    expect(test.state().incident).toMatchObject({ rolledBack: true, redeployed: 'production/shop@x-bad' });
    // Something that is known to be bad is put there while the same incident goes on.
    test.deliver('worse', 'bad');
    test.silently('smoke', 'pass');
    test.timer();
    test.deliver('worst', 'bad');
    test.silently('smoke', 'fail');
    for (let turn = 0; turn < 9 && test.state().incident !== null; turn += 1) test.timer();
    expect(test.state().hold?.reason).toBe('this incident went back once already');
  });

  it('says which check it is for, and why the release is the cause', () => {
    const test = redeployed(broken(healthy(wide)));
    const intended = verifyAll(test).find((event) => event.type === 'step.intended');
    expect(intended).toMatchObject({
      intent: {
        forCause: {
          release: 'production/shop@x-bad',
          commit: 'bad',
          check: 'smoke',
          reason: 'check smoke passed before this release and still fails after a redeploy',
        },
      },
    });
  });

  it('of a release that contains a quarantined commit says so', () => {
    const test = goneBack();
    test.silently('smoke', 'pass');
    verifyAll(test);
    test.deliver('more', 'bad');
    test.alarm('smoke', 'fail');
    const intended = test.timer().find((event) => event.type === 'step.intended');
    expect(JSON.stringify(intended)).toContain('fails now, and it contains bad, which is quarantined');
  });

  it('counts against the budget from when it began', () => {
    const test = redeployed(broken(healthy(wide)));
    verifyAll(test);
    expect(test.state().rollbacks).toEqual([]);
    test.result({ outcome: 'started', execution: 'r-2' });
    expect(test.state().rollbacks).toEqual([test.now()]);
    test.stage('r-2', 'succeeded', 'x-good');
    expect(test.state().rollbacks).toHaveLength(1);
  });

  it('counts as well when nothing is known of it, and a redeployment never does', () => {
    const test = redeployed(broken(healthy(wide)));
    expect(test.state().rollbacks).toEqual([]);
    verifyAll(test);
    test.result({ outcome: 'unknown', reason: 'the call broke' });
    expect(test.state().rollbacks).toHaveLength(1);
  });

  it('counts besides those of the last day, and no others', () => {
    const started = (before: string[]) => {
      const test = redeployed(broken(healthy(wide)));
      verifyAll(test);
      const state = { ...test.state(), rollbacks: before };
      const event: LadderEvent = { type: 'step.started', incident: 'i', actKey: 'k', execution: 'r-2', instances: [] };
      return evolve(state, event, state.version + 1, test.now()).rollbacks.length;
    };
    const ago = (test: TestLadder, ms: number) => new Date(Date.parse(test.now()) - ms).toISOString();
    const at = redeployed(broken(healthy(wide)));
    verifyAll(at);
    expect(started([ago(at, day), ago(at, day - 1)])).toBe(2);
  });

  it('counts once though it had begun and then nothing is known of it', () => {
    const test = redeployed(broken(healthy(wide)));
    verifyAll(test);
    test.result({ outcome: 'started', execution: 'r-2' });
    test.result({ outcome: 'unknown', reason: 'lost' });
    expect(test.state().rollbacks).toHaveLength(1);
  });
});

describe('a redeployment', () => {
  it('of nothing is left to a person', () => {
    const test = ladder();
    test.alarm('smoke', 'fail');
    test.timer();
    expect(test.state().hold?.reason).toBe('no release is known to have been put here');
  });
});

describe('what a ladder keeps', () => {
  const at = (ms: number): string => new Date(begin + ms).toISOString();
  const fold = (events: [LadderEvent, number][]) =>
    events.reduce((state, [event, ms], index) => evolve(state, event, index + 1, at(ms)), initialState);
  const cause = { incident: 'i', release: 'r', check: 'smoke', reason: 'bad' };

  it('is every execution whose source is known, the newest first, and not more than its limit', () => {
    const test = ladder();
    for (let n = 0; n <= releasesKept; n += 1) test.sourced(`x-${n}`, `c${n}`);
    expect(test.state().sourced.map(({ execution }) => execution)).toEqual(
      Array.from({ length: releasesKept }, (_, index) => `x-${releasesKept - index}`),
    );
    expect(releasesKept).toBe(20);
  });

  it('is every commit it went back from within 24 h', () => {
    const quarantined = (commit: string): LadderEvent => ({ type: 'release.quarantined', ...cause, commit });
    const state = fold([
      [quarantined('a'), 0],
      [quarantined('b'), 1],
      [quarantined('c'), day],
    ]);
    expect(state.wentBack.map(({ commit }) => commit)).toEqual(['b', 'c']);
  });

  it('is every run that began within 24 h: an incident’s first attempt, and no other', () => {
    const opened: LadderEvent = { type: 'incident.opened', incident: 'i', failing: [], suspect: null, until: at(0) };
    const attempt = (n: number): LadderEvent => ({
      type: 'attempt.started',
      incident: 'i',
      attempt: n,
      from: 'node',
      levels: [],
      forced: false,
      reason: '',
    });
    const runs = fold([
      [opened, 0],
      [attempt(1), 0],
      [attempt(2), 5],
      [opened, 1],
      [attempt(1), 1],
      [opened, day],
      [attempt(1), day],
    ]).runs;
    expect(runs).toEqual([at(1), at(day)]);
  });

  it('is when each release was replaced, and by the next one only', () => {
    const test = healthy();
    test.deliver('second');
    const replacedAt = test.now();
    test.forward(1_000);
    test.deliver('third');
    const [third, second, first] = test.state().releases;
    expect(third).toMatchObject({ good: false, replacedAt: null });
    expect(second?.replacedAt).toBe(test.now());
    expect(first?.replacedAt).toBe(replacedAt);
  });

  it('begins with its first version', () => {
    const test = ladder();
    test.alarm('smoke', 'pass');
    expect(test.state().version).toBe(1);
  });
});

describe('instances that cannot be read', () => {
  it('are not replaced: it waits', () => {
    const test = healthy();
    test.alarm('node', 'fail');
    expect(intends(test.timer())).toBe('replace shop-asg');
    const phase = test.state().incident?.phase;
    if (phase?.name !== 'acting') throw new Error('nothing is intended');
    const alarms = { 'shop-node': { value: 'fail' as const, at: test.now(), reason: '' } };
    const readings = { released: true, alarms, readAt: test.now(), traffic: null, instances: null };
    expect(mayAct(phase.intent, readings, test.now(), shop(), nothingKnown)).toEqual({
      may: 'wait',
      reason: 'the instances cannot be read',
    });
  });
});

describe('people read seven characters of a commit', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';

  it('that is refused at the stage, with what takes it out', () => {
    const test = goneBack(broken0());
    expect(admit(test.state(), commit, test.now())).toMatchObject({
      reason: expect.stringMatching(/^refused: release 0123456 is quarantined.*git revert 0123456$/) as string,
    });
  });

  it('that is redeployed or gone back from', () => {
    const test = goneBack(broken0());
    expect(test.state().incident?.steps.map(({ did }) => did)).toEqual(['redeploy 0123456', 'roll back to good']);
    expect(kinds(test.read())).toEqual([]);
  });

  it('that a release contains, or that nothing can be gone back to from', () => {
    const test = goneBack(broken0());
    test.silently('smoke', 'pass');
    verifyAll(test);
    test.deliver('more', commit);
    test.alarm('smoke', 'fail');
    expect(JSON.stringify(test.timer())).toContain('it contains 0123456, which is');
    const alone = ladder(wide);
    for (const check of ['node', 'smoke']) alone.alarm(check, 'pass');
    alone.deliver(commit);
    alone.forward(5_000);
    alone.alarm('smoke', 'fail');
    redeployed(alone);
    verifyAll(alone);
    expect(alone.state().hold?.reason).toMatch(/^0123456 is the cause, and no earlier release/);
  });

  const broken0 = (): TestLadder => {
    const test = healthy(wide);
    test.deliver(commit);
    test.forward(5_000);
    test.alarm('smoke', 'fail');
    return test;
  };
});
