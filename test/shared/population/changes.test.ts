import { describe, expect, it } from 'vitest';
import { populationOf } from '../../../shared/population/population.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import * as given from './given.ts';

const { at, sha, user, session } = given;
const [zero, a, b, m] = [sha('9'), sha('a'), sha('b'), sha('e')];

const changesOf = (...drafts: (Draft | Draft[])[]) => populationOf(given.recorded(...drafts)).changes;

/** A change by mia, through pull request 7, approved and merged by ada, released by execution 1. */
const reviewed = [
  given.pushed(1, user('mia'), a, zero, 'tax'),
  given.pull(2, 'pullRequestCreated', user('mia')),
  given.approved(3, session('ada')),
  given.merged(4, session('ada')),
  given.pushed(4, session('ada'), a, zero),
  given.described(a, [zero]),
  given.started(5, '1'),
  given.action(6, '1', 'Compile', 'SUCCEEDED', 'Build', {
    'execution-result': { 'external-execution-id': 'shop:4f7d' },
  }),
  given.phase(6, 'shop:4f7d', 'BUILD', 'SUCCEEDED'),
  given.phase(6, 'shop:4f7d', 'FINALIZING', 'SUCCEEDED'),
  given.action(7, '1', 'Ask', 'STARTED', 'Approval'),
  given.putApproval(8, session('eve', 'Release')),
  given.action(8, '1', 'Ask', 'SUCCEEDED', 'Approval'),
  given.action(9, '1', 'Smoke', 'SUCCEEDED', 'Test'),
  given.reached(10, { release: '1', commit: a }),
];

describe('a row of changes', () => {
  it('tells of a release how it came: who wrote, pushed and approved it, what built and tested it, when it was there', () =>
    expect(changesOf(...reviewed)).toEqual([
      {
        environment: 'production',
        service: 'shop',
        release: 'production/shop@1',
        commit: a,
        repository: 'shop',
        branch: 'main',
        author: 'Mia <mia@example.com>',
        pusher: session('ada'),
        pullRequest: '7',
        pullRequestBy: user('mia'),
        approvers: [session('ada'), session('eve', 'Release')],
        approvals: [
          `pull request 7 approved by ${session('ada')} at ${at(3)}`,
          `Approval/Ask approved by ${session('eve', 'Release')} at ${at(8)}`,
        ],
        tickets: ['SHOP-12', '#7'],
        execution: '1',
        build: ['Build/Compile succeeded shop:4f7d'],
        tests: ['Compile BUILD succeeded', 'Test/Smoke succeeded'],
        pushed: at(4),
        started: at(5),
        reached: at(10),
        leadSeconds: 360,
        outcome: 'running',
        byRollback: false,
        rolledBack: null,
        entries: [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14],
      },
    ]));

  it('is the same whatever order the entries came in', () => {
    const rows = [reviewed, reviewed.toReversed()].map((drafts) => changesOf(...drafts)[0]);
    expect({ ...rows[1], entries: [] }).toEqual({ ...rows[0], entries: [] });
  });

  it('is there for each environment that a commit reached', () =>
    expect(
      changesOf(
        given.reached(1, { release: '1', commit: a, environment: 'staging' }),
        given.reached(2, { release: '1', commit: a }),
      ).map(({ environment }) => environment),
    ).toEqual(['staging', 'production']));

  it('is there also when nothing else is known of the release', () =>
    expect(changesOf(given.reached(1, { release: '1', commit: a }))).toMatchObject([
      { pusher: null, author: 'Mia', pullRequest: null, approvers: [], build: [], leadSeconds: null, entries: [0] },
    ]));

  it('says of a name that nobody vouches for that it is unverified', () => {
    const push = given.pushed(1, user('mia'), a, zero);
    const claimed: Draft = { ...push, actor: { type: 'person', id: user('mia'), name: 'mia', verified: false } };
    expect(changesOf(claimed, given.reached(2, { release: '1', commit: a }))[0]?.pusher).toBe(
      `${user('mia')} (unverified)`,
    );
  });

  it('has no lead time where a clock says that it was there before it was pushed', () =>
    expect(
      changesOf(given.pushed(9, user('mia'), a, zero), given.reached(2, { release: '1', commit: a }))[0]?.leadSeconds,
    ).toBeNull());

  it('finds tickets in the subject that the ladder knew where the commit is not described', () =>
    expect(changesOf(given.reached(1, { release: '1', commit: a, subject: 'OPS-9 less' }))[0]?.tickets).toEqual([
      'OPS-9',
    ]));
});

