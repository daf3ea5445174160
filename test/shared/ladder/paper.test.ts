import { describe, expect, it } from 'vitest';
import type { LadderEvent } from '../../../shared/ladder/events.ts';
import { levels, type Stack, stack } from '../../harness/paper.ts';

/** All that was said, in order. */
const saidIn = ({ ladder }: Stack): LadderEvent[] => ladder.versions.flatMap(({ decision }) => decision.events);
const ending = (of: Stack): unknown => saidIn(of).findLast(({ type }) => type === 'incident.closed');
const goneBack = (of: Stack): LadderEvent[] => saidIn(of).filter(({ type }) => type === 'release.quarantined');
const paged = (of: Stack): string[] =>
  saidIn(of).flatMap((event) =>
    event.type === 'alert.raised' && event.alert.severity === 'page' ? [event.alert.headline] : [],
  );
const attempts = (of: Stack): string[] =>
  saidIn(of).flatMap((event) => (event.type === 'attempt.started' ? [event.from] : []));
const quiescence = {
  account: 900_000,
  network: 600_000,
  tier: 300_000,
  node: 180_000,
  configure: 120_000,
  deploy: 60_000,
};

describe('six levels and five checks', () => {
  it.each([
    ['the provider is down: 1 to 6', 'account', 1],
    ['the network is down: 2 to 6', 'network', 2],
    ['a tier is down: 3 to 6', 'tier', 3],
    ['a node is down: a new one is built, configured and deployed to, 4 to 6', 'node', 4],
    ['only the smoke check fails: 6', 'deploy', 6],
  ] as const)('%s', (_, level, first) => {
    const it = stack();
    it.goesDown(level);
    it.climb();
    expect(it.taken).toEqual(levels.slice(first - 1));
    expect(ending(it)).toMatchObject({ status: 'converged', attempts: 1 });
  });

  it('two are down: from the level of the more drastic one to the end, whichever came first', () => {
    const it = stack();
    it.goesDown('deploy');
    it.goesDown('tier');
    it.climb();
    expect(it.taken).toEqual(['tier', 'node', 'configure', 'deploy']);
    expect(attempts(it)).toEqual(['tier']);
  });

  it('nothing is done for 30 s once it is engaged, and nothing in the quiescence of a step, whatever arrives', () => {
    const it = stack();
    it.goesDown('account');
    const opened = Date.parse(it.ladder.now());
    it.ladder.timer();
    expect(Date.parse(it.ladder.now()) - opened).toBe(30_000);
    it.climb(() => {
      const before = it.taken.length;
      it.ladder.alarm('smoke', 'fail');
      it.ladder.alarm('provider', 'fail');
      it.ladder.read();
      it.ladder.silently('provider', 'pass');
      expect(it.taken).toHaveLength(before);
      expect(it.ladder.state().incident?.phase.name).toBe('quiet');
    });
    expect(it.quiet).toEqual(levels.map((level) => ({ level, ms: quiescence[level] })));
  });

  it('a deeper failure in the middle is seen after the quiescence, and climbed to from there', () => {
    const it = stack();
    it.goesDown('node');
    it.climb((level) => {
      if (level === 'node' && it.taken.length === 1) it.goesDownUnseen('network');
    });
    expect(it.taken).toEqual(['node', 'network', 'tier', 'node', 'configure', 'deploy']);
    expect(attempts(it)).toEqual(['node', 'network']);
    expect(ending(it)).toMatchObject({ status: 'converged', attempts: 2 });
  });

  it('a level whose own check passes counts as taken, and is on record as already so', () => {
    const it = stack();
    for (const check of ['network', 'tier', 'node', 'smoke']) it.alarm(check, 'pass');
    it.goesDown('account');
    it.climb();
    expect(it.taken).toEqual(['account', 'configure']);
    const ended = saidIn(it).flatMap((event) => (event.type === 'step.ended' ? [[event.level, event.outcome]] : []));
    expect(ended).toEqual([
      ['account', 'done'],
      ['network', 'already-so'],
      ['tier', 'already-so'],
      ['node', 'already-so'],
      ['configure', 'done'],
      ['deploy', 'already-so'],
    ]);
  });

  it('a level without a check of its own is taken though every check passes by then: a new node is configured', () => {
    const it = stack();
    for (const check of ['tier', 'smoke']) it.alarm(check, 'pass');
    it.goesDown('node');
    it.climb();
    expect(it.taken).toEqual(['node', 'configure']);
    expect(ending(it)).toMatchObject({ status: 'converged', attempts: 1 });
  });

  it('a step that has to wait in the middle is what it goes on with, though every check passes by then', () => {
    const it = stack();
    for (const check of ['tier', 'smoke']) it.alarm(check, 'pass');
    it.goesDown('node');
    it.climb((level) => {
      if (level === 'node') it.isBusy(2);
    });
    expect(it.taken).toEqual(['node', 'configure']);
    expect(attempts(it)).toEqual(['node']);
  });

  it('drastic levels are approved, each by somebody who did not write the change', () => {
    const it = stack();
    it.goesDown('account');
    it.climb();
    expect(it.approvedBy).toEqual(['Ben', 'Ben']);
    const refused = saidIn(it).flatMap((event) => (event.type === 'order.refused' ? [event.reason] : []));
    expect(refused).toContain('Ada wrote the change: somebody else must approve');
  });
});

