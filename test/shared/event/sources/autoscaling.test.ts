import { describe, expect, it } from 'vitest';
import { eventOf, factOf, fixture, locate } from '../harness.ts';

const service = { type: 'service', name: 'autoscaling.amazonaws.com' };

describe('an instance of a group', () => {
  it('was launched although its status code says InProgress, as it always does', () => {
    expect(fixture('autoscaling/launch-successful.json')).toMatchObject({
      kind: 'instance.launched',
      outcome: 'launched',
      detail: { instance: 'i-0a1b2c3d4e5f60718', group: 'shop-asg' },
    });
  });

  it('that could not be launched, terminated or detached says why', () => {
    expect(fixture('autoscaling/launch-unsuccessful.json').reason).toMatch(/vCPU capacity/);
    expect(fixture('autoscaling/terminate-unsuccessful.json').outcome).toBe('failed');
    expect(fixture('autoscaling/detach-unsuccessful.json')).toMatchObject({
      kind: 'instance.detach-failed',
      reason: 'the group would be smaller than its minimum',
    });
  });

  it('belongs to the service whose level replaces the instances of its group', () => {
    expect(fixture('autoscaling/launch-successful.json', { locate })).toMatchObject({
      environment: 'production',
      service: 'shop',
    });
  });

  it.each([
    ['launch-successful', 'user', { type: 'unknown' }],
    ['detach-successful', 'user', { type: 'unknown' }],
    ['launch-by-alarm', 'alarm', service],
    ['launch-by-schedule', 'schedule', service],
    ['terminate-by-health-check', 'health-check', service],
    ['terminate-by-refresh', 'instance-refresh', service],
    ['launch-to-warm-pool', 'capacity', service],
    ['refresh-started', undefined, { type: 'unknown' }],
    ['refresh-cancelled', undefined, { type: 'unknown' }],
    ['refresh-rollback-started', undefined, { type: 'unknown' }],
    ['refresh-rollback-failed', undefined, service],
    ['refresh-succeeded', undefined, service],
  ])('%s was caused by %s, and whoever is not named is unknown', (name, causedBy, actor) => {
    const fact = fixture(`autoscaling/${name}.json`);
    expect(fact.detail['causedBy']).toBe(causedBy);
    expect(fact.actor).toEqual(actor);
  });

  it('names the alarm that brought it', () => {
    expect(fixture('autoscaling/launch-by-alarm.json').detail['alarm']).toBe('shop cpu');
  });

  it.each([
    ['launch-successful', true],
    ['launch-from-warm-pool', true],
    ['launch-to-warm-pool', false],
    ['terminate-by-health-check', true],
    ['launch-by-schedule', undefined],
  ])('%s changes the capacity of its group: %s', (name, changes) => {
    expect(fixture(`autoscaling/${name}.json`).detail['changesCapacity']).toBe(changes);
  });

  it('waits for a hook before it comes or goes', () => {
    expect(fixture('autoscaling/launch-lifecycle.json')).toMatchObject({
      kind: 'instance.launching',
      detail: { hook: 'warm-up' },
    });
    expect(fixture('autoscaling/terminate-lifecycle.json').kind).toBe('instance.terminating');
  });

  it('is of a group of that name where the event names no ARN', () => {
    const event = eventOf('autoscaling/launch-successful.json');
    expect(factOf({ ...event, resources: [] }).subject).toBe(
      'arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:*:autoScalingGroupName/shop-asg',
    );
  });

  it('has a cause that is looked at only so far', () => {
    const event = eventOf('autoscaling/launch-successful.json');
    const Cause = `${'monitor alarm '.repeat(20_000)}in response to a user request`;
    expect(factOf({ ...event, detail: { ...event.detail, Cause } }).detail).not.toHaveProperty('causedBy');
  });
});

describe('the replacing of the instances of a group', () => {
  it.each([
    ['refresh-started', 'instance-refresh.started', 'started'],
    ['refresh-succeeded', 'instance-refresh.succeeded', 'succeeded'],
    ['refresh-failed', 'instance-refresh.failed', 'failed'],
    ['refresh-cancelled', 'instance-refresh.canceled', 'canceled'],
    ['refresh-checkpoint-reached', 'instance-refresh.changed', 'checkpoint-reached'],
    ['refresh-rollback-started', 'instance-refresh.changed', 'rollback-started'],
    ['refresh-rollback-succeeded', 'instance-refresh.changed', 'rollback-succeeded'],
    ['refresh-rollback-failed', 'instance-refresh.changed', 'rollback-failed'],
    ['refresh-started-baking', 'instance-refresh.changed', 'started-baking'],
  ])('%s is %s: %s', (name, kind, outcome) => {
    expect(fixture(`autoscaling/${name}.json`, { locate })).toMatchObject({ kind, outcome, service: 'shop' });
  });

  it('says how far it came', () => {
    expect(fixture('autoscaling/refresh-checkpoint-reached.json').detail['checkpoint']).toBe(50);
  });
});
