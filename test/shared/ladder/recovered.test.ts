import { describe, expect, it } from 'vitest';
import type { Past } from '../../../shared/ladder/past.ts';
import { isMissed, judgedIn } from '../../../shared/ladder/recovered.ts';
import { lastGood } from '../../../shared/ladder/releases.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import { begin, broken, healthy, kinds, ladder, shop, type TestLadder, wide } from '../../harness/ladder.ts';

const minute = 60_000;
const hour = 60 * minute;
const iso = (ms: number): string => new Date(begin + ms).toISOString();

type Late = { reachedAt: number; target?: string; past?: Past | null };

/** A release is found that reached its environment without anybody having told. */
const find = (test: TestLadder, commit: string, { reachedAt, target, past = null }: Late) =>
  test.take(
    {
      type: 'recovered',
      seq: test.nextSeq(),
      execution: `x-${commit}`,
      startedAt: iso(reachedAt - minute),
      at: iso(reachedAt),
    },
    {
      execution: { rollback: target !== undefined, target: target ?? null, commit },
      sourced: { commit, author: 'Ada', subject: `work of ${commit}`, contains: null },
      past,
    },
  );

const commits = (test: TestLadder): string[] => test.state().releases.map(({ commit }) => commit);

/** Both alarms passed from one time to another. */
const passing = (from: number, until: number): Past => {
  const span = { from: iso(from), until: iso(until) };
  return { ...span, passed: { 'shop-node': [span], 'shop-smoke': [span] } };
};

describe('a release that was found late', () => {
  it('takes its place among the others by the time at which it came, and they know what replaced them', () => {
    const test = healthy();
    test.deliver('newest');
    find(test, 'oldest', { reachedAt: -3 * hour });
    find(test, 'between', { reachedAt: 30 * minute });
    expect(commits(test)).toEqual(['newest', 'between', 'good', 'oldest']);
    const replacedAt = test.state().releases.map((release) => release.replacedAt);
    expect(replacedAt).toEqual([null, iso(hour), iso(30 * minute), iso(0)]);
  });

  it('is counted once, however often it is found, also where its event comes after all', () => {
    const test = healthy();
    find(test, 'missed', { reachedAt: 30 * minute });
    expect(find(test, 'missed', { reachedAt: 30 * minute })).toEqual([]);
    expect(kinds(test.stage('x-missed'))).toEqual([]);
    expect(commits(test)).toEqual(['missed', 'good']);
  });

  it('begins nothing and tells nobody, also while an incident is open', () => {
    for (const test of [healthy(), broken(healthy(wide))]) {
      const { incident, timer } = test.state();
      expect(find(test, 'missed', { reachedAt: 30 * minute }).map(({ type }) => type)).toEqual(['release.reached']);
      expect(test.state().incident).toEqual(incident);
      expect(test.state().timer).toEqual(timer);
    }
  });

  it('is not taken in where CodePipeline does not confirm it, or where all that are remembered are newer', () => {
    const test = healthy();
    const at = { startedAt: iso(0), at: iso(minute) };
    expect(test.take({ type: 'recovered', seq: test.nextSeq(), execution: 'x', ...at })).toEqual([]);
    for (let n = 0; n < 20; n += 1) test.deliver(`c${n}`);
    expect(find(test, 'ancient', { reachedAt: -hour })).toEqual([]);
  });

  it('that was a rollback is not gone back to, also where what it went back to is found after it', () => {
    const test = healthy();
    find(test, 'back', { reachedAt: -hour, target: 'x-first', past: passing(-2 * hour, 0) });
    find(test, 'first', { reachedAt: -3 * hour, past: passing(-4 * hour, -hour) });
    const [, back, first] = test.state().releases;
    expect(back).toMatchObject({ byRollback: true, rebuiltFrom: first?.id });
    expect(first).toMatchObject({ commit: 'first', good: true });
  });

  it('that went back to what was itself put there again went back to the first of them', () => {
    const test = healthy();
    find(test, 'first', { reachedAt: -5 * hour });
    find(test, 'back', { reachedAt: -4 * hour, target: 'x-first' });
    find(test, 'again', { reachedAt: -3 * hour, target: 'x-back' });
    const first = test.state().releases.at(-1);
    const again = test.state().releases.find(({ execution }) => execution === 'x-again');
    expect(again).toMatchObject({ byRollback: true, rebuiltFrom: first?.id });
    expect(again).not.toHaveProperty('builtAnew');
  });

  it('that the ladder itself had begun is a release built once more', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'started', execution: 'x-ours' });
    find(test, 'ours', { reachedAt: hour + minute });
    const [ours] = test.state().releases;
    expect(ours).toMatchObject({ rebuiltFrom: 'production/shop@x-bad', byRollback: true, builtAnew: true });
  });

  it('that was a rollback to nobody knows what is one all the same', () => {
    const test = healthy();
    const late = { type: 'recovered', execution: 'x-back', startedAt: iso(minute), at: iso(minute) } as const;
    const execution = { rollback: true, target: null, commit: 'c' };
    test.take({ ...late, seq: test.nextSeq() }, { execution });
    expect(test.state().releases[0]).toMatchObject({ byRollback: true, rebuiltFrom: null });
  });

  it('that came in the very moment of another is taken to have come after it', () => {
    const test = healthy();
    const same = { type: 'recovered', seq: 9, execution: 'x-same', startedAt: iso(-1), at: iso(0) } as const;
    expect(judgedIn(test.state(), shop(), same, test.now())).toEqual({ from: iso(-1), until: iso(50 * minute) });
    find(test, 'same', { reachedAt: 0 });
    expect(commits(test)).toEqual(['same', 'good']);
  });

  it('is kept where it is as old as the oldest that is, and not where it is older', () => {
    const { releases: known, ...state } = healthy().state();
    const releases = Array.from({ length: 20 }, () => known[0]!);
    const late = { type: 'recovered', seq: 9, execution: 'x-late', startedAt: iso(-1) } as const;
    expect(isMissed({ ...state, releases }, { ...late, at: iso(0) })).toBe(true);
    expect(isMissed({ ...state, releases }, { ...late, at: iso(-1) })).toBe(false);
  });

  it('decides the same again on what was recorded', () => {
    const test = healthy();
    find(test, 'missed', { reachedAt: 30 * minute, past: passing(0, hour) });
    for (const { on, before, decision } of test.versions)
      expect(decide(before, on.input, on.readings, on.now, test.config)).toEqual(decision);
  });
});