describe('not converged', () => {
  it('again: what is rebuilt and still fails is rebuilt, up to three times; then a person is called', () => {
    const it = stack();
    it.alarm('tier', 'fail');
    it.climb();
    expect(attempts(it)).toEqual(['tier', 'tier', 'tier']);
    expect(it.taken).toHaveLength(12);
    expect(ending(it)).toMatchObject({ status: 'handed-over', reason: 'still failing after 3 attempts' });
    expect(paged(it)).toHaveLength(1);
    expect(goneBack(it)).toEqual([]);
  });

  it('rollback: a release that still fails its smoke check after a redeploy is gone back from', () => {
    const it = stack();
    it.deliver('bad', false);
    it.climb();
    expect(it.taken).toEqual(['deploy', 'deploy']);
    expect(goneBack(it)).toMatchObject([{ commit: 'bad', check: 'smoke' }]);
    expect(ending(it)).toMatchObject({ status: 'converged', attempts: 2 });
    expect(it.ladder.state().releases[0]).toMatchObject({ commit: 'good', byRollback: true });
  });

  it('person: what fails after the rollback too is handed over, and nothing is gone back from twice', () => {
    const it = stack();
    it.deliver('bad', false);
    it.alarm('smoke', 'fail');
    it.climb();
    expect(goneBack(it)).toHaveLength(1);
    expect(ending(it)).toMatchObject({ status: 'handed-over' });
    expect(paged(it)).toHaveLength(1);
  });
});

describe('a node that cannot be replaced for lack of capacity', () => {
  it('ends with a person, and no innocent release is rolled back', () => {
    const it = stack();
    it.deliver('innocent', true);
    it.ladder.forward(600_000);
    it.cannotBeBuilt('node');
    it.goesDown('node');
    it.climb();
    expect(it.taken).toEqual(['node']);
    expect(ending(it)).toMatchObject({ status: 'handed-over' });
    expect(paged(it)).toHaveLength(1);
    expect(goneBack(it)).toEqual([]);
    expect(it.ladder.state().releases[0]).toMatchObject({ commit: 'innocent', quarantined: null });
  });

  it('nor is it when the group says at once that it cannot', () => {
    const it = stack();
    it.deliver('innocent', true);
    it.goesDown('node');
    it.ladder.timer();
    for (const attempt of [1, 2, 3]) {
      expect(it.ladder.state().incident?.attempt).toBe(attempt);
      it.ladder.result({ outcome: 'failed', reason: 'no capacity' });
    }
    expect(ending(it)).toMatchObject({ status: 'handed-over', reason: 'still failing after 3 attempts' });
    expect(goneBack(it)).toEqual([]);
  });
});
