import { describe, expect, it } from 'vitest';
import { eventOf, factOf, fixture, locate } from '../harness.ts';

const shop = { environment: 'production', service: 'shop' };

describe('a configuration item', () => {
  it('says what was changed, by the paths of its properties', () => {
    expect(fixture('config/item-of-group.json', { locate })).toMatchObject({
      ...shop,
      kind: 'config-item.changed',
      outcome: 'updated',
      detail: { changed: ['Configuration.DesiredCapacity', 'Configuration.MaxSize'], name: 'shop-asg' },
    });
  });

  it('was changed by somebody whom Config does not know, while a rule is judged by Config', () => {
    expect(fixture('config/item.json').actor).toEqual({ type: 'unknown' });
    expect(fixture('config/compliance.json').actor).toEqual({ type: 'service', name: 'config.amazonaws.com' });
  });

  it('of a pipeline or an alarm belongs to the service that has it, also by the end of its ARN', () => {
    expect(fixture('config/item-of-pipeline.json', { locate })).toMatchObject({
      ...shop,
      subject: 'arn:aws:codepipeline:eu-west-1:111122223333:shop',
      outcome: 'discovered',
    });
    expect(fixture('config/item-deleted.json', { locate })).toMatchObject(shop);
    expect(fixture('config/item.json', { locate })).toMatchObject({ environment: null, service: null });
  });

  it('is deleted by its status where no difference is given', () => {
    expect(fixture('config/item-deleted.json').outcome).toBe('deleted');
  });

  it('too large for an event is a summary, and says in which bucket the whole lies, or why in none', () => {
    expect(fixture('config/item-oversized.json')).toMatchObject({
      subject: 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c',
      outcome: 'deleted',
      reason: null,
      detail: { messageType: 'OversizedConfigurationItemChangeNotification', whole: 'config/x.json.gz' },
    });
    expect(fixture('config/item-oversized-undelivered.json')).toMatchObject({
      outcome: 'updated',
      reason: 'the bucket refused it',
    });
  });

  it('is the same fact as a custom rule is given it, also as a summary', () => {
    const { subject, outcome } = fixture('odd/config-rule-oversized.json');
    expect({ subject, outcome }).toEqual({
      subject: fixture('config/item-oversized.json').subject,
      outcome: 'updated',
    });
    const event = eventOf('config/item.json');
    const invocation = { invokingEvent: JSON.stringify(event.detail), accountId: '111122223333', resultToken: 't' };
    expect(factOf(invocation).key).toBe(factOf(event).key);
  });
});

describe('the compliance with a rule', () => {
  it('names rule, resource and reason, and what was before', () => {
    expect(fixture('config/compliance.json')).toMatchObject({
      kind: 'compliance.changed',
      subject: 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c',
      outcome: 'non-compliant',
      reason: 'port 22 is open to the world',
      detail: { rule: 'no-open-ssh', resource: 'sg-0a1b2c' },
    });
    expect(fixture('config/compliance-again.json')).toMatchObject({
      outcome: 'not-applicable',
      detail: { previous: 'NON_COMPLIANT' },
    });
  });

  it('is evaluated a first time without anything before', () => {
    const fact = fixture('config/compliance-first.json', { locate });
    expect(fact).toMatchObject({ ...shop, outcome: 'compliant' });
    expect(fact.detail).not.toHaveProperty('previous');
  });

  it("is about a resource that has no ARN by Config's own name for it", () => {
    expect(fixture('config/compliance-again.json').subject).toBe('111122223333/AWS::IAM::User/AIDAEXAMPLE');
  });

  it('is in the partition of its Region', () => {
    const event = eventOf('config/compliance.json');
    const { subject } = factOf({ ...event, detail: { ...event.detail, awsRegion: 'cn-north-1' } });
    expect(subject).toBe('arn:aws-cn:ec2:cn-north-1:111122223333:security-group/sg-0a1b2c');
  });
});

describe('a message of Config', () => {
  it('to a topic is the same fact as the event', () => {
    expect(fixture('odd/config-topic.json').key).toBe(fixture('config/compliance.json').key);
  });

  it('of what it does for itself is about the rule, or about the account', () => {
    expect(fixture('config/snapshot-delivered.json')).toMatchObject({
      kind: 'config.reported',
      subject: 'arn:aws:iam::111122223333:root',
      outcome: 'completed',
      detail: { bucket: 'config', object: 'AWSLogs/111122223333/Config/x.json.gz' },
    });
    expect(fixture('odd/config-rule-scheduled.json')).toMatchObject({
      kind: 'config.reported',
      subject: 'arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-1',
      outcome: 'scheduled',
      occurredAt: '2026-11-20T14:22:17.741Z',
      detail: { rule: 'no-open-ssh' },
    });
    expect(fixture('config/rules-evaluated.json').outcome).toBe('started');
  });

  it('that is not known stays unknown, whoever is given it', () => {
    expect(factOf({ invokingEvent: '{"messageType":"constructor"}', accountId: '111122223333' }).kind).toBe('unknown');
    expect(factOf({ invokingEvent: 'not json', accountId: '111122223333' }).kind).toBe('unknown');
  });
});
