import { describe, expect, it } from 'vitest';
import { thingsOf } from '../../../../shared/question/things.ts';
import type { Entry } from '../../../../shared/trail/entry.ts';
import { eventOf, factOf, fixture } from '../harness.ts';

const group = 'arn:aws:codedeploy:eu-west-1:111122223333:deploymentgroup:shop/production';
const unknown = { type: 'unknown' };
const service = { type: 'service', name: 'codedeploy.amazonaws.com' };

describe('a deployment', () => {
  it('is one fact by its id and its state, about its deployment group', () => {
    const fact = fixture('codedeploy/deployment-failure.json');
    expect(fact).toMatchObject({
      subject: group,
      detail: { application: 'shop', group: 'production', deployment: 'd-7XK2P9QAB', instanceGroup: '0f1e' },
    });
    expect(fact.key).toBe(`${group}#d-7XK2P9QAB,failed`);
  });

  it('is the same fact whatever the order of its resources, and by notification', () => {
    const event = eventOf('codedeploy/deployment-failure.json');
    const { key } = fixture('codedeploy/deployment-failure.json');
    expect(factOf({ ...event, resources: (event['resources'] as string[]).toReversed() }).key).toBe(key);
    expect(fixture('codedeploy/notified-deployment-failure.json').key).toBe(key);
  });

  it('is about its group in its own Region where no resource names it', () => {
    const event = { ...eventOf('codedeploy/deployment-failure.json'), resources: [], region: 'us-east-1' };
    expect(factOf(event).subject).toBe(group);
  });

  it.each([
    ['start', unknown],
    ['stop', unknown],
    ['success', service],
    ['failure', service],
    ['ready', service],
  ])('that comes to %s: somebody whom no event names asked for it, or the service did it', (state, actor) => {
    expect(fixture(`codedeploy/deployment-${state}.json`).actor).toEqual(actor);
  });

  it('in a state nobody knows is on record as unknown', () => {
    const event = eventOf('codedeploy/deployment-failure.json');
    for (const state of ['constructor', 'success', null])
      expect(factOf({ ...event, detail: { ...event.detail, state } }).kind).toBe('unknown');
  });
});

describe('a deployment on one instance', () => {
  it('is a fact of its own, by the instance', () => {
    const fact = fixture('codedeploy/instance-failure.json');
    expect(fact).toMatchObject({ subject: group, actor: service, detail: { instance: 'i-0a1b2c3d4e5f60718' } });
    expect(fact.key).toBe(`${group}#d-7XK2P9QAB,i-0a1b2c3d4e5f60718,failed`);
  });
});

describe('a message of a trigger', () => {
  it('is the same fact as the event, and says why it failed', () => {
    expect(fixture('codedeploy/trigger-deployment-failed.json')).toMatchObject({
      kind: 'deployment.failed',
      key: fixture('codedeploy/deployment-failure.json').key,
      occurredAt: '2026-11-20T09:16:00.402Z',
      reason: 'HEALTH_CONSTRAINTS: Too few healthy instances are available',
      source: { name: 'aws.codedeploy', account: '111122223333', region: 'eu-west-1' },
      detail: { via: ['deployment-trigger'], event: { deploymentOverview: { Failed: '1' } } },
    });
  });

  it('may have the error as a text', () => {
    const event = eventOf('codedeploy/trigger-deployment-failed.json');
    const error = JSON.stringify(event['errorInformation']);
    expect(factOf({ ...event, errorInformation: error }).reason).toMatch(/^HEALTH_CONSTRAINTS: /);
    expect(factOf({ ...event, errorInformation: 'not JSON' }).reason).toBeNull();
  });

  it('about an instance names the step that failed, and the deployment for want of its group', () => {
    expect(fixture('codedeploy/trigger-instance-failed.json')).toMatchObject({
      kind: 'deployment-instance.failed',
      subject: 'arn:aws:codedeploy:eu-west-1:111122223333:deployment:d-7XK2P9QAB',
      reason: 'AfterInstall failed',
      detail: { instance: 'i-0a1b2c3d4e5f60718', deployment: 'd-7XK2P9QAB' },
    });
  });

  it('in a status that is none of an event is on record as unknown', () => {
    const event = eventOf('codedeploy/trigger-deployment-failed.json');
    expect(factOf({ ...event, status: 'Baking' }).kind).toBe('unknown');
  });
});

describe('a lifecycle hook', () => {
  const hook = fixture('codedeploy/lifecycle-hook.json');

  it('names the deployment and nothing else; the account and Region are ours', () => {
    expect(hook).toMatchObject({
      kind: 'deployment-hook.called',
      subject: 'arn:aws:codedeploy:us-east-1:999988887777:deployment:d-ABCDEF123',
      occurredAt: null,
      detail: { deployment: 'd-ABCDEF123', via: ['lifecycle-hook'] },
    });
  });

  it('is joined to the change by its deployment', () => {
    const entry = { ...hook, observedAt: '2026-11-20T09:16:00.000Z' } as unknown as Entry;
    expect(thingsOf(entry)).toContain('deployment:d-ABCDEF123');
  });
});
