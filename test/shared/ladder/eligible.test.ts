import { describe, expect, it } from 'vitest';
import {
  ineligible,
  isRecent,
  lastGood,
  lastServed,
  reasonsAgainst,
  refusal,
  releasesBack,
  rootOf,
  wentBackFrom,
} from '../../../shared/ladder/releases.ts';
import { initialState, type KeptRelease, type LadderState } from '../../../shared/ladder/state.ts';
import { begin, healthy, kinds, ladder, shop, type TestLadder } from '../../harness/ladder.ts';

const day = 86_400_000;
const at = (ms: number): string => new Date(begin + ms).toISOString();
const now = at(0);

const release = (id: string, over: Partial<KeptRelease> = {}): KeptRelease => ({
  id,
  execution: `x-${id}`,
  commit: id,
  author: 'Ada',
  subject: `work of ${id}`,
  contains: null,
  reachedAt: at(-day),
  byRollback: false,
  rebuiltFrom: null,
  passedBefore: [],
  good: true,
  quarantined: null,
  replacedAt: at(-1_000),
  ...over,
});
const suspectOf = (id: string): KeptRelease => release(id, { good: false, replacedAt: null });
const suspect = suspectOf('bad');
/** A ladder to which releases came, the newest first. */
const having = (...releases: KeptRelease[]): LadderState => ({ ...initialState, releases });
const why = (one: KeptRelease, ...between: KeptRelease[]): string | null =>
  ineligible(having(suspect, ...between, one), one, suspect, now);

describe('a release may be gone back to', () => {
  it('when it was good, and nothing speaks against it', () => {
    expect(why(release('good'))).toBeNull();
  });

  it.each<[string, Partial<KeptRelease>]>([
    ['reached by a rollback', { byRollback: true }],
    ['it is what runs here', { commit: 'bad' }],
    ['quarantined: smoke', { quarantined: 'smoke' }],
    ['never stayed with all checks passing for the bake time', { good: false }],
    ['last served more than 30 days ago', { replacedAt: at(-30 * day - 1) }],
  ])('but not when it is %s', (reason, over) => {
    const one = release('one', over);
    expect(why(one)).toBe(reason);
    expect(reasonsAgainst(having(suspect, one), one, suspect, now)).toEqual([reason]);
    expect(lastGood(having(suspect, one), suspect, now)).toBeNull();
  });

  it('when it last served 30 days ago to the millisecond', () => {
    expect(why(release('old', { replacedAt: at(-30 * day) }))).toBeNull();
  });

  it('when three releases went out since, and not when four did', () => {
    const [second, third, fourth] = ['second', 'third', 'fourth'].map((id) => release(id, { good: false }));
    expect(why(release('one'), second!, third!)).toBeNull();
    expect(why(release('one'), second!, third!, fourth!)).toBe('more than three releases back');
  });

  it('counts a release that came back as one, from when it last served', () => {
    const one = release('one', { replacedAt: at(-40 * day) });
    const again = release('again', { byRollback: true, rebuiltFrom: 'one', replacedAt: at(-5_000) });
    const state = having(suspect, again, release('two'), release('three'), release('four'), release('five'), one);
    expect(lastServed(state, one, now)).toBe(at(-5_000));
    expect(releasesBack(state, one)).toBe(1);
    expect(ineligible(state, one, suspect, now)).toBeNull();
    expect(rootOf(state, again)).toBe(one);
  });

  it('and of several the newest is', () => {
    const state = having(suspect, release('shaky', { good: false }), release('newer'), release('older'));
    expect(lastGood(state, suspect, now)?.id).toBe('newer');
  });

  it('while it runs, which is now', () => {
    const runs = release('one', { replacedAt: null });
    expect(lastServed(having(runs), runs, now)).toBe(now);
  });
});

