import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/config/config.ts';
import { checkValue } from '../../../shared/ladder/alarms.ts';
import { type Addressed, inputsOf } from '../../../shared/ladder/inputs-of.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { level, shop } from '../../harness/ladder.ts';

const cart = shop({
  service: 'cart',
  ladder: 'production/cart',
  pipeline: 'cart',
  checks: { smoke: { name: 'smoke', alarm: 'cart-smoke', level: 'deploy' } },
});
const staging = shop({ environment: 'staging', ladder: 'staging/shop', stage: 'Staging', checks: {} });
const config: Config = {
  digest: 'd',
  text: '',
  environments: [],
  services: [shop(), cart, staging],
  routes: [],
  topics: {},
};
const account = '111122223333';
const seen = '2026-11-21T12:00:00.000Z';

const entry = (from: string, over: Partial<Entry>): Entry =>
  ({
    ...draftOf({ kind: 'unknown', detail: {} }),
    origin: `escalator/${account}/eu-west-1`,
    source: { name: from, account, region: 'eu-west-1', id: null, digest: null },
    seq: 7,
    segment: 3,
    observedAt: seen,
    occurredAt: seen,
    ...over,
  }) as Entry;

const laddersOf = (addressed: Addressed[]): string[] => addressed.map(({ service }) => service.ladder);
const from = (source: string, over: Partial<Entry>) => inputsOf(entry(source, over), config);

const alarm = { kind: 'alarm.changed', detail: { alarm: 'shop-smoke', value: 'ALARM', at: seen }, reason: 'it is' };
const sourced = {
  kind: 'action.succeeded',
  detail: { category: 'Source', pipeline: 'cart' },
  change: { repository: 'cart', commit: 'c1' },
  execution: 'x-1',
};
const stage = { kind: 'stage.failed', detail: { pipeline: 'shop', stage: 'Deploy' }, execution: 'x-1', reason: 'no' };
const result = {
  kind: 'step.result',
  detail: { ladder: 'production/cart', actKey: 'production/cart#4.1', result: { outcome: 'failed' } },
};
const order = {
  kind: 'order.given',
  detail: { ladder: 'production/cart', order: { name: 'hold' } },
  reason: 'why not',
};
const skipped = { kind: 'reader.skipped', detail: { seq: 69 }, environment: 'production', service: 'cart' };

describe('an entry of the trail', () => {
  it.each<[string, string, Partial<Entry>, { [field: string]: unknown }]>([
    ['an alarm', 'aws.cloudwatch', alarm, { type: 'alarm', alarm: 'shop-smoke', value: 'fail', reason: 'it is' }],
    ['the source of an execution', 'aws.codepipeline', sourced, { type: 'sourced', execution: 'x-1', commit: 'c1' }],
    ['a stage', 'aws.codepipeline', stage, { type: 'stage', execution: 'x-1', outcome: 'failed', reason: 'no' }],
    ['the result of an act', 'escalator', result, { type: 'result', actKey: 'production/cart#4.1' }],
    ['an order', 'escalator', order, { type: 'order', order: { name: 'hold' }, why: 'why not' }],
    ['an entry that was skipped', 'escalator', skipped, { type: 'skipped' }],
  ])('of %s is what the service itself said, in this account, and nothing that was replayed', (_, source, over, is) => {
    expect(from(source, over).map(({ input }) => input)).toEqual([expect.objectContaining({ seq: 7, ...is })]);
    expect(from('my.app', over)).toEqual([]);
    expect(from(source, { ...over, kind: 'somewhat.else' })).toEqual([]);
    const elsewhere = { name: source, account: '999999999999', region: 'eu-west-1', id: null, digest: null };
    expect(from(source, { ...over, source: elsewhere })).toEqual([]);
    expect(from(source, { ...over, detail: { ...over.detail, replayed: 'rebuild' } })).toEqual([]);
  });

  it.each<[string, string, Partial<Entry>, string]>([
    ['an alarm the ladder that has a check by it', 'aws.cloudwatch', alarm, 'production/shop'],
    ['a source the ladder of its pipeline', 'aws.codepipeline', sourced, 'production/cart'],
    ['a stage the ladder whose stage it is', 'aws.codepipeline', stage, 'production/shop'],
    ['a result the ladder that intended it', 'escalator', result, 'production/cart'],
    ['an order the ladder it names', 'escalator', order, 'production/cart'],
    ['a skipped entry the ladder it is about', 'escalator', skipped, 'production/cart'],
  ])('concerns one ladder: %s', (_, source, over, concerned) => {
    expect(laddersOf(from(source, over))).toEqual([concerned]);
  });

  it.each<[string, string, Partial<Entry>]>([
    ['an alarm without a name', 'aws.cloudwatch', { ...alarm, detail: { value: 'ALARM' } }],
    ['an alarm that no check knows', 'aws.cloudwatch', { ...alarm, detail: { ...alarm.detail, alarm: 'other' } }],
    [
      'an action that is no source',
      'aws.codepipeline',
      { ...sourced, detail: { category: 'Build', pipeline: 'cart' } },
    ],
    ['a source without a commit', 'aws.codepipeline', { ...sourced, change: null }],
    ['a source without an execution', 'aws.codepipeline', { ...sourced, execution: null }],
    ['a stage without an execution', 'aws.codepipeline', { ...stage, execution: null }],
    [
      'a stage of the same name elsewhere',
      'aws.codepipeline',
      { ...stage, detail: { pipeline: 'x', stage: 'Deploy' } },
    ],
    ['another stage of the pipeline', 'aws.codepipeline', { ...stage, detail: { pipeline: 'shop', stage: 'Build' } }],
    ['a result for no ladder', 'escalator', { ...result, detail: { ...result.detail, ladder: 'gone/gone' } }],
    ['a result of no act', 'escalator', { ...result, detail: { ladder: 'production/cart' } }],
    ['an order to no ladder', 'escalator', { ...order, detail: { ladder: 'gone/gone', order: { name: 'hold' } } }],
    ['a skipped entry about no place', 'escalator', { ...skipped, environment: null, service: null }],
    ['a skipped entry of another environment', 'escalator', { ...skipped, environment: 'staging' }],
  ])('concerns no ladder where it is %s', (_, source, over) => {
    expect(from(source, over)).toEqual([]);
  });

  it('of an alarm without a name concerns no check that is no alarm', () => {
    const probe = { url: 'http://a/', timeout: 1, failures: 1, expect: ['2xx'], body: null };
    const services = [shop({ checks: { web: { name: 'web', probe, level: 'deploy' } } })];
    const nameless = entry('aws.cloudwatch', { ...alarm, detail: { value: 'ALARM' } });
    expect(inputsOf(nameless, { ...config, services })).toEqual([]);
  });

  it('of a game day concerns the ladder it names, and is asked for by Escalator’s own door', () => {
    const asked = {
      kind: 'gameday.asked',
      detail: { ladder: 'production/cart', check: 'smoke', mode: 'act', steps: 2 },
    };
    const reason = 'we practise';
    const [addressed, ...others] = from('escalator', { ...asked, reason });
    expect([addressed?.service.ladder, others]).toEqual(['production/cart', []]);
    const who = { type: 'unknown' };
    const given = { check: 'smoke', mode: 'act', steps: 2, who, why: reason };
    expect(addressed?.input).toEqual({ type: 'gameday', seq: 7, ...given });
    expect(from('my.app', asked)).toEqual([]);
  });

  it('that could not be taken in is told of by its number', () => {
    expect(from('escalator', { ...skipped, reason: 'too long' })[0]?.input).toMatchObject({
      reason: 'entry 69 could not be taken in: too long',
    });
  });
});

