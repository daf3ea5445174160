import { describe, expect, it } from 'vitest';
import { readStackLines } from '../../../../shared/event/stack-lines.ts';
import { bodyOf, digest, eventOf, factOf, fixture } from '../harness.ts';

const stack = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/0a1b2c3d';
const unknown = { type: 'unknown' };

const inStatus = (status: string): string => {
  const event = eventOf('cloudformation/stack-update-failed.json');
  return factOf({ ...event, detail: { ...event.detail, 'status-details': { status } } }).kind;
};

describe('a stack', () => {
  it('that was rolled back did not succeed', () => {
    expect(fixture('cloudformation/stack-update-rollback-complete.json').kind).toBe('stack.rolled-back');
  });

  it.each([
    ['REVIEW_IN_PROGRESS', 'stack.started'],
    ['DELETE_COMPLETE', 'stack.succeeded'],
    ['IMPORT_ROLLBACK_IN_PROGRESS', 'stack.rolling-back'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'stack.succeeded'],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'stack.rolled-back'],
    ['UPDATE_ROLLBACK_FAILED', 'stack.failed'],
    ['ROLLBACK_COMPLETE', 'stack.rolled-back'],
  ])('in %s is %s', (status, kind) => {
    expect(inStatus(status)).toBe(kind);
  });

  it('is where its ARN says, whatever the envelope does', () => {
    expect(fixture('cloudformation/stack-in-another-region.json')).toMatchObject({
      kind: 'stack.rolled-back',
      subject: 'arn:aws:cloudformation:ap-northeast-1:111122223333:stack/shop/0a1b2c3d',
      source: { region: 'us-east-1' },
      detail: { detailedStatus: 'CONFIGURATION_COMPLETE' },
    });
  });

  it('is changed by somebody whom the event does not name, and brought to its end by the service', () => {
    const service = { type: 'service', name: 'cloudformation.amazonaws.com' };
    expect(fixture('cloudformation/stack-create-in-progress.json').actor).toEqual(unknown);
    expect(fixture('cloudformation/stack-update-failed.json').actor).toEqual(service);
  });

  it('has no reason and no token where they are empty', () => {
    const { reason, detail } = fixture('cloudformation/stack-in-another-region.json');
    expect([reason, detail['clientRequestToken']]).toEqual([null, undefined]);
  });
});

describe('a resource of a stack', () => {
  it('says what it is and why it failed', () => {
    expect(fixture('cloudformation/resource.json')).toMatchObject({
      subject: stack,
      outcome: 'update-failed',
      reason: 'Access denied',
      detail: { resource: 'Queue', physicalId: 'shop-queue', resourceType: 'AWS::SQS::Queue' },
    });
  });

  it('that has the same status twice in a second is two facts', () => {
    const keys = ['creating', 'initiated'].map((name) => fixture(`cloudformation/resource-${name}.json`).key);
    expect(new Set(keys).size).toBe(2);
  });
});

describe('a detection of drift', () => {
  it('says whether the stack drifted, and of how many resources', () => {
    expect(fixture('cloudformation/drift.json')).toMatchObject({
      outcome: 'drifted',
      detail: { detection: 'd1', driftedResources: 2 },
    });
  });

  it('that is not at its end says nothing of drift', () => {
    expect(fixture('cloudformation/drift-in-progress.json').outcome).toBe('detection-in-progress');
    expect(fixture('cloudformation/drift-failed.json')).toMatchObject({
      outcome: 'detection-failed',
      reason: 'Access denied to sqs:GetQueueAttributes',
    });
  });
});

describe('what CloudFormation tells a topic', () => {
  it('of a stack is the same fact as its event, and says by whose id it was asked for', () => {
    const told = fixture('cloudformation/lines-stack.txt');
    expect(told).toMatchObject({
      kind: 'stack.started',
      subject: stack,
      key: fixture('cloudformation/stack-user-initiated.json').key,
      reason: 'User Initiated',
      occurredAt: '2026-11-20T14:40:38.306Z',
      actor: { type: 'role-session', id: 'AROAJQABLZS4A3QDU576Q:ada', role: 'AROAJQABLZS4A3QDU576Q', session: 'ada' },
      source: { name: 'aws.cloudformation', account: '111122223333', region: 'eu-west-1' },
      detail: { via: ['stack-lines'], beside: { StackName: 'shop', Namespace: '111122223333' } },
    });
  });

  it('is the same fact through SNS', () => {
    expect(fixture('cloudformation/sns-of-lines.json').key).toBe(fixture('cloudformation/lines-stack.txt').key);
  });

  it('of a resource is the same fact as its event', () => {
    expect(fixture('cloudformation/lines-resource.txt').key).toBe(fixture('cloudformation/resource.json').key);
  });

  it('may have quotes and lines in a value', () => {
    expect(fixture('cloudformation/lines-resource-failed.txt')).toMatchObject({
      kind: 'stack-resource.changed',
      outcome: 'update-failed',
      reason: "Queue 'shop-queue' says:\nAccess denied\n(not 'sqs:SetQueueAttributes')",
      detail: { resource: 'Queue', beside: { ResourceProperties: expect.stringContaining("shop's queue") as string } },
    });
  });

  it('names a user by their id, and nobody by any other', () => {
    const body = bodyOf('cloudformation/lines-stack.txt');
    const by = (principal: string) => factOf(body.replace('AROAJQABLZS4A3QDU576Q:ada', principal)).actor;
    const user = { type: 'person', id: 'AIDAJQABLZS4A3QDU576Q', name: 'AIDAJQABLZS4A3QDU576Q', verified: true };
    expect(by('AIDAJQABLZS4A3QDU576Q')).toEqual(user);
    expect(by('111122223333')).toEqual(unknown);
    expect(by('ada')).toEqual(unknown);
  });

  it('is redacted in its properties', () => {
    const secret = 'correct-horse-battery';
    const body = bodyOf('cloudformation/lines-stack.txt').replace("'null'", `'{"MasterUserPassword":"${secret}"}\n'`);
    const said = JSON.stringify(factOf(body));
    expect(said).not.toContain(secret);
    expect(said).toContain(digest(secret).slice(0, 12));
  });

  it('may end its lines as Windows does, or without one', () => {
    const body = bodyOf('cloudformation/lines-stack.txt');
    const { key } = factOf(body);
    expect([factOf(body.replaceAll('\n', '\r\n')).key, factOf(body.trimEnd()).key]).toEqual([key, key]);
  });

  it('is refused where a value was made to look like a line, or a part is missing', () => {
    const body = bodyOf('cloudformation/lines-stack.txt');
    const forged = body.replace('User Initiated', "x'\nResourceStatus='UPDATE_COMPLETE");
    const cut = body.slice(0, -20);
    for (const text of [forged, cut, body.replace('Timestamp=', 'timestamp='), 'StackId=', "StackId='x'", ` ${body}`])
      expect(readStackLines(text)).toBeNull();
  });
});