describe('a commit that was gone back from', () => {
  const state = (ms: number): LadderState => ({ ...initialState, wentBack: [{ at: at(ms), commit: 'bad' }] });

  it('is refused for 24 h, and no longer', () => {
    expect(wentBackFrom(state(1 - day), 'bad', now)).toBe(true);
    expect(wentBackFrom(state(-day), 'bad', now)).toBe(false);
  });

  it('is neither put there nor gone back to for as long, though nothing else is remembered of it', () => {
    const bad = release('bad');
    const marked = (ms: number): LadderState => ({ ...state(ms), releases: [suspectOf('other'), bad] });
    expect(refusal(marked(1 - day), 'bad', now)).toBe('gone back from within 24 h');
    expect(lastGood(marked(1 - day), suspectOf('other'), now)).toBeNull();
    expect(refusal(marked(-day), 'bad', now)).toBeNull();
    expect(lastGood(marked(-day), suspectOf('other'), now)).toBe(bad);
  });

  it('is refused alone', () => {
    expect(wentBackFrom(state(0), 'good', now)).toBe(false);
  });
});

describe('a release is recent', () => {
  it('until the suspicion of it is over', () => {
    const since = (ms: number) =>
      isRecent(release('one', { reachedAt: at(-ms) }), now, shop({ suspectFor: 7_200_000 }));
    expect([since(7_200_000), since(7_200_001)]).toEqual([true, false]);
  });
});

describe('a release becomes good', () => {
  const good = (test: TestLadder): boolean => test.state().releases[0]?.good ?? false;
  const delivered = (): TestLadder => {
    const test = ladder();
    for (const check of ['node', 'smoke']) test.alarm(check, 'pass');
    test.forward(600_000);
    test.deliver('new');
    return test;
  };

  it('an hour after it came, and not before, though the checks have passed for longer', () => {
    const test = delivered();
    test.forward(3_599_999);
    expect(test.read()).toEqual([]);
    test.forward(1);
    expect(kinds(test.read())).toEqual(['release.good']);
    expect(test.read()).toEqual([]);
  });

  it('an hour after all checks pass again, where one did not', () => {
    const test = delivered();
    test.alarm('smoke', 'unknown');
    test.forward(1_800_000);
    test.alarm('smoke', 'pass');
    test.forward(1_800_000);
    expect([test.read(), good(test)]).toEqual([[], false]);
    test.forward(1_800_000);
    expect(kinds(test.read())).toEqual(['release.good']);
  });

  it('while another check is unknown, never', () => {
    const test = delivered();
    test.alarm('smoke', 'unknown');
    test.forward(7_200_000);
    expect([test.read(), good(test)]).toEqual([[], false]);
  });

  it('when it is replaced after ten minutes in which all went well', () => {
    const test = delivered();
    test.forward(600_000);
    expect(kinds(test.stage('x-next'))).toEqual(['release.unconfirmed']); // of an execution whose source nobody knows
    test.sourced('x-next', 'next');
    expect(kinds(test.stage('x-next'))).toEqual(['release.good', 'release.reached']);
  });

  it('never where it is quarantined', () => {
    const test = delivered();
    const who = { type: 'person', id: 'ben', name: 'Ben', verified: true } as const;
    const order = { name: 'quarantine', of: { release: 'production/shop@x-new' } } as const;
    test.take({ type: 'order', seq: test.nextSeq(), order, who, why: 'it is vulnerable' });
    test.forward(7_200_000);
    expect([test.read(), good(test)]).toEqual([[], false]);
  });
});

describe('a release that was put there again', () => {
  /** It came, its node failed before it was good, and it was put there again by an execution of its own. */
  const again = (rollback: boolean): TestLadder => {
    const test = ladder();
    for (const check of ['node', 'smoke']) test.alarm(check, 'pass');
    test.deliver('new');
    test.alarm('smoke', 'fail');
    test.timer();
    test.result({ outcome: 'started', execution: 'x-again' });
    const input = { type: 'stage', seq: test.nextSeq(), execution: 'x-again', outcome: 'succeeded' } as const;
    const reading = { rollback, target: rollback ? 'x-new' : null, commit: 'new' };
    test.take({ ...input, startedAt: test.now(), at: test.now(), reason: '' }, { execution: reading });
    test.alarm('smoke', 'pass');
    return test;
  };
  const root = (test: TestLadder): KeptRelease | undefined =>
    test.state().releases.find(({ id }) => id.endsWith('x-new'));

  it('is good when it stayed after that with all checks passing', () => {
    const test = again(true);
    test.forward(3_600_000);
    const said = test.read();
    expect(kinds(said)).toEqual(['release.good']);
    expect(root(test)?.good).toBe(true);
    expect(test.read()).toEqual([]);
    test.deliver('worse');
    expect(lastGood(test.state(), test.state().releases[0]!, test.now())?.commit).toBe('new');
  });

  it('is good when the next one replaces it after ten minutes in which all went well', () => {
    const test = again(true);
    test.forward(600_000);
    expect(kinds(test.deliver('next'))).toEqual(['release.good', 'release.reached']);
  });

  it('is not good by what was built of its revisions once more: that may be something else', () => {
    const test = again(false);
    test.forward(3_600_000);
    expect(test.read()).toEqual([]);
    expect(root(test)?.good).toBe(false);
  });
});

