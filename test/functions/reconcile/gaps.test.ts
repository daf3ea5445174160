import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../shared/trail/entry.ts';
import { ago, begin, change, day, hour, later, marked, minute, started } from '../../harness/reconciled.ts';
import { configOf } from '../../harness/reconciling.ts';
import { context } from '../../shared/event/harness.ts';

const gaps = (entries: Entry[]): (string | null)[] =>
  entries.filter(({ kind }) => kind === 'gap.found').map(({ reason }) => reason);

describe('a gap that nobody can explain', () => {
  it('is an alarm that went from a state it was not in: once on record, and people are told', async () => {
    const test = await started();
    test.kept.items = [change(later(minute), 'OK', 'ALARM')];
    test.forward(10 * minute);
    await test.run();
    test.kept.items.push(change(later(20 * minute), 'OK', 'ALARM'));
    test.forward(30 * minute);
    await test.run();
    await test.run();
    expect(gaps(test.trail.entries)).toEqual([
      'alarm shop-smoke went from OK to ALARM, and was ALARM when it was told of last',
    ]);
    expect(test.trail.entries.filter(({ kind }) => kind === 'alert.raised')).toHaveLength(1);
  });

  it('is not of the time before, nor an alarm that was made anew', async () => {
    const test = await started();
    test.kept.items = [
      change(ago(3 * hour), 'OK', 'ALARM'),
      change(ago(2 * hour), 'OK', 'ALARM'),
      change(later(minute), 'INSUFFICIENT_DATA', 'OK'),
    ];
    test.forward(hour);
    await test.run();
    expect(gaps(test.trail.entries)).toEqual([]);
  });

  it('is a time that was not read and that the service has forgotten', async () => {
    const test = await started();
    await test.run();
    test.forward(45 * day);
    await test.run();
    expect(gaps(test.trail.entries)).toHaveLength(1);
    expect(gaps(test.trail.entries)[0]).toContain('alarm:shop-smoke was not read from');
  });

  it('is a branch that somebody moved and nobody told of; seen twice, and told once', async () => {
    const test = await started();
    test.kept.heads = { main: 'a'.repeat(40) };
    await test.run();
    test.kept.heads = { main: 'b'.repeat(40) };
    const looks: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      test.forward(5 * minute);
      await test.run();
      looks.push(gaps(test.trail.entries).length);
    }
    expect(looks).toEqual([0, 1, 1, 1]);
    const moves = test.observed().filter(({ kind }) => kind === 'reference.updated');
    expect(moves.map(({ change: to, occurredAt }) => [to?.commit, occurredAt])).toEqual([['b'.repeat(40), begin]]);
    expect(moves.map(({ actor }) => actor)).toEqual([{ type: 'unknown' }]);
  });

  it('is not a branch whose event came, nor is that told again', async () => {
    const test = await started();
    test.kept.heads = { main: 'a'.repeat(40) };
    await test.run();
    test.kept.heads = { main: 'b'.repeat(40) };
    test.forward(5 * minute);
    await test.run();
    const detail = {
      event: 'referenceUpdated',
      repositoryName: 'shop',
      referenceType: 'branch',
      referenceName: 'main',
      referenceFullName: 'refs/heads/main',
      commitId: 'b'.repeat(40),
      oldCommitId: 'a'.repeat(40),
    };
    const place = { account: context.account, region: context.region, time: later(4 * minute) };
    await test.push({
      source: 'aws.codecommit',
      'detail-type': 'CodeCommit Repository State Change',
      detail,
      ...place,
    });
    test.forward(5 * minute);
    await test.run();
    test.forward(5 * minute);
    await test.run();
    expect(gaps(test.trail.entries)).toEqual([]);
    expect(test.observed().filter(({ kind }) => kind === 'reference.updated')).toHaveLength(1);
  });

  it('is not a branch that a call on record moved; the move itself is told all the same', async () => {
    const test = await started();
    test.kept.heads = { main: 'a'.repeat(40) };
    await test.run();
    test.kept.heads = { main: 'b'.repeat(40) };
    const place = { account: context.account, region: context.region };
    const record = {
      eventVersion: '1.08',
      eventID: 'c-1',
      eventName: 'GitPush',
      eventSource: 'codecommit.amazonaws.com',
      eventTime: later(minute),
      awsRegion: context.region,
      recipientAccountId: context.account,
      userIdentity: {
        type: 'IAMUser',
        arn: `arn:aws:iam::${context.account}:user/ada`,
        userName: 'ada',
      },
      requestParameters: {
        references: [
          {
            commit: 'b'.repeat(40),
            ref: 'refs/heads/main',
          },
        ],
      },
      additionalEventData: { repositoryName: 'shop' },
      resources: [
        {
          ARN: `arn:aws:codecommit:${context.region}:${context.account}:shop`,
          type: 'AWS::CodeCommit::Repository',
        },
      ],
    };
    await test.push({
      source: 'aws.codecommit',
      'detail-type': 'AWS API Call via CloudTrail',
      detail: record,
      ...place,
    });
    for (let n = 0; n < 2; n += 1) {
      test.forward(5 * minute);
      await test.run();
    }
    expect(gaps(test.trail.entries)).toEqual([]);
    expect(marked(test.observed(), 'late').map(({ kind }) => kind)).toEqual(['reference.updated']);
  });
});

describe('deployments', () => {
  it('are told as they began and ended, those under way when they have ended', async () => {
    const config = configOf();
    const [service] = config.services;
    if (service === undefined) throw new Error('there is no service');
    const level = { level: 'stop', quiescence: 0, mode: 'observe' as const, drastic: false, limit: 1 };
    const stop = { ...level, do: { type: 'stop-deployment' as const, application: 'shop', group: 'blue' } };
    const test = await started({ ...config, services: [{ ...service, levels: [stop] }] });
    const made = { application: 'shop', group: 'blue', error: null, startedAt: null };
    const running = { ...made, id: 'd-2', status: 'InProgress', createdAt: ago(hour), completedAt: null };
    test.kept.deployments = [
      { ...made, id: 'd-1', status: 'Failed', createdAt: ago(20 * day), completedAt: ago(20 * day - minute) },
      running,
    ];
    await test.run();
    test.kept.deployments[1] = { ...running, status: 'Succeeded', completedAt: later(minute) };
    test.forward(hour);
    await test.run();
    expect(
      test
        .observed()
        .flatMap(({ kind, detail }) =>
          kind.startsWith('deployment.')
            ? [`${kind} ${String(detail['deployment'])} ${String(detail['reconciled'])}`]
            : [],
        ),
    ).toEqual([
      'deployment.started d-1 backfilled',
      'deployment.failed d-1 backfilled',
      'deployment.started d-2 backfilled',
      'deployment.succeeded d-2 late',
    ]);
  });
});
