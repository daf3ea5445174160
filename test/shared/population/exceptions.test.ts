import { describe, expect, it } from 'vitest';
import { populationOf } from '../../../shared/population/population.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { whoIs } from '../../../shared/population/who.ts';
import * as given from './given.ts';

const { at, sha, user, session } = given;
const [zero, a, b, c] = [sha('9'), sha('a'), sha('b'), sha('c')];

const exceptionsOf = (...drafts: (Draft | Draft[])[]) => populationOf(given.recorded(...drafts)).exceptions;
const kindsOf = (...drafts: (Draft | Draft[])[]) => exceptionsOf(...drafts).map(({ kind }) => kind);
const released = given.reached(30, { release: '1', commit: a });
const branch = given.pushed(1, user('mia'), a, zero, 'tax');
const opened = given.pull(2, 'pullRequestCreated', user('mia'));
const merged = given.merged(4, session('ada'));
const main = given.pushed(4, session('ada'), a, zero);

describe('a release that came by a pull request that somebody else approved', () => {
  it('is no exception, whoever merged it', () =>
    expect(
      kindsOf(branch, opened, given.approved(3, session('ada')), merged, main, given.described(a, [zero]), released),
    ).toEqual([]));
});

describe('a release without a pull request', () => {
  it('is an exception, with who pushed it, and its push to the branch that releases come from is another', () =>
    expect(exceptionsOf(given.pushed(1, user('mia'), a, zero), given.started(2, '1'), released)).toEqual([
      expect.objectContaining({ kind: 'direct-push', who: user('mia'), repository: 'shop', commit: a, entries: [0] }),
      {
        kind: 'no-pull-request',
        at: at(30),
        who: user('mia'),
        environment: 'production',
        service: 'shop',
        repository: 'shop',
        release: 'production/shop@1',
        commit: a,
        what: `${a} was released to production`,
        why: 'no merged pull request of this commit is among the entries',
        entries: [0, 2],
      },
    ]));
});

describe('approval', () => {
  const by = (...approvers: Draft[]) =>
    kindsOf(branch, opened, ...approvers, merged, main, given.described(a, [zero]), released);

  it('is missed where a pull request was merged without any', () => expect(by()).toEqual(['not-approved']));

  it.each([
    ['the author of the pull request', given.approved(3, user('mia'))],
    ['the same person in a role', given.approved(3, session('Mia', 'Admin'))],
  ])('by %s alone is no approval by another', (_, approval) => expect(by(approval)).toEqual(['self-approved']));

  it('by whom the commit claims for its author is none by another, whoever pushed it', () => {
    const drafts = [
      given.pushed(1, user('bot'), a, zero, 'tax'),
      given.merged(4, user('bot'), { author: user('bot') }),
      main,
    ];
    const approval = given.approved(3, user('mia'), { author: user('bot') });
    expect(kindsOf(...drafts, approval, given.described(a, [zero]), released)).toEqual(['self-approved']);
  });

  it('by whoever pushed to the pull request last is none by another', () =>
    expect(
      by(given.pull(2, 'pullRequestSourceBranchUpdated', session('ada')), given.approved(3, session('ada'))),
    ).toEqual(['self-approved']));

  it('by one other person is enough', () =>
    expect(by(given.approved(3, user('mia')), given.approved(3, session('ada')))).toEqual([]));

  it('in the pipeline by whoever pushed is none by another, where there is no pull request either', () =>
    expect(
      kindsOf(
        given.pushed(1, user('mia'), a, zero),
        given.action(8, '1', 'Ask', 'SUCCEEDED', 'Approval'),
        given.putApproval(8, session('mia')),
        released,
      ),
    ).toEqual(['direct-push', 'no-pull-request', 'self-approved']));

  it('by somebody who is not on record counts for nobody, and is said', () =>
    expect(
      exceptionsOf(branch, opened, merged, main, given.action(8, '1', 'Ask', 'SUCCEEDED', 'Approval'), released),
    ).toEqual([expect.objectContaining({ kind: 'not-approved', why: 'who approved it is not among the entries' })]));

  it('whose rules were set aside is an exception of whoever did it', () => {
    const override = given.pull(3, 'pullRequestApprovalRuleOverridden', user('root'), { overrideStatus: 'OVERRIDE' });
    expect(exceptionsOf(branch, opened, given.approved(3, session('ada')), override, merged, main, released)).toEqual([
      expect.objectContaining({ kind: 'approval-rules-overridden', who: user('root') }),
    ]);
  });

  it('whose rules were put back in force is none', () => {
    const set = (overrideStatus: string) =>
      given.pull(3, 'pullRequestApprovalRuleOverridden', user('root'), { overrideStatus });
    expect(by(given.approved(3, session('ada')), set('OVERRIDE'), set('REVOKE'))).toEqual([]);
  });
});

