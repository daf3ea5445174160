import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ActionRead, type ExecutionRead, executionEvents } from '../../../shared/reconcile/executions.ts';
import type { Reread } from '../../../shared/reconcile/reread.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { reconciling } from '../../harness/reconciling.ts';
import { context, groupsOf } from '../../shared/event/harness.ts';

/** All of them in `npm run test:long`, a tenth in `npm test`. */
const runs = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 20;
const begin = Date.parse('2026-11-21T12:00:00.000Z');
const minute = 60_000;
const place = { account: context.account, region: context.region };
const iso = (ms: number): string => new Date(ms).toISOString();

/** How long each try of the deployment takes (s), whether the last one succeeds, and when the execution starts (min). */
type Plan = { tries: number[]; succeeds: boolean; startsAfter: number };
const plan: fc.Arbitrary<Plan> = fc.record({
  tries: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 3 }),
  succeeds: fc.boolean(),
  startsAfter: fc.integer({ min: -60, max: 60 }),
});

const typeOf = (category: string) => ({ owner: 'AWS', provider: 'P', category, version: '1' });

const made = ({ tries, succeeds, startsAfter }: Plan, n: number): ExecutionRead & { actions: ActionRead[] } => {
  const startedAt = begin + startsAfter * minute + n * 1_000;
  const action = (name: string, id: string, from: number, until: number, status: string): ActionRead => ({
    id: `${name}-${n}-${id}`,
    stage: name,
    action: name,
    version: 1,
    status,
    startedAt: iso(from),
    updatedAt: iso(until),
    type: typeOf(name),
    region: null,
    result: null,
  });
  let at = startedAt + 2_000;
  const actions = [action('Source', '0', startedAt + 10, at, 'Succeeded')];
  for (const [index, seconds] of tries.entries()) {
    const isGood = succeeds && index === tries.length - 1;
    actions.push(action('Deploy', `${index}`, at + 500, at + seconds * 1_000 + 500, isGood ? 'Succeeded' : 'Failed'));
    at += seconds * 1_000 + 70_000;
  }
  const updatedAt = iso(Date.parse(actions.at(-1)?.updatedAt ?? '') + 5);
  const status = succeeds ? 'Succeeded' : 'Failed';
  const trigger = { type: 'Webhook', detail: null };
  return {
    pipeline: 'shop',
    id: `e-${n}`,
    status,
    startedAt: iso(startedAt),
    updatedAt,
    trigger,
    rollback: null,
    stopReason: null,
    actions,
  };
};

/** How often an event is delivered, and after how long (s) each time. */
const delivery = fc.array(fc.integer({ min: 0, max: 1_200 }), { maxLength: 2 });

type Step = { at: number; push: Reread | null };

const stepsOf = (truth: Reread[], deliveries: number[][], polls: number[]): Step[] =>
  [
    ...truth.flatMap((push, n) =>
      (deliveries[n % deliveries.length] ?? []).map((after) => ({
        at: Date.parse(push.at ?? '') + after * 1_000,
        push,
      })),
    ),
    ...polls.map((after) => ({ at: begin + after * minute, push: null })),
  ]
    .filter(({ at }) => at >= begin)
    .toSorted((a, b) => a.at - b.at);

const keyOf = ({ event }: Pick<Reread, 'event'>): string => groupsOf(event)[0]?.key ?? '';
const markOf = ({ detail }: Entry): unknown => detail['reconciled'];

describe('whatever is pushed, lost, doubled and late, and whenever it is polled', () => {
  it('each fact is on record once, and marked only where nobody had told it before', async () => {
    const mixture = fc.record({
      plans: fc.array(plan, { minLength: 1, maxLength: 4 }),
      deliveries: fc.array(delivery, { minLength: 1, maxLength: 7 }),
      polls: fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(mixture, async ({ plans, deliveries, polls }) => {
        const test = reconciling(iso(begin));
        test.kept.executions = plans.map(made).toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
        const truth = test.kept.executions.flatMap((one) => executionEvents(one, one.actions, place));
        const first = { detail: {}, 'detail-type': 'x', source: 'other', time: iso(begin), ...place };
        await test.push(first); // the trail begins
        const told = new Set<string>();
        for (const { at, push } of stepsOf(truth, deliveries, polls)) {
          test.moveTo(iso(at));
          if (push === null) await test.run();
          else {
            const wasThere = test.trail.entries.some(({ factKey }) => factKey === keyOf(push));
            if (!wasThere) told.add(keyOf(push));
            await test.push(push.event);
          }
        }
        test.moveTo(iso(begin + 300 * minute));
        await test.run();
        const entries = test.observed().filter(({ source }) => source.name === 'aws.codepipeline');
        expect(entries.map(({ factKey }) => factKey).toSorted()).toEqual(truth.map(keyOf).toSorted());
        for (const entry of entries) {
          const isBefore = (entry.occurredAt ?? '') < iso(begin);
          expect(markOf(entry)).toBe(told.has(entry.factKey) ? undefined : isBefore ? 'backfilled' : 'late');
        }
        expect(test.trail.entries.filter(({ kind }) => kind === 'gap.found')).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('a service that counts its attempts otherwise than its answers let one count is not told of twice', async () => {
    const test = reconciling(iso(begin));
    test.kept.executions = [made({ tries: [20, 20, 20], succeeds: true, startsAfter: 1 }, 0)];
    const [execution] = test.kept.executions;
    const truth = execution === undefined ? [] : executionEvents(execution, execution.actions, place);
    for (const { event, at } of truth) {
      test.moveTo(at ?? '');
      const detail = event['detail'] as { [field: string]: number };
      const attempt = detail['pipeline-execution-attempt'] ?? 1;
      await test.push({
        ...event,
        detail: { ...detail, 'pipeline-execution-attempt': attempt === 1 ? 1 : attempt + 4 },
      });
    }
    test.forward(10 * minute);
    await test.run();
    expect(test.observed().filter((entry) => markOf(entry) !== undefined)).toEqual([]);
    expect(test.reports.at(-1)).toMatchObject({ late: 0, backfilled: 0, failed: [] });
  });
});
