import { describe, expect, it } from 'vitest';
import type { ExecutionRead } from '../../../shared/reconcile/executions.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { configOf, reconciling } from '../../harness/reconciling.ts';
import { context } from '../../shared/event/harness.ts';

const begin = '2026-11-21T12:00:00.000Z';
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const ago = (ms: number): string => new Date(Date.parse(begin) - ms).toISOString();
const later = (ms: number): string => ago(-ms);

const execution = (id: string, startedAt: string, over: Partial<ExecutionRead> = {}) => ({
  pipeline: 'shop',
  id,
  status: 'Succeeded',
  startedAt,
  updatedAt: startedAt,
  trigger: null,
  rollback: null,
  stopReason: null,
  actions: [],
  ...over,
});

/** So many executions, a minute apart, the newest first; the newest began so long ago. */
const executions = (count: number, newest: number) =>
  Array.from({ length: count }, (_, n) => execution(`e-${count - n}`, ago(newest + n * minute)));

const change = (at: string, was: string, value: string) => ({
  alarm: 'shop-smoke',
  at,
  value,
  was,
  reason: `it is ${value}`,
  data: null,
});

const started = async (config = configOf()) => {
  const test = reconciling(begin, config);
  const place = { account: context.account, region: context.region };
  await test.push({ source: 'other', 'detail-type': 'x', time: begin, detail: {}, ...place });
  return test;
};

const marked = (entries: Entry[], as: string): Entry[] => entries.filter(({ detail }) => detail['reconciled'] === as);

describe('a run of the reconciler', () => {
  it('leaves what has just happened to the events, and takes it up when it is still missing later', async () => {
    const test = await started();
    test.kept.items = [change(later(9 * minute), 'OK', 'ALARM')];
    test.forward(10 * minute);
    await test.run();
    expect(test.observed()).toHaveLength(1);
    test.forward(5 * minute);
    await test.run();
    expect(marked(test.observed(), 'late').map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'alarm.changed alarm',
    ]);
  });

  it('that dies in the middle is repeated without harm, wherever it dies', async () => {
    for (const dies of [
      'executions null',
      'actions e-13',
      'executions e-14',
      'history shop-smoke',
      'heads',
      'append',
    ]) {
      const test = await started();
      test.kept.executions = executions(23, hour);
      test.kept.items = [change(ago(day), 'INSUFFICIENT_DATA', 'OK')];
      test.failing.set(dies, new Error('killed'));
      await test.run();
      test.failing.clear();
      test.forward(minute);
      await test.run();
      const keys = test.observed().map(({ factKey }) => factKey);
      expect(new Set(keys).size).toBe(keys.length);
      expect(marked(test.observed(), 'backfilled')).toHaveLength(2 * 23 + 1);
    }
  });

  it('that cannot read one target reads the others, and says which it could not', async () => {
    const test = await started();
    test.kept.items = [change(ago(day), 'INSUFFICIENT_DATA', 'OK')];
    test.failing.set('executions null', new Error('AccessDenied'));
    await test.run();
    expect(marked(test.observed(), 'backfilled')).toHaveLength(1);
    expect(test.reports.at(-1)?.failed).toEqual([{ target: 'pipeline:shop', error: new Error('AccessDenied') }]);
  });

  it('reads nothing while what is on record cannot be looked up', async () => {
    const test = await started();
    test.stopIndex();
    const place = { account: context.account, region: context.region };
    await test.push({ source: 'other', 'detail-type': 'y', time: begin, detail: {}, ...place });
    test.forward(hour);
    await test.run();
    expect(test.calls).toEqual([]);
    expect(test.reports.at(-1)?.failed.map(({ target }) => target)).toEqual(['index']);
  });

  it('says how far it lags behind, and of a target that it never read nothing', async () => {
    const test = await started();
    await test.run();
    expect(test.reports.at(-1)?.lag).toBe(2 * minute);
    test.failing.set('history shop-smoke', new Error('Throttled'));
    test.forward(hour);
    await test.run();
    expect(test.reports.at(-1)?.lag).toBe(hour + 2 * minute);
  });
});

describe('back-filling', () => {
  it('of a pipeline older than the installation goes on over runs, newest first, each within its calls', async () => {
    const test = await started();
    test.kept.executions = executions(95, hour);
    let before = 0;
    for (let n = 0; n < 9; n += 1) {
      await test.run({ callsEach: 12 });
      expect(test.calls.length - before).toBeLessThan(40);
      before = test.calls.length;
      test.forward(minute);
    }
    const found = marked(test.observed(), 'backfilled');
    expect(found).toHaveLength(2 * 95);
    expect(found[0]?.execution).toBe('e-95');
    expect(found.at(-1)?.execution).toBe('e-1');
    await test.run();
    expect(test.calls.slice(before)).not.toContain('actions e-1');
  });

  it('goes on where it was when its token is not taken any more', async () => {
    const test = await started();
    test.kept.executions = executions(40, hour);
    await test.run({ callsEach: 1 });
    const [, ...rest] = test.kept.executions.slice(9);
    // The execution that the token named is forgotten.
    test.kept.executions = [...test.kept.executions.slice(0, 9), ...rest];
    test.forward(minute);
    await test.run();
    test.forward(minute);
    await test.run();
    expect(new Set(test.observed().map(({ execution: id }) => id))).toContain('e-1');
  });

  it('after a long absence closes the gap as late, not as backfilled', async () => {
    const test = await started();
    test.kept.executions = executions(5, hour);
    await test.run();
    test.forward(3 * day);
    const since = Array.from({ length: 30 }, (_, n) => execution(`n-${n}`, later(2 * day - n * minute)));
    test.kept.executions = [...since, ...test.kept.executions];
    await test.run();
    expect(marked(test.observed(), 'late')).toHaveLength(60);
    expect(marked(test.observed(), 'backfilled')).toHaveLength(10);
  });

  it('has the history of an alarm from thirty days before', async () => {
    const test = await started();
    test.kept.items = [change(ago(31 * day), 'OK', 'ALARM'), change(ago(29 * day), 'ALARM', 'OK')];
    await test.run();
    expect(marked(test.observed(), 'backfilled').map(({ occurredAt }) => occurredAt)).toEqual([ago(29 * day)]);
  });
});

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
