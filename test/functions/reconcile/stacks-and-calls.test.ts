import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallRead } from '../../../functions/support/call-history.ts';
import { callEvent } from '../../../shared/reconcile/calls.ts';
import type { Reread } from '../../../shared/reconcile/reread.ts';
import { stackEvent, type StackEventRead } from '../../../shared/reconcile/stacks.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { shop } from '../../harness/ladder.ts';
import { configOf, reconciling } from '../../harness/reconciling.ts';
import { context, groupsOf } from '../../shared/event/harness.ts';

/** All of them in `npm run test:long`, a tenth in `npm test`. */
const runs = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 20;
const begin = Date.parse('2026-11-21T12:00:00.000Z');
const minute = 60_000;
const hour = 60 * minute;
const place = { account: context.account, region: context.region };
const iso = (ms: number): string => new Date(ms).toISOString();
const config = { ...configOf(), services: [shop({ checks: {}, stacks: ['shop'] })] };
const arn = `arn:aws:cloudformation:${place.region}:${place.account}:stack/shop/0a1b`;

const stackRead = (at: number, status: string, resource: string | null): StackEventRead => ({
  stack: arn,
  resource:
    resource === null
      ? { logical: 'shop', physical: arn, type: 'AWS::CloudFormation::Stack' }
      : { logical: resource, physical: `shop-${resource}`, type: 'AWS::SNS::Topic' },
  at: iso(at),
  status,
  detailed: null,
  reason: status.endsWith('FAILED') ? 'it cannot be made' : null,
  token: `token-${Math.floor(at / minute)}`,
});

