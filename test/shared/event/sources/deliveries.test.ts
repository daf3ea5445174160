import { describe, expect, it } from 'vitest';
import { at } from '../../../../shared/event/fields.ts';
import { digest, fixture, locate } from '../harness.ts';

describe('a build', () => {
  it('belongs to the pipeline that initiated it, and says what failed', () => {
    expect(fixture('codebuild/build-failed.json', { locate })).toMatchObject({
      subject: 'arn:aws:codebuild:eu-west-1:111122223333:build/shop:4f7d0000-0000-4000-8000-000000000001',
      service: 'shop',
      reason: 'COMMAND_EXECUTION_ERROR: npm test. Reason: exit status 1',
      detail: { project: 'shop', pipeline: 'shop', number: 42 },
    });
  });

  it('has no reason when it did not fail, whatever an earlier phase said', () => {
    expect(fixture('codebuild/build-succeeded.json').reason).toBeNull();
    expect(fixture('codebuild/build-phase-succeeded.json').reason).toBeNull();
  });

  it('keeps no variable that stands in clear in the event, and the names of those that are stored elsewhere', () => {
    const { detail } = fixture('codebuild/build-succeeded.json');
    const variables = at(detail, 'event', 'additional-information', 'environment', 'environment-variables');
    const value = `[redacted plaintext-variable ${digest('production').slice(0, 12)}]`;
    expect(variables).toEqual([
      { name: 'STAGE', type: 'PLAINTEXT', value },
      { name: 'DB', type: 'PARAMETER_STORE', value: '/shop/db' },
    ]);
  });
});

describe('a stack', () => {
  it('that was rolled back did not succeed', () => {
    expect(fixture('cloudformation/stack-update-rollback-complete.json').kind).toBe('stack.rolled-back');
  });
});

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