describe('a push', () => {
  const push = { kind: 'reference.updated', change: { repository: 'shop', commit: 'c1' }, detail: {} };
  const drastic = shop({ levels: [level('deploy', { drastic: true })] });
  const pushed = (over: Partial<Entry> = {}, source = 'aws.codecommit') =>
    inputsOf(entry(source, { ...push, ...over }), { ...config, services: [drastic, cart] });

  it('is taken in by a ladder with a drastic level that its repository comes to, and by no other', () => {
    expect(laddersOf(pushed())).toEqual(['production/shop']);
    expect(pushed()[0]?.input).toEqual({ type: 'pushed', seq: 7, commit: 'c1', who: { type: 'unknown' } });
    expect(laddersOf(pushed({ kind: 'reference.created' }))).toEqual(['production/shop']);
  });

  it.each<[string, Partial<Entry>, string?]>([
    ['to another repository', { change: { repository: 'cart', commit: 'c1' } }],
    ['of nothing', { change: null }],
    ['that deletes', { kind: 'reference.deleted' }],
    ['that somebody else tells of', {}, 'my.app'],
  ])('%s is not', (_, over, source) => {
    expect(pushed(over, source)).toEqual([]);
  });
});

describe('the state of an alarm', () => {
  it('is a pass or a fail only where it says so', () => {
    expect(['OK', 'ALARM', 'INSUFFICIENT_DATA', undefined].map(checkValue)).toEqual([
      'pass',
      'fail',
      'unknown',
      'unknown',
    ]);
  });

  it('is of when the event says, else of when it occurred', () => {
    const at = '2026-11-21T11:59:00.000Z';
    expect(from('aws.cloudwatch', { ...alarm, detail: { ...alarm.detail, at } })[0]?.input).toMatchObject({ at });
    const detail = { alarm: 'shop-smoke', value: 'ALARM' };
    expect(from('aws.cloudwatch', { ...alarm, detail, occurredAt: at })[0]?.input).toMatchObject({ at });
  });
});

describe('the start of a stage', () => {
  const startedAt = (event: Entry['detail'][string]): unknown => {
    const detail = { ...stage.detail, ...(event === undefined ? {} : { event }) };
    const input = from('aws.codepipeline', { ...stage, detail })[0]?.input;
    return input?.type === 'stage' ? input.startedAt : input;
  };

  it('is what CodePipeline says it is', () => {
    expect(startedAt({ 'start-time': '2026-11-21T11:58:00Z' })).toBe('2026-11-21T11:58:00.000Z');
  });

  it('is when the event was, where it says nothing of it', () => {
    const events: Entry['detail'][string][] = [{}, null, 'text', ['start-time'], { 'start-time': 7 }];
    for (const event of events) expect(startedAt(event)).toBe(seen);
  });
});