describe('on day one a release of the time before', () => {
  const dayOne = (): TestLadder => {
    const test = ladder();
    for (const check of ['node', 'smoke']) test.alarm(check, 'pass');
    return test;
  };

  it('is the last good one where all alarms passed long enough while it ran', () => {
    const test = dayOne();
    find(test, 'running', { reachedAt: -5 * hour, past: passing(-6 * hour, -10 * minute) });
    find(test, 'before', { reachedAt: -50 * hour, past: passing(-51 * hour, -26 * hour) });
    expect(lastGood(test.state(), null, test.now())?.commit).toBe('running');
    expect(test.state().releases.map(({ good }) => good)).toEqual([true, true]);
    test.deliver('new');
    const suspect = test.state().releases[0] ?? null;
    expect(lastGood(test.state(), suspect, test.now())?.commit).toBe('running');
  });

  it('is not where an alarm failed meanwhile, or where nobody can say', () => {
    const test = dayOne();
    const { passed, ...span } = passing(-6 * hour, -10 * minute);
    const failing = {
      ...span,
      passed: { ...passed, 'shop-smoke': [{ from: iso(-6 * hour), until: iso(-4.5 * hour) }] },
    };
    find(test, 'failed', { reachedAt: -5 * hour, past: failing });
    find(test, 'unknown', { reachedAt: -8 * hour, past: null });
    expect(lastGood(test.state(), null, test.now())).toBeNull();
  });

  it('is where it passed until it was replaced, after a shorter time', () => {
    const test = dayOne();
    find(test, 'running', { reachedAt: -hour });
    find(test, 'brief', { reachedAt: -hour - 10 * minute, past: passing(-2 * hour, -hour) });
    find(test, 'briefer', { reachedAt: -hour - 19 * minute, past: passing(-2 * hour, -hour - 10 * minute) });
    expect(test.state().releases.map(({ good }) => good)).toEqual([false, true, false]);
  });

  it('can be held against what failed since, where the check passed before it went out', () => {
    const test = dayOne();
    find(test, 'suspect', { reachedAt: -hour, past: passing(-hour - minute, -10 * minute) });
    expect(test.state().releases[0]?.passedBefore).toEqual(['node', 'smoke']);
    find(test, 'other', { reachedAt: -3 * hour });
    expect(test.state().releases[1]?.passedBefore).toEqual([]);
  });

  it('is judged by its own time, and not at all once the history of alarms is over', () => {
    const test = dayOne();
    const missed = (reachedAt: number) =>
      ({ type: 'recovered', seq: 1, execution: 'x', startedAt: iso(reachedAt), at: iso(reachedAt) }) as const;
    const judged = (reachedAt: number) => judgedIn(test.state(), shop(), missed(reachedAt), test.now());
    expect(judged(-hour)).toEqual({ from: iso(-hour), until: iso(-10 * minute) });
    expect(judged(-48 * hour)).toEqual({ from: iso(-48 * hour), until: iso(-24 * hour) });
    expect(judged(-31 * 24 * hour)).toBeNull();
    find(test, 'next', { reachedAt: -40 * hour });
    expect(judged(-48 * hour)).toEqual({ from: iso(-48 * hour), until: iso(-40 * hour) });
  });
});
