import { describe, expect, it } from 'vitest';
import type { ExecutionRead } from '../../../shared/reconcile/executions.ts';
import { ago, begin, change, day, hour, later, marked, minute, started } from '../../harness/reconciled.ts';
import { context } from '../../shared/event/harness.ts';

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