describe('a release that comes', () => {
  const came = (test: TestLadder): KeptRelease | undefined => test.state().releases[0];
  const stage = (test: TestLadder, execution: string, over: object, startedAgoMs = 1_000) => {
    const startedAt = new Date(Date.parse(test.now()) - startedAgoMs).toISOString();
    const input = { type: 'stage', seq: test.nextSeq(), execution, outcome: 'succeeded', reason: '' } as const;
    const reading = { rollback: false, target: null, commit: null, ...over };
    return test.take({ ...input, startedAt, at: test.now() }, { execution: reading });
  };

  it('comes once, however often its stage says that it succeeded', () => {
    const test = healthy();
    test.sourced('x-1', 'c1');
    expect(kinds(stage(test, 'x-1', {}))).toEqual(['release.reached']);
    expect(stage(test, 'x-1', {})).toEqual([]);
  });

  it('by a rollback is its target again: the same revisions, of the same author', () => {
    const test = healthy();
    test.deliver('bad');
    stage(test, 'x-back', { rollback: true, target: 'x-good', commit: 'good' });
    expect(came(test)).toEqual({
      id: 'production/shop@x-back',
      execution: 'x-back',
      commit: 'good',
      author: 'Ada',
      subject: 'work of good',
      contains: null,
      reachedAt: test.now(),
      byRollback: true,
      rebuiltFrom: 'production/shop@x-good',
      passedBefore: ['node', 'smoke'],
      good: false,
      quarantined: null,
      replacedAt: null,
    });
  });

  it('by a rollback to a rollback is the release that both put there', () => {
    const test = healthy();
    test.deliver('bad');
    stage(test, 'x-back', { rollback: true, target: 'x-good' });
    test.deliver('worse');
    stage(test, 'x-more', { rollback: true, target: 'x-back' });
    expect(came(test)?.rebuiltFrom).toBe('production/shop@x-good');
  });

  it('is by no rollback where CodePipeline names a target and no rollback', () => {
    const test = healthy();
    stage(test, 'x-2', { rollback: false, target: 'x-good', commit: 'c2' });
    expect(came(test)).toMatchObject({ commit: 'c2', byRollback: false, rebuiltFrom: null });
  });

  it('while a step is under way is ours only by the execution of the step', () => {
    const test = healthy();
    test.deliver('bad');
    test.alarm('smoke', 'fail');
    test.timer();
    test.result({ outcome: 'started', execution: 'r-1' });
    stage(test, 'x-other', { commit: 'other' });
    expect(came(test)).toMatchObject({ commit: 'other', byRollback: false });
    stage(test, 'r-1', {});
    expect(came(test)).toMatchObject({ commit: 'bad', byRollback: true, rebuiltFrom: 'production/shop@x-bad' });
  });

  it('has against it what failed from the start of its stage on, and not what failed before', () => {
    const test = healthy();
    test.alarm('smoke', 'fail');
    test.forward(1_000);
    test.sourced('x-1', 'c1');
    stage(test, 'x-1', {}, 1_000);
    expect(came(test)?.passedBefore).toEqual(['node', 'smoke']);
    test.sourced('x-2', 'c2');
    stage(test, 'x-2', {}, 999);
    expect(came(test)?.passedBefore).toEqual(['node']);
    test.alarm('node', 'unknown');
    test.sourced('x-3', 'c3');
    stage(test, 'x-3', {}, 60_000);
    expect(came(test)?.passedBefore).toEqual(['smoke']);
  });
});