describe('a branch that releases come from', () => {
  const line = [
    given.described(a, [zero]),
    given.described(zero, []),
    given.described(b, [a]),
    given.described(c, [zero]),
  ];
  const push = (minute: number, to: string, old: string | null, of?: string) =>
    given.pushed(minute, user('mia'), to, old, of);
  const forced = (...drafts: Draft[]) => exceptionsOf(...drafts).filter(({ kind }) => kind === 'force-push');
  const movesOf = (...drafts: Draft[]) => populationOf(given.recorded(...drafts)).totals.branchMoves;

  it('was forced where the new commit does not descend from the old one', () =>
    expect(forced(...line, push(1, a, zero), push(2, c, a), released)).toMatchObject([
      { who: user('mia'), commit: c, what: `main was moved from ${a} to ${c}`, entries: [5] },
    ]));

  it('was forced where it was put back to what the old commit descends from', () =>
    expect(forced(...line, push(1, a, zero), push(2, b, a), push(3, zero, b), released)).toHaveLength(1));

  it('was not where commits were added, one or many, also by a merge', () =>
    expect(
      forced(...line, given.described(sha('d'), [c, b]), push(1, a, zero), push(2, sha('d'), a), released),
    ).toEqual([]));

  it('is not said to have been forced where what lies between is not on record: that is counted', () => {
    const drafts = [push(1, a, zero), push(2, c, b), given.described(c, [sha('d')]), released];
    expect(forced(...drafts)).toEqual([]);
    expect(movesOf(...drafts)).toEqual({ count: 2, unknown: 2 });
  });

  it('is known to have been forced without the whole history, where both lines meet again', () => {
    const [x, y] = [given.described(b, [a]), given.described(c, [a])];
    expect(forced(x, y, push(1, a, zero), push(2, b, a), push(3, c, b), released)).toMatchObject([{ commit: c }]);
  });

  it('may be deleted and made again, and nothing ties the two together', () =>
    expect(forced(push(1, a, zero), given.deleted(2, user('eve'), a), push(3, c, null), released)).toMatchObject([
      {
        who: user('eve'),
        commit: a,
        what: `main, which stood at ${a}, was deleted and made again at ${c}`,
        entries: [1, 2],
      },
    ]));

  it('is asked about; others may be forced and pushed to as their owners like', () =>
    expect(
      kindsOf(
        ...line,
        branch,
        opened,
        given.approved(3, session('ada')),
        merged,
        main,
        push(9, c, a, 'tax'),
        given.started(5, '1'),
        released,
      ),
    ).toEqual([]));

  it('is not one that somebody started an execution of by hand', () =>
    expect(
      kindsOf(push(1, a, zero, 'try'), given.started(2, '1', { 'trigger-type': 'StartPipelineExecution' }), released),
    ).toEqual(['no-pull-request']));

  it('takes no push that its pull request was merged into another branch for', () =>
    expect(
      kindsOf(
        branch,
        opened,
        given.approved(3, session('ada')),
        given.merged(4, session('ada'), { destinationReference: 'refs/heads/next' }),
        main,
        released,
      ),
    ).toContain('direct-push'));
});

