import { describe, expect, it } from 'vitest';
import { admit } from '../../../shared/ladder/admit.ts';
import type { Revoked } from '../../../shared/config/config.ts';
import { railsOf } from '../../../shared/ladder/rails.ts';
import { lastGood, rootOf, running } from '../../../shared/ladder/releases.ts';
import { versionGroup } from '../../../shared/ladder/record.ts';
import { evolveReleases, noReleases, releaseAnswers } from '../../../shared/question/releases.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import {
  broken,
  claim,
  healthy,
  intends,
  kinds,
  shop,
  verifyAll,
  wide,
  type TestLadder,
} from '../../harness/ladder.ts';
import { tell } from '../../harness/orders.ts';

const revoked = (...commits: string[]): Revoked[] => [{ commits, why: 'CVE-2026-1234' }];

const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };

/** The configuration is changed under a ladder, as a new one is read at a start. */
const revoke = (test: TestLadder, ...commits: string[]): void => {
  test.config.revoked = commits.length === 0 ? [] : revoked(...commits);
};
const fresh = (): TestLadder => healthy(shop({ ...wide }));
const reasonFor = (test: TestLadder, commit: string): string => {
  const answer = admit(test.state(), commit, test.now());
  return answer.admitted ? 'admitted' : answer.reason;
};
const goodNow = (test: TestLadder): string | undefined => {
  const current = running(test.state());
  return current === null ? undefined : lastGood(test.state(), rootOf(test.state(), current), test.now())?.commit;
};
const endOf = (test: TestLadder): string | undefined =>
  test.versions.flatMap(({ decision }) => decision.events).findLast((event) => event.type === 'incident.closed')
    ?.reason;

describe('what the configuration revokes', () => {
  it('is taken over with the next decision, whatever it is about, and stands on record once', () => {
    const test = fresh();
    revoke(test, 'x');
    expect(kinds(test.read())).toEqual(['release.revoked']);
    expect(test.state().revoked).toEqual(revoked('x'));
    expect(kinds(test.read())).toEqual([]);
    revoke(test);
    expect(kinds(test.read())).toEqual(['release.revoked']);
    expect(test.state().revoked).toEqual([]);
  });

  it('is not gone back to, though it was good; a better one before it may be', () => {
    const test = fresh();
    test.deliver('better');
    test.forward(test.config.bake);
    test.read();
    test.deliver('bad');
    expect(goodNow(test)).toBe('better');
    revoke(test, 'better');
    test.read();
    expect(goodNow(test)).toBe('good');
    test.alarm('smoke', 'fail');
    test.timer();
    test.carryOut('r-1');
    verifyAll(test);
    expect(intends(test.versions.at(-1)?.decision.events ?? [])).toBe('go back to good');
  });

  it('leaves nothing to go back to where it was the only one: a person is called', () => {
    const test = broken(fresh());
    revoke(test, 'good');
    test.timer();
    test.carryOut('r-1');
    verifyAll(test);
    expect(test.state().incident).toBeNull();
    expect(endOf(test)).toBe('bad is the cause, and no earlier release is eligible to be gone back to');
  });

  it('is not put there again by anybody, not even by force', () => {
    const test = fresh();
    revoke(test, 'good');
    expect(intends(tell(test, { name: 'force', level: 'deploy' }))).toBeNull();
    expect(endOf(test)).toBe('good is not put there again: revoked by the configuration: CVE-2026-1234');
  });

  it('is not begun where it was intended before', () => {
    const test = broken(fresh());
    expect(intends(test.timer())).toBe('redeploy bad');
    revoke(test, 'bad');
    expect(kinds(claim(test))).toEqual(['release.revoked', 'incident.waiting']);
  });

  it('is refused at the stage, whether or not it ever came', () => {
    const test = fresh();
    revoke(test, 'never-came', 'good');
    test.read();
    for (const commit of ['never-came', 'good'])
      expect(reasonFor(test, commit)).toContain('revoked by the configuration: CVE-2026-1234');
    expect(reasonFor(test, 'fix')).toBe('admitted');
  });

  it('lets a newer change through that contains it: that is how the fix comes', () => {
    const test = fresh();
    revoke(test, 'good');
    test.read();
    expect(kinds(test.deliver('fix'))).toContain('release.reached');
    expect(running(test.state())?.commit).toBe('fix');
  });

  it('is not released from quarantine by anybody', () => {
    const test = fresh();
    revoke(test, 'good');
    const events = tell(test, { name: 'release', of: { commit: 'good' } });
    expect(events.find(({ type }) => type === 'order.refused')).toMatchObject({
      reason: 'good is revoked by the configuration: CVE-2026-1234; only the configuration takes that back',
    });
  });

  it('stays so when somebody quarantines it besides, and releases it again', () => {
    const test = fresh();
    revoke(test, 'good');
    tell(test, { name: 'quarantine', of: { commit: 'good' } });
    expect(kinds(tell(test, { name: 'release', of: { commit: 'good' } }))).toEqual(['quarantine.lifted']);
    expect(reasonFor(test, 'good')).toContain('revoked');
  });

  it('is told to people where it is what runs, and to nobody where it is not', () => {
    const alerts = (test: TestLadder) =>
      test.read().flatMap((event) => (event.type === 'alert.raised' ? [event.alert] : []));
    const runs = fresh();
    revoke(runs, 'good');
    expect(alerts(runs)).toMatchObject([
      {
        severity: 'warning',
        headline: 'shop in production: what runs is revoked by the configuration, CVE-2026-1234',
        next: 'it goes on running and is not put there again: put something else there',
      },
    ]);
    const other = fresh();
    revoke(other, 'x');
    expect(alerts(other)).toEqual([]);
  });

  it('is a reason why a release is not gone back to, in the list of releases too', () => {
    const test = fresh();
    revoke(test, 'good');
    test.read();
    const entries = test.versions.flatMap(({ before, on, decision }) =>
      versionGroup(test.config, before, on, decision, source).entries.slice(1),
    );
    const view = entries.reduce(
      (next, entry, seq) => evolveReleases(next, { ...entry, seq, observedAt: test.now() } as unknown as Entry),
      noReleases,
    );
    const [answer] = releaseAnswers(view, test.now());
    expect(answer).toMatchObject({ commit: 'good', status: 'running' });
    expect(answer?.whyNot).toContain('revoked by the configuration: CVE-2026-1234');
  });

  it('is a guard rail', () => {
    const test = fresh();
    const rail = () => railsOf(test.state(), test.config, test.now()).find(({ name }) => name === 'revoked');
    expect(rail()).toMatchObject({ limit: 200, used: 0, closed: false });
    revoke(test, 'x', 'y');
    test.read();
    expect(rail()).toMatchObject({ used: 2, closed: true, frees: null });
  });
});
