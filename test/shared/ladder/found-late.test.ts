import { describe, expect, it } from 'vitest';
import type { CheckConfig, Config } from '../../../shared/config/config.ts';
import type { Reconciled } from '../../../shared/event/reconciled.ts';
import { inputsOf } from '../../../shared/ladder/inputs-of.ts';
import { says } from '../../../shared/story/says.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { healthy, kinds, shop } from '../../harness/ladder.ts';
import { bodyOf, factOf, fixture } from '../event/harness.ts';

const config: Config = { digest: 'd', text: '', environments: [], services: [shop()], routes: [], topics: {} };
const observedAt = '2026-11-20T19:20:00.000Z';

const entryOf = (body: string | object, as: Reconciled['as'] | null, over: object = {}): Entry => {
  const fact = factOf(body, as === null ? {} : { reconciled: { as, by: 'a call' } });
  return { ...fact, seq: 7, origin: 'escalator/111122223333/eu-west-1', observedAt, ...over } as unknown as Entry;
};
const inputs = (body: string | object, as: Reconciled['as'] | null, in_: Config = config) =>
  inputsOf(entryOf(body, as), in_).map(({ input }) => input);

const alarm = bodyOf('cloudwatch/alarm-failing.json');
const stage = bodyOf('codepipeline/stage-succeeded.json');
const failed = stage.replace('"SUCCEEDED"', '"FAILED"');

describe('what was found late', () => {
  it('says so for good: how, and by which call', () => {
    const { detail } = entryOf(alarm, 'late');
    expect(detail).toMatchObject({ reconciled: 'late', readBy: 'a call' });
    expect(says(entryOf(alarm, 'backfilled'))).toMatch(/^backfilled: alarm /);
    expect(entryOf(alarm, null).detail).not.toHaveProperty('reconciled');
    expect(entryOf(alarm, 'late').factKey).toBe(entryOf(alarm, null).factKey);
  });

  it('of an alarm is nothing to a ladder: it reads its alarms at their source', () => {
    expect(inputs(alarm, null)).toHaveLength(1);
    expect(inputs(alarm, 'late')).toEqual([]);
    expect(inputs(alarm, 'backfilled')).toEqual([]);
  });

  it('of a stage that succeeded is a release that takes its place, and of one that failed nothing', () => {
    const { execution, occurredAt: at } = fixture('codepipeline/stage-succeeded.json');
    for (const as of ['late', 'backfilled'] as const) {
      expect(inputs(stage, as)).toMatchObject([{ type: 'recovered', execution, at }]);
      expect(inputs(failed, as)).toEqual([]);
    }
    expect(inputs(failed, null)).toMatchObject([{ type: 'stage', outcome: 'failed' }]);
  });

  it('of a change on its way is known by its commit, and of the time before not', () => {
    const source = bodyOf('codepipeline/action-source-succeeded.json');
    expect(inputs(source, 'late')).toEqual(inputs(source, null));
    expect(inputs(source, 'late')).toMatchObject([{ type: 'sourced' }]);
    expect(inputs(source, 'backfilled')).toEqual([]);
    expect(inputs(source.replaceAll('"Source"', '"Build"'), 'late')).toEqual([]);
    expect(inputs(source.replace('"SUCCEEDED"', '"FAILED"'), 'late')).toEqual([]);
  });

  it('of a change by hand keeps hands off', () => {
    const call = bodyOf('cloudtrail/call-start-refresh.json');
    expect(inputs(call, 'late')).toMatchObject([{ type: 'written' }]);
    expect(inputs(call, 'backfilled')).toEqual([]);
  });

  it('of a check that a pattern tells of is doubt, however new it is, and of the time before nothing', () => {
    const [fail, pass] = [{ source: ['my.tests'], detail: { state: ['failed'] } }, { source: ['none'] }];
    const check: CheckConfig = { name: 'events', level: 'deploy', fail, pass };
    const service = shop({ checks: { events: check } });
    const place = { account: '111122223333', region: 'eu-west-1', time: '2026-11-20T19:19:00Z' };
    const event = { source: 'my.tests', 'detail-type': 'Test Run', detail: { state: 'failed' }, ...place };
    const within = { ...config, services: [service] };
    const [input] = inputs(event, 'late', within);
    expect(input).toMatchObject({ type: 'told', told: [{ check: 'events', value: 'fail', late: true }] });
    expect(inputs(event, 'backfilled', within)).toEqual([]);
    const test = healthy(service);
    const told = [{ check: 'events', value: 'fail' as const, at: test.now(), reason: '' }];
    const late = told.map((one) => ({ ...one, late: true as const }));
    test.take({ type: 'told', seq: test.nextSeq(), told: told.map((one) => ({ ...one, value: 'pass' as const })) });
    test.forward(1_000);
    const later = { at: test.now() };
    expect(
      kinds(test.take({ type: 'told', seq: test.nextSeq(), told: late.map((one) => ({ ...one, ...later })) })),
    ).toEqual(['check.changed']);
    expect(test.state().checks['events']).toMatchObject({ value: 'unknown' });
    expect(test.state().incident).toBeNull();
  });
});