describe('what counts', () => {
  it('is not an event of another account', () => {
    const forged = { ...given.pushed(1, user('mallory'), a, zero) };
    const foreign = { ...forged, source: { ...forged.source, account: '999999999999' } };
    expect(changesOf(foreign, given.reached(2, { release: '1', commit: a }))[0]?.pusher).toBeNull();
  });

  it('is not an entry that only calls itself what another source says', () => {
    const push = given.pushed(1, user('mallory'), a, zero);
    const other = { ...push, source: { ...push.source, name: 'com.example' } };
    expect(changesOf(other, given.reached(2, { release: '1', commit: a }))[0]?.pusher).toBeNull();
  });

  it('is not a push of the same commit to another repository', () => {
    const push = given.pushed(1, user('mallory'), a, zero);
    const fork = { ...push, detail: { ...push.detail, repository: 'fork' } };
    expect(changesOf(fork, given.reached(2, { release: '1', commit: a }))[0]?.pusher).toBeNull();
  });

  it('is an approval of the last commit of a pull request only, and none that was taken back', () => {
    const rows = changesOf(
      given.approved(1, session('eve'), { sourceCommit: b }),
      given.approved(2, session('ada')),
      given.approved(3, session('bob')),
      given.approved(4, session('bob'), { approvalStatus: 'REVOKE' }),
      given.merged(5, session('ada')),
      given.reached(6, { release: '1', commit: a }),
    );
    expect(rows[0]?.approvers).toEqual([session('ada')]);
  });

  it('is an approval of a pipeline also when who gave it is not on record, which is said', () =>
    expect(
      changesOf(
        given.action(8, '1', 'Ask', 'SUCCEEDED', 'Approval'),
        given.putApproval(2, session('eve')),
        given.putApproval(8, session('eve'), 'Rejected'),
        given.reached(9, { release: '1', commit: a }),
      )[0],
    ).toMatchObject({
      approvers: [],
      approvals: [`Approval/Ask approved by somebody who is not on record at ${at(8)}`],
    }));
});

describe('the pull request of a release', () => {
  const pullOf = (...drafts: Draft[]) =>
    changesOf(...drafts, given.reached(9, { release: '1', commit: m }))[0]?.pullRequest;

  it.each([
    ['whose last commit it is', [given.merged(1, user('ada'), { sourceCommit: m })], '7'],
    ['whose merge made it', [given.merged(1, user('ada'), { mergeCommitId: m })], '7'],
    ['whose last commit is a parent of this merge', [given.merged(1, user('ada')), given.described(m, [zero, a])], '7'],
    ['that the branch was squashed for', [given.merged(1, user('ada')), given.pushed(1, user('ada'), m, zero)], '7'],
    ['is none that was not merged', [given.pull(1, 'pullRequestCreated', user('mia'), { sourceCommit: m })], null],
    ['is none that was built upon', [given.merged(1, user('ada')), given.described(m, [a])], null],
    [
      'is none that another branch was moved for',
      [given.merged(1, user('ada')), given.pushed(1, user('a'), m, zero, 'x')],
      null,
    ],
  ])('is the one %s', (_, drafts, id) => expect(pullOf(...drafts)).toBe(id));
});

describe('what became of a release', () => {
  const outcomesOf = (...drafts: (Draft | Draft[])[]) => changesOf(...drafts).map(({ outcome }) => outcome);
  const first = given.reached(1, { release: '1', commit: a });
  const second = given.reached(2, { release: '2', commit: b });
  const back = given.reached(3, { release: '3', commit: a, rebuiltFrom: '1' });

  it('is running until another is put there', () => expect(outcomesOf(first, second)).toEqual(['replaced', 'running']));

  it('is told for each service in each environment', () =>
    expect(outcomesOf(first, given.reached(2, { release: '2', commit: b, environment: 'staging' }))).toEqual([
      'running',
      'running',
    ]));

  it('is redeployed when the same was put there again', () =>
    expect(outcomesOf(first, second, given.reached(3, { release: '3', commit: b, rebuiltFrom: '2' }))).toEqual([
      'replaced',
      'redeployed',
      'running',
    ]));

  it('is rolled back, with when, why and to what, also for what was redeployed before', () => {
    const again = given.reached(3, { release: '3', commit: b, rebuiltFrom: '2' });
    const rows = changesOf(
      first,
      second,
      again,
      given.intended(4, 'production/shop#9.1', '4', 'smoke still fails after a redeploy'),
      given.reached(5, { release: '4', commit: a, rebuiltFrom: '1' }),
    );
    const rolledBack = { at: at(5), why: 'smoke still fails after a redeploy', to: 'production/shop@1' };
    expect(rows.map(({ outcome, rolledBack: how }) => [outcome, how])).toEqual([
      ['replaced', null],
      ['rolled-back', rolledBack],
      ['rolled-back', rolledBack],
      ['running', null],
    ]);
    expect(rows[1]?.entries).toEqual([1, 3, 4, 5]);
  });

  it('is rolled back for the reason that its quarantine gives', () =>
    expect(
      changesOf(first, second, back, given.quarantined(4, 'production/shop@2', b, 'smoke fails'))[1]?.rolledBack?.why,
    ).toBe('smoke fails'));

  it('says of what was put there again what built and approved it when it was new, and no lead time', () => {
    const rows = changesOf(
      given.action(0, '1', 'Compile', 'SUCCEEDED', 'Build'),
      given.pushed(0, user('mia'), a, zero),
      first,
      second,
      back,
    );
    expect(rows[2]).toMatchObject({ build: ['Build/Compile succeeded'], byRollback: true, leadSeconds: null });
  });
});
