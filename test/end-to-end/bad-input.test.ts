import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  awsOf,
  escalator,
  incidentAfter,
  makePipeline,
  type Product,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';
import { quickConfig, shopService } from '../harness/quick.ts';

/** Names that CloudWatch takes, and that something in between might take for more than a name. */
const odd = {
  star: '*',
  quote: `it's "quoted" & <b>bold</b>`,
  emoji: 'shop 🛒 is on 🔥',
  long: `long-${'x'.repeat(250)}`,
};

const services = {
  shop: shopService(),
  odd: {
    checks: Object.entries(odd).map(([check, alarm]) => `${check}: { alarm: ${JSON.stringify(alarm)}, level: only }`),
    ladder: ['{ level: only, do: redeploy }'],
  },
  gone: {
    checks: ['soon: { alarm: soon-gone, level: only }'],
    ladder: ['{ level: only, do: { start-pipeline: shop }, mode: act }'],
    quiescence: '3s',
  },
  nowhere: {
    checks: ['fine: { alarm: shop-smoke, level: only }'],
    ladder: ['{ level: only, do: { start-pipeline: nowhere }, mode: act }'],
  },
  empty: {
    checks: ['fine: { alarm: shop-smoke, level: only }'],
    ladder: ['{ level: only, do: { replace-instances: nobody-asg }, mode: act }'],
  },
};