describe('a call past the pipeline', () => {
  const overrides = {
    requestParameters: { name: 'shop', sourceRevisions: [{ actionName: 'Source', revisionValue: b }] },
  };

  it.each([
    ['a person', given.called(1, user('eve'), 'ecs', 'UpdateService')],
    ['a role', given.called(1, session('eve'), 'lambda', 'UpdateFunctionCode20150331v2')],
    ['a deployment by hand', given.called(1, session('eve'), 'codedeploy', 'CreateDeployment')],
    ['another revision', given.called(1, session('eve'), 'codepipeline', 'StartPipelineExecution', overrides)],
    ['a changed pipeline', given.called(1, session('eve'), 'codepipeline', 'UpdatePipeline')],
  ])('is an exception: %s', (_, call) => expect(kindsOf(call)).toEqual(['outside-pipeline']));

  it.each([
    [
      'by a service for somebody',
      given.called(1, session('x'), 'ecs', 'UpdateService', { sourceIPAddress: 'codepipeline.amazonaws.com' }),
    ],
    ['refused', given.called(1, user('eve'), 'ecs', 'UpdateService', { errorCode: 'AccessDenied' })],
    ['starting the pipeline as it is', given.called(1, user('eve'), 'codepipeline', 'StartPipelineExecution')],
    ['of another kind', given.called(1, user('eve'), 'ecs', 'DescribeServices')],
    ['that is named as objects name their members', given.called(1, user('eve'), 'ecs', 'constructor')],
    ['an approval', given.putApproval(1, user('eve'))],
  ])('is none: %s', (_, call) => expect(kindsOf(call)).toEqual([]));

  it('is none when a build of a pipeline made it, and one when only its session is named so', () => {
    const call = given.called(1, session('AWSCodeBuild-4f7d', 'Build'), 'lambda', 'UpdateAlias');
    expect(kindsOf(call, given.phase(2, 'shop:4f7d', 'BUILD', 'SUCCEEDED'))).toEqual([]);
    expect(kindsOf(call, given.phase(2, 'shop:0000', 'BUILD', 'SUCCEEDED'))).toEqual(['outside-pipeline']);
  });

  it('is none when Escalator made it, by the execution that it started', () => {
    const call = given.called(1, session('act', 'Escalator'), 'codepipeline', 'StartPipelineExecution', {
      ...overrides,
      responseElements: { pipelineExecutionId: '4' },
    });
    expect(kindsOf(call)).toEqual(['outside-pipeline']);
    expect(kindsOf(call, given.intended(1, 'production/shop#9.1', '4', null))).toEqual([]);
  });
});

describe('going back', () => {
  const [first, second] = [
    given.reached(1, { release: '1', commit: a }),
    given.reached(2, { release: '2', commit: b }),
  ];
  const back = given.reached(5, { release: '4', commit: a, rebuiltFrom: '1' });
  const backOf = (...drafts: (Draft | Draft[])[]) => exceptionsOf(...drafts).filter(({ kind }) => kind === 'rollback');

  it('is an exception, and so is each quarantine', () => {
    const intent = given.intended(4, 'production/shop#9.1', '4', 'smoke fails');
    const quarantine = given.quarantined(6, 'production/shop@2', b, 'smoke fails');
    const rows = exceptionsOf(first, second, intent, back, quarantine);
    expect(rows.filter(({ kind }) => kind !== 'no-pull-request')).toMatchObject([
      {
        kind: 'rollback',
        who: 'escalator',
        release: 'production/shop@2',
        commit: b,
        what: 'production went back from production/shop@2 to production/shop@1',
        why: 'smoke fails',
        entries: [1, 2, 3, 4, 5],
      },
      { kind: 'quarantine', who: 'escalator', release: 'production/shop@2', entries: [5] },
    ]);
  });

  it('a quarantine that a person ordered is an exception by that person, also of a commit that never came', () => {
    const who = { type: 'person', id: 'arn:aws:iam::1:user/ben', name: 'ben', verified: true } as const;
    const rows = exceptionsOf(first, given.quarantineOrdered(6, b, who, 'it leaks'));
    expect(rows.filter(({ kind }) => kind === 'quarantine')).toMatchObject([
      { who: whoIs(who), commit: b, why: 'it leaks', what: `${b} is not put into production again` },
    ]);
  });

  it('by hand names who started it', () => {
    const start = given.started(4, '4', { 'trigger-type': 'ManualRollback', 'trigger-detail': session('eve') });
    expect(backOf(first, second, start, back)).toMatchObject([{ who: session('eve'), why: 'no reason is on record' }]);
  });

  it('is none where the running release is put there again', () =>
    expect(backOf(first, given.reached(2, { release: '2', commit: a, rebuiltFrom: '1' }))).toEqual([]));

  it('from what is not among the entries is one, unless its intent says that it only puts the same there again', () => {
    expect(backOf(back)).toMatchObject([{ release: null, what: expect.stringContaining('not among the entries') }]);
    expect(backOf(given.intended(4, 'production/shop#9.1', '4', null), back)).toEqual([]);
  });
});
