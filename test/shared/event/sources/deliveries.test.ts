import { describe, expect, it } from 'vitest';
import { fixture } from '../harness.ts';

describe('a task of ECS', () => {
  it('says why it stopped, and is one fact by its version', () => {
    const fact = fixture('ecs/task-stopped.json');
    expect(fact).toMatchObject({ reason: 'Essential container in task exited', detail: { version: 6 } });
    expect(fact.key).toBe('arn:aws:ecs:eu-west-1:111122223333:task/main/0a1b2c#task,6,STOPPED,STOPPED');
  });
});

describe('an instance of a group', () => {
  it('was launched although its status code says InProgress, as it always does', () => {
    expect(fixture('autoscaling/launch-successful.json')).toMatchObject({
      kind: 'instance.launched',
      outcome: 'launched',
    });
  });

  it('that could not be launched says why', () => {
    expect(fixture('autoscaling/launch-unsuccessful.json').reason).toMatch(/vCPU capacity/);
  });
});

describe('a report of AWS Health', () => {
  it('is one fact by its communication, account and page: backup Regions repeat it', () => {
    expect(fixture('health/open.json').key).toMatch(/#comm-1,111122223333,1,open$/);
  });
});

describe('an event nobody knows', () => {
  it.each([
    'unknown-source',
    'unknown-detail-type',
    'known-type-without-its-fields',
    'detail-is-a-text',
    'sns-of-text',
  ])('%s is on record whole', (name) => {
    const fact = fixture(`odd/${name}.json`);
    expect(fact.kind).toBe('unknown');
    expect(fact.key).toMatch(/#unknown,[0-9a-f]{64}$/);
  });

  it('keeps what it said', () => {
    expect(fixture('odd/unknown-source.json').detail).toEqual({
      source: 'acme.shop',
      detailType: 'Order Placed',
      event: { order: 7 },
    });
    expect(fixture('odd/detail-is-a-text.json').detail['beside']).toEqual({ detail: 'gone' });
  });
});