describe('what cannot be is refused with its reason, and recorded', { timeout: 120_000 }, () => {
  const place = temporary();
  let product: Product;
  let alarms: CloudWatchClient;

  beforeAll(async () => {
    product = await startProduct(join(place.dir, 'data'), ['--config', quickConfig(place.dir, services)]);
    alarms = new CloudWatchClient(awsOf(product));
    for (const name of [...Object.values(odd), 'soon-gone']) await putAlarm(name);
    await untilGood(product);
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  /** An alarm of a metric that nobody sends: its state is what it is set to. */
  const putAlarm = async (AlarmName: string): Promise<void> => {
    const metric = {
      Namespace: 'Odd',
      MetricName: 'Never',
      Statistic: 'Sum',
      Period: 10,
      EvaluationPeriods: 1,
    } as const;
    const breach = { Threshold: 1, ComparisonOperator: 'LessThanThreshold' } as const;
    await alarms.send(new PutMetricAlarmCommand({ AlarmName, ...metric, ...breach }));
    await set(AlarmName, 'OK');
  };
  const set = (AlarmName: string, StateValue: 'OK' | 'ALARM') =>
    alarms.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'set by hand' }));
  const ladder = (service: string): Promise<Answer> => product.get(`/api/ladders/production/${service}`);
  const valuesOf = async (service: string): Promise<Answer> =>
    Object.fromEntries((await ladder(service)).checks.map(({ check, value }: Answer) => [check, value]));
  const values = (service: string, wanted: { [check: string]: string }) =>
    product.until(`the checks of ${service} are ${JSON.stringify(wanted)}`, async () => {
      const found = await valuesOf(service);
      return Object.entries(wanted).every(([check, value]) => found[check] === value);
    });
  const force = (service: string) =>
    escalator(product, 'force', `production/${service}`, '--from', 'only', '--by', 'Ben', '--why', 'to see');

  it('an alarm called "*" is one alarm; quotes, emoji and 255 characters are names like any other', async () => {
    await values('odd', { star: 'pass', quote: 'pass', emoji: 'pass', long: 'pass' });
    const since = new Date().toISOString();
    await set('*', 'ALARM');
    await values('odd', { star: 'fail', quote: 'pass', emoji: 'pass', long: 'pass' });
    for (const name of [odd.quote, odd.emoji, odd.long]) await set(name, 'ALARM');
    const incident = await incidentAfter(product, since);
    expect(incident.status).toBe('observed');
    expect(incident.failing.toSorted()).toEqual(['emoji', 'long', 'quote', 'star']);
    const shown = await escalator(product, 'ladder', 'show', 'production/odd');
    for (const name of Object.values(odd)) expect(shown).toContain(name);
    expect((await ladder('shop')).status).toBe('at-rest');
  });

  it('an alarm deleted between its event and the reading is unknown: nothing is done; there again, it goes on', async () => {
    await values('gone', { soon: 'pass' });
    const since = new Date().toISOString();
    await set('soon-gone', 'ALARM');
    await incidentAfter(product, since, ({ service }) => service === 'gone');
    await alarms.send(new DeleteAlarmsCommand({ AlarmNames: ['soon-gone'] }));
    const held = await incidentAfter(product, since, ({ status }) => status === 'held');
    expect(held.reason).toBe('a check cannot be read');
    expect((await ladder('gone')).checks[0]).toMatchObject({
      value: 'unknown',
      reason: 'the alarm is not there any more',
    });
    await putAlarm('soon-gone');
    const { id } = await incidentAfter(product, since);
    const { status, story } = await product.get(`/api/incidents/${id}`);
    expect(status).toBe('self-healed');
    expect(story.map(({ kind }: Answer) => kind)).not.toContain('step.intended');
  });

  it('an execution of another pipeline puts nothing here, whoever says that it reached the stage', async () => {
    const before = (await product.get('/api/releases?service=shop')).items;
    const execution = await makePipeline(product, 'network');
    const detail = { pipeline: 'shop', 'execution-id': execution, stage: 'Deploy', state: 'SUCCEEDED', version: 1 };
    const event = { Source: 'aws.codepipeline', DetailType: 'CodePipeline Stage Execution State Change' };
    await new EventBridgeClient(awsOf(product)).send(
      new PutEventsCommand({ Entries: [{ ...event, Detail: JSON.stringify(detail), Time: new Date() }] }),
    );
    const refused = await product.until('it is refused', async () =>
      (await product.get('/api/entries?service=shop&kind=release.unconfirmed')).items.at(0),
    );
    expect(refused).toMatchObject({ execution, reason: 'CodePipeline knows no such execution of shop' });
    expect((await product.get('/api/releases?service=shop')).items).toEqual(before);
    expect((await ladder('shop')).running).toMatchObject({ execution: before[0].execution });
  });

  it.each([
    ['a pipeline that is not there is not waited for', 'nowhere', 'there is no pipeline nowhere'],
    ['an empty target is acted on by nobody', 'empty', 'there is no instance to replace: an empty target is refused'],
  ])('%s: a person is called', async (_, service, reason) => {
    const since = new Date().toISOString();
    await force(service);
    const incident = await incidentAfter(product, since, (one) => one.service === service && one.closedAt !== null);
    expect([incident.status, incident.reason]).toEqual(['handed-over', reason]);
    const { items } = await product.get<{ items: Answer[] }>(`/api/entries?service=${service}&kind=alert.raised`);
    const pages = items.map(({ detail }) => detail.alert).filter(({ severity }) => severity === 'page');
    expect(pages.map(({ headline }) => headline)).toEqual([`${service} in production: a person is needed, ${reason}`]);
    expect((await product.get<{ items: Answer[] }>(`/api/entries?service=${service}&kind=step.claimed`)).items).toEqual(
      [],
    );
  });

  it.each([
    ['a ladder with no steps', 'empty-ladder'],
    ['a level twice', 'level-twice'],
    ['a check that names no level', 'unknown-level'],
    ['a negative duration', 'duration-negative'],
    ['an absurd duration', 'duration-over-a-year'],
  ])('a configuration with %s starts nothing, and its mistake is told with its place', async (_, name) => {
    const file = fileURLToPath(new URL(`../fixtures/config/${name}.yaml`, import.meta.url));
    const place = temporary();
    const started = startProduct(join(place.dir, 'data'), ['--config', file]);
    await expect(started).rejects.toThrow(new RegExp(`${name}\\.yaml:\\d+:\\d+ .*wanted`, 's'));
    place.remove();
  });

  it.each<[string, string[], RegExp]>([
    ['a ladder', ['hold', 'production/shoq', '--why', 'x'], /^ESC-011 there is no ladder "production\/shoq"/],
    ['a level', ['force', 'production/shop', '--from', 'depoy', '--why', 'x'], /no level "depoy".*node, deploy/],
    ['an incident', ['approve', 'production.shop.999', '--why', 'x'], /production\.shop\.999 asks for no approval/],
    ['a duration', ['claim', 'production/shop', '--for', '-5m', '--why', 'x'], /ESC-007 --for "-5m" is no duration/],
  ])('an order that names %s that is not there is refused in words', async (_, words, refusal) => {
    await expect(escalator(product, ...words, '--by', 'Ben')).rejects.toThrow(refusal);
  });
});