const callRead = (at: number, n: number): CallRead => ({
  at: iso(at),
  record: JSON.stringify({
    eventVersion: '1.11',
    eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    eventName: 'UpdateStack',
    eventSource: 'cloudformation.amazonaws.com',
    eventTime: iso(at).replace('.000Z', 'Z'),
    eventType: 'AwsApiCall',
    awsRegion: place.region,
    recipientAccountId: place.account,
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${place.account}:user/ada`, userName: 'ada' },
    requestParameters: { stackName: 'shop' },
    readOnly: false,
  }),
});

/** When an update begins (min), and whether it goes well. */
const update = fc.record({ after: fc.integer({ min: -90, max: 60 }), good: fc.boolean() });

/** Each a call, and what its stack goes through; a second apart at least. */
const made = (updates: { after: number; good: boolean }[]) => {
  const each = updates.map(({ after, good }, n) => ({ at: begin + after * minute + n * 7_000, good }));
  const stacks = each.flatMap(({ at, good }) => [
    stackRead(at, 'UPDATE_IN_PROGRESS', null),
    stackRead(at + 1_000, 'UPDATE_IN_PROGRESS', 'Topic'),
    stackRead(at + 4_000, good ? 'UPDATE_COMPLETE' : 'UPDATE_FAILED', 'Topic'),
    stackRead(at + 5_000, good ? 'UPDATE_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE', null),
  ]);
  const calls = each.map(({ at }, n) => callRead(at, n));
  const newestFirst = <One extends { at: string }>(all: One[]): One[] =>
    all.toSorted((a, b) => b.at.localeCompare(a.at));
  return { stackEvents: newestFirst(stacks), calls: newestFirst(calls) };
};

const truthOf = ({ stackEvents, calls }: ReturnType<typeof made>): Reread[] => [
  ...stackEvents.map((one) => stackEvent(one, place)),
  ...calls.flatMap(({ record }) => callEvent(record, place) ?? []),
];

const keyOf = ({ event }: Reread): string => groupsOf(event)[0]?.key ?? '';
const markOf = ({ detail }: Entry): unknown => detail['reconciled'];
const isObserved = ({ source }: Entry): boolean => source.name === 'aws.cloudformation';

const started = async () => {
  const test = reconciling(iso(begin), config);
  await test.push({ source: 'other', 'detail-type': 'x', time: iso(begin), detail: {}, ...place });
  return test;
};

describe('stacks and calls, whatever is pushed, lost, doubled and late, and whenever they are polled', () => {
  it('are on record once, marked only where nobody had told them before', async () => {
    const mixture = fc.record({
      updates: fc.array(update, { minLength: 1, maxLength: 6 }),
      deliveries: fc.array(fc.array(fc.integer({ min: 0, max: 1_800 }), { maxLength: 2 }), {
        minLength: 1,
        maxLength: 7,
      }),
      polls: fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 6 }),
      lookupsEach: fc.integer({ min: 2, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(mixture, async ({ updates, deliveries, polls, lookupsEach }) => {
        const test = await started();
        Object.assign(test.kept, made(updates));
        const truth = truthOf(made(updates));
        const steps = [
          ...truth.flatMap((push, n) =>
            (deliveries[n % deliveries.length] ?? []).map((s) => ({ at: Date.parse(push.at ?? '') + s * 1_000, push })),
          ),
          ...polls.map((after) => ({ at: begin + after * minute, push: null })),
        ].toSorted((a, b) => a.at - b.at);
        const told = new Set<string>();
        for (const { at, push } of steps.filter((step) => step.at >= begin)) {
          test.moveTo(iso(at));
          if (push === null) await test.run({ lookupsEach });
          else {
            if (!test.trail.entries.some(({ factKey }) => factKey === keyOf(push))) told.add(keyOf(push));
            await test.push(push.event);
          }
        }
        test.moveTo(iso(begin + 300 * minute));
        for (let n = 0; n < 3; n += 1) await test.run({ lookupsEach });
        const entries = test.observed().filter(isObserved);
        expect(entries.map(({ factKey }) => factKey).toSorted()).toEqual(truth.map(keyOf).toSorted());
        for (const entry of entries) {
          const isBefore = (entry.occurredAt ?? '') < iso(begin);
          expect(markOf(entry)).toBe(told.has(entry.factKey) ? undefined : isBefore ? 'backfilled' : 'late');
        }
        expect(test.reports.at(-1)?.failed).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('a stack whose event came with a time a little beside is not told of twice', async () => {
    const test = await started();
    test.kept.stackEvents = [stackRead(begin + minute + 400, 'UPDATE_FAILED', 'Topic')];
    const [truth] = test.kept.stackEvents.map((one) => stackEvent(one, place));
    test.forward(2 * minute);
    await test.push({ ...truth?.event, time: '2026-11-21T12:01:02Z' });
    test.forward(10 * minute);
    await test.run();
    expect(test.observed().filter((entry) => markOf(entry) !== undefined)).toEqual([]);
  });
});

describe('calls', () => {
  const many = (count: number, newest: number): CallRead[] =>
    Array.from({ length: count }, (_, n) => callRead(newest - n * 1_000, count - n));
  const recorded = (entries: Entry[]): number => entries.filter(({ kind }) => kind === 'call').length;

  it('of ninety days are back-filled newest first, over runs, each within its lookups', async () => {
    const test = await started();
    test.kept.calls = many(95, begin - 60 * minute);
    const found: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      await test.run({ lookupsEach: 4 });
      found.push(recorded(test.observed()));
      test.forward(minute);
    }
    expect(found).toEqual([40, 69, 95, 95, 95, 95]);
    expect(test.observed().filter(isObserved)[0]?.occurredAt).toBe(iso(begin - 60 * minute - 9_000));
  });

  it('are left to their events until CloudTrail tells of them for certain', async () => {
    const test = await started();
    test.kept.calls = [callRead(begin, 1)];
    test.forward(16 * minute);
    await test.run();
    expect(recorded(test.observed())).toBe(0);
    test.forward(2 * minute);
    await test.run();
    expect(recorded(test.observed())).toBe(1);
  });

  it('that are more than a run reads are behind, which is said, and are caught up when there are fewer', async () => {
    const test = await started();
    await test.run();
    test.kept.calls = many(100, begin + 40 * minute);
    test.forward(60 * minute);
    await test.run({ lookupsEach: 3 });
    expect(recorded(test.observed())).toBe(30);
    expect(test.reports.at(-1)?.lag).toBeGreaterThan(60 * minute);
    for (let n = 0; n < 6; n += 1) {
      test.forward(5 * minute);
      await test.run({ lookupsEach: 3 });
    }
    expect(recorded(test.observed())).toBe(100);
    expect(test.reports.at(-1)?.lag).toBeLessThan(10 * minute);
  });

  it('of a time that CloudTrail keeps no more are a gap', async () => {
    const test = await started();
    await test.run();
    test.forward(100 * 24 * 60 * minute);
    await test.run();
    const gaps = test.trail.entries.filter(({ kind }) => kind === 'gap.found').map(({ reason }) => reason);
    expect(gaps).toEqual([expect.stringContaining('calls was not read from')]);
  });

  it('that cannot be looked up keep nothing else from being read', async () => {
    const test = await started();
    test.failing.set('lookup', Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }));
    test.kept.stackEvents = [stackRead(begin - hour, 'UPDATE_COMPLETE', null)];
    await test.run();
    expect(test.calls.filter((name) => name === 'lookup')).toHaveLength(6);
    expect(test.reports.at(-1)).toMatchObject({ backfilled: 1, failed: [{ target: 'calls' }] });
  });
});
