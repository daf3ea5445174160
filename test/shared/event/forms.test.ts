import { describe, expect, it } from 'vitest';
import { bodyOf, eventOf, factOf, fixture, groupsOf } from './harness.ts';

const keysOf = (body: string | object): string[] => groupsOf(body).map(({ key }) => key);
const alarm = fixture('cloudwatch/alarm-failing.json').key;
const pushed = fixture('codecommit/reference-updated.json').key;

describe('an event that does not say whose it is', () => {
  it('is read as what its detail-type says, and is the same fact as the one that says it', () => {
    expect(fixture('odd/without-source-alarm.json')).toMatchObject({ kind: 'alarm.changed', key: alarm });
    expect(fixture('odd/without-source-call.json').key).toBe(fixture('cloudtrail/call-update-service.json').key);
  });

  it('is nobody’s word: neither CloudWatch’s, so that no ladder heeds it, nor anyone else’s', () => {
    expect(fixture('odd/without-source-alarm.json')).toMatchObject({
      source: { name: 'unknown' },
      actor: { type: 'unknown' },
      detail: { via: ['without-source'] },
    });
  });

  it('of a detail-type that nobody knows is of kind unknown, whole', () => {
    expect(fixture('odd/without-source-unknown-type.json')).toMatchObject({
      kind: 'unknown',
      detail: { detailType: 'Order Placed', event: { order: '4711' } },
    });
  });
});

describe('a list', () => {
  it('of events is each of them, and what in it is none is kept as well', () => {
    const facts = groupsOf(bodyOf('odd/list.json')).map(({ entries }) => entries[0]);
    expect(facts.map((fact) => fact?.kind)).toEqual(['pipeline.started', 'stage.started', 'unknown', 'alarm.changed']);
    expect(facts[2]?.detail).toMatchObject({ beside: { item: 'and a text' }, via: ['list'] });
    expect(keysOf(bodyOf('odd/list.json')).at(-1)).toBe(alarm);
  });

  it('in a queue’s message is each of them too', () => {
    expect(keysOf(bodyOf('odd/sqs-of-list.json'))).toEqual([pushed, alarm]);
  });

  it.each(['[]', '[1,"two",null]', '[[],[1]]'])('of no event, as %s, is no event', (body) => {
    expect(factOf(body)).toMatchObject({ kind: 'quarantined', detail: { reason: 'not-an-object' } });
  });

  it('that is empty is kept too, where it stands among events', () => {
    const facts = groupsOf([[], eventOf('cloudwatch/alarm-failing.json')]).map(({ entries }) => entries[0]);
    expect(facts.map((fact) => fact?.kind)).toEqual(['unknown', 'alarm.changed']);
    expect(facts[0]?.detail).toMatchObject({ beside: { item: [] } });
  });

  it('within lists is followed some way, and kept whole from there on', () => {
    const nested = [[[[[[[[{ a: 1 }]]]]]]], eventOf('cloudwatch/alarm-failing.json')];
    const facts = groupsOf(nested);
    expect(facts.map(({ entries }) => entries[0]?.kind)).toEqual(['unknown', 'alarm.changed']);
    expect(JSON.stringify(facts[0]?.entries[0]?.detail)).toContain('{"a":1}');
  });

  it('of 2,000 events is each of them; one of more is one record with all in it', () => {
    const record = (_: unknown, n: number): object => ({
      eventID: `${n}`,
      eventName: 'x',
      eventSource: 'ecs.amazonaws.com',
    });
    const file = (length: number): object => ({ Records: Array.from({ length }, record) });
    expect(new Set(keysOf(file(2_000))).size).toBe(2_000);
    const [whole, ...more] = groupsOf(file(2_001));
    expect(more).toEqual([]);
    expect(whole?.entries[0]).toMatchObject({ kind: 'unknown', detail: { oversized: {} } });
  });
});

describe('a batch', () => {
  it('is taken with what is in it that is no event, and with what stands beside it', () => {
    const [first, item, beside] = groupsOf(bodyOf('odd/records-with-more.json')).map(({ key, entries }) => ({
      key,
      detail: entries[0]?.detail,
    }));
    expect(first?.key).toBe(pushed);
    expect(item?.detail).toMatchObject({ beside: { item: 7 } });
    expect(beside?.detail).toMatchObject({ beside: { note: 'put together by hand' } });
  });

  it('of CloudTrail records is each of them, also as a message of a queue', () => {
    expect(keysOf(bodyOf('odd/sqs-of-cloudtrail-records.json'))).toEqual(keysOf(bodyOf('odd/cloudtrail-records.json')));
  });
});

describe('a message', () => {
  it('of SQS is the event in it, as a function gets it and as a reader of the queue gets it', () => {
    expect(fixture('odd/received-message.json').key).toBe(alarm);
    expect(keysOf({ messageId: 'q', body: bodyOf('cloudwatch/alarm-failing.json') })).toEqual([alarm]);
  });

  it('of a topic that is no event is kept whole, without what confirms a subscription', () => {
    const said = fixture('odd/sns-confirmation.json');
    expect(said.detail['beside']).toMatchObject({ Type: 'SubscriptionConfirmation' });
    expect(JSON.stringify(said)).not.toContain('2336412f37fb687f5d51e6e2425c464de12884a0c0ffee');
  });
});

describe('an envelope whose fields are of other types', () => {
  it('is read as far as it goes, and what could not be read is kept', () => {
    expect(fixture('odd/envelope-of-other-types.json')).toMatchObject({
      kind: 'reference.updated',
      occurredAt: null,
      source: { account: '999988887777', id: null },
      detail: {
        resources: ['arn:aws:codecommit:eu-west-1:111122223333:shop'],
        beside: { id: 17, account: 111122223333, time: 1795166225, resources: [expect.any(String), { arn: 'x' }] },
      },
    });
  });
});
