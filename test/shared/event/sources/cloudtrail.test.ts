import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { text } from '../../../../shared/event/fields.ts';
import { bodyOf, eventOf, factOf, filesUnder, fixture, fixtures, groupsOf, locate, nameOf } from '../harness.ts';

describe('a call of an AWS API', () => {
  it('is about what was called, by whom it was called', () => {
    expect(fixture('cloudtrail/call-start-pipeline.json', { locate })).toMatchObject({
      kind: 'call',
      subject: 'arn:aws:codepipeline:eu-west-1:111122223333:shop',
      environment: 'production',
      actor: { type: 'role-session', role: 'arn:aws:iam::111122223333:role/teams/Developer', session: 'ada' },
      detail: { call: 'StartPipelineExecution', readOnly: false, console: false },
    });
  });

  it('is one fact by its event id', () => {
    const event = eventOf('cloudtrail/call-start-pipeline.json');
    expect(factOf(event).key).toBe(`arn:aws:codepipeline:eu-west-1:111122223333:shop#${text(event.detail, 'eventID')}`);
  });

  it('that was refused is an attempt, not a change', () => {
    expect(fixture('cloudtrail/call-refused.json')).toMatchObject({
      kind: 'call.failed',
      outcome: 'failed',
      reason: 'User is not authorized to perform codecommit:DeleteRepository',
      detail: { errorCode: 'AccessDenied' },
    });
  });

  it.each([
    ['call-by-root', { type: 'person', name: 'root' }],
    ['call-by-user', { type: 'person', name: 'mia' }],
    ['call-by-service', { type: 'service', name: 'ecs.amazonaws.com' }],
    ['call-by-other-account', { type: 'unknown' }],
    ['service-event', { type: 'service', name: 'kms.amazonaws.com' }],
  ])('%s names its actor', (name, actor) => {
    expect(fixture(`cloudtrail/${name}.json`).actor).toMatchObject(actor);
  });

  it('that names no resource is about the account, and no policy that is only passed along', () => {
    expect(fixture('cloudtrail/call-by-user.json').subject).toBe('arn:aws:iam::111122223333:root');
  });

  it('says whether it was made in the console', () => {
    expect(fixture('cloudtrail/call-update-function.json').detail['console']).toBe(true);
  });

  it('counts as without error where an exporter wrote null as a text', () => {
    const event = eventOf('cloudtrail/call-start-pipeline.json');
    const exported = { ...event, detail: { ...event.detail, errorCode: 'null', errorMessage: 'null' } };
    expect(factOf(exported)).toMatchObject({ kind: 'call', reason: null });
  });

  it('is the same fact as a bare record, and each of many records is one', () => {
    const records = groupsOf(bodyOf('odd/cloudtrail-records.json'));
    expect(records).toHaveLength(2);
    expect(records[0]?.key).toBe(fixture('odd/cloudtrail-record.json').key);
  });

  it('in a record of another major version is unknown: its fields may mean anything', () => {
    expect(fixture('odd/cloudtrail-record-of-version-2.json').kind).toBe('unknown');
  });

  it('is the same fact bare as through EventBridge, whatever Region the event came in', () => {
    const names = filesUnder(join(fixtures, 'cloudtrail')).map((file) => nameOf(file));
    const differing = names.filter((name) => {
      const event = eventOf(name);
      return factOf(event.detail).key !== factOf({ ...event, region: 'us-east-1' }).key;
    });
    expect(names.length).toBeGreaterThan(40);
    expect(differing).toEqual([]);
  });

  it('under an id that is none is told apart by what was called and when', () => {
    const event = eventOf('cloudtrail/call-start-pipeline.json');
    const anonymous = (over: object): string =>
      factOf({ ...event, detail: { ...event.detail, eventID: '-', ...over } }).key;
    const keys = [{}, { eventName: 'StopPipelineExecution' }, { eventTime: '2026-11-20T14:00:00Z' }].map(anonymous);
    expect(new Set(keys).size).toBe(3);
  });
});

const inAccount = (service: string, name: string): string => `arn:aws:${service}:eu-west-1:111122223333:${name}`;

describe('what was called', () => {
  it.each([
    ['call-update-service', inAccount('ecs', 'service/main/shop')],
    ['call-stop-task', inAccount('ecs', 'task/main/0a1b2c')],
    ['call-stop-service-deployment', inAccount('ecs', 'service/main/shop')],
    ['call-set-alarm-state', inAccount('cloudwatch', 'alarm:shop-smoke')],
    ['call-put-metric-alarm', inAccount('cloudwatch', 'alarm:shop-smoke')],
    ['call-delete-alarms', inAccount('cloudwatch', 'alarm:shop-smoke')],
    ['call-put-approval-result', inAccount('codepipeline', 'shop')],
    ['call-update-pipeline', inAccount('codepipeline', 'shop')],
    ['call-stop-deployment', inAccount('codedeploy', 'deployment:d-0A1B2C3D4')],
    ['call-update-function', inAccount('lambda', 'function:shop-api')],
    ['call-publish-version', inAccount('lambda', 'function:shop-api')],
    ['call-update-alias', inAccount('lambda', 'function:shop-api')],
    ['call-start-refresh', inAccount('autoscaling', 'autoScalingGroup:*:autoScalingGroupName/shop-asg')],
    ['call-set-instance-health', inAccount('ec2', 'instance/i-0a1b2c3d4e5f60718')],
    ['call-put-parameter', inAccount('ssm', 'parameter/escalator/kill-switch')],
    ['call-without-read-only', inAccount('cloudformation', 'stack/shop/0a1b')],
    ['call-across-accounts', 'arn:aws:s3:::shop-artifacts'],
    ['call-by-federated-user', inAccount('codebuild', 'project/shop')],
    ['call-by-session-without-arn', inAccount('codecommit', 'shop')],
    ['service-event-with-status', inAccount('s3', 'job/e849')],
    ['call-create-pull-request', inAccount('codecommit', 'shop')],
    ['call-network-activity-denied', 'arn:aws:s3:::shop-artifacts'],
    ['call-by-web-identity', 'arn:aws:iam::111122223333:role/Deployer'],
  ])('%s is its subject', (name, subject) => {
    expect(fixture(`cloudtrail/${name}.json`).subject).toBe(subject);
  });

  it('is an ECS service of the cluster named default where none is said, also by an ARN', () => {
    const event = eventOf('cloudtrail/call-update-service.json');
    const of = (requestParameters: object): string =>
      factOf({ ...event, detail: { ...event.detail, requestParameters, responseElements: null } }).subject;
    const arn = inAccount('ecs', 'service/other/shop');
    expect(of({ service: 'shop' })).toBe(inAccount('ecs', 'service/default/shop'));
    expect(of({ service: arn, cluster: 'other' })).toBe(arn);
    expect(of({ cluster: 'main' })).toBe(inAccount('ecs', 'cluster/main'));
    expect(of({})).toBe('arn:aws:iam::111122223333:root');
  });

  it('is the account where a call is about many, and belongs where they all do', () => {
    const event = eventOf('cloudtrail/call-delete-alarms.json');
    const alarmNames = ['shop-smoke', 'shop-node'];
    const many = { ...event, detail: { ...event.detail, requestParameters: { alarmNames } } };
    const everywhere = { ...locate, alarm: () => ({ environment: 'production', service: 'shop' }) };
    expect(factOf(many, { locate })).toMatchObject({
      subject: 'arn:aws:iam::111122223333:root',
      service: null,
      detail: { alarms: alarmNames },
    });
    expect(factOf(many, { locate: everywhere })).toMatchObject({ environment: 'production', service: 'shop' });
  });

  it.each([
    'call-set-alarm-state',
    'call-put-metric-alarm',
    'call-delete-alarms',
    'call-put-approval-result',
    'call-retry-stage',
    'call-rollback-stage',
    'call-disable-transition',
    'call-update-pipeline',
    'call-start-refresh',
    'call-by-session-without-arn',
    'call-create-pull-request',
    'console-action',
  ])('%s belongs to the service that the configuration knows it of', (name) => {
    expect(fixture(`cloudtrail/${name}.json`, { locate })).toMatchObject({
      environment: 'production',
      service: 'shop',
    });
  });

  it('is looked up with its stage: a pipeline may deliver to several environments', () => {
    const asked: (string | undefined)[] = [];
    const pipeline = (_: string, stage?: string) => (asked.push(stage), null);
    fixture('cloudtrail/call-retry-stage.json', { locate: { ...locate, pipeline } });
    expect(asked).toEqual(['Deploy']);
  });
});

describe('a call that delivers, or stops a delivery', () => {
  it('names the execution it is about, or made', () => {
    expect(fixture('cloudtrail/call-retry-stage.json')).toMatchObject({
      execution: '11111111-1111-4111-8111-111111111111',
      detail: { pipeline: 'shop', stage: 'Deploy' },
    });
    const started = '22222222-2222-4222-8222-222222222222';
    expect(fixture('cloudtrail/call-rollback-stage.json').execution).toBe(started);
  });

  it('names the commit that it pushed, or started an execution at', () => {
    const commit = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432';
    expect(fixture('cloudtrail/call-by-session-without-arn.json').change).toEqual({ repository: 'shop', commit });
    expect(fixture('cloudtrail/call-start-pipeline-at-commit.json').change).toEqual({ repository: null, commit });
  });

  it.each([
    ['call-put-approval-result', 'looks good'],
    ['call-disable-transition', 'freeze until Monday'],
    ['call-set-alarm-state', 'a test of the pager'],
    ['call-stop-task', 'it leaks'],
    ['call-by-sso', 'wrong branch'],
    ['call-failed-without-message', 'ConflictException'],
    ['call-retry-stage', null],
  ])('%s gives the reason that its caller gave, or for which it failed', (name, reason) => {
    expect(fixture(`cloudtrail/${name}.json`).reason).toBe(reason);
  });

  it('shows what was decided of an approval, and what a service was given', () => {
    expect(fixture('cloudtrail/call-put-approval-result.json').detail).toMatchObject({
      action: 'Approve',
      decision: 'Approved',
    });
    expect(fixture('cloudtrail/call-update-service.json').detail).toMatchObject({
      taskDefinition: inAccount('ecs', 'task-definition/shop:41'),
    });
    expect(fixture('cloudtrail/call-stop-deployment.json').detail).toMatchObject({ deployment: 'd-0A1B2C3D4' });
    expect(fixture('cloudtrail/call-update-alias.json').detail).toMatchObject({ alias: 'live', version: '8' });
    expect(fixture('cloudtrail/call-publish-version.json').detail).toMatchObject({ version: '8' });
  });

  it('changes nothing where it only reads, and says nothing of it where its record is too old to', () => {
    expect(fixture('cloudtrail/call-read-only.json').detail['readOnly']).toBe(true);
    expect(fixture('cloudtrail/call-update-service.json').detail['readOnly']).toBe(false);
    expect(fixture('cloudtrail/call-without-read-only.json').detail).not.toHaveProperty('readOnly');
  });
});

describe('a call through an endpoint of a network', () => {
  it('that the endpoint refused is an attempt, and names the endpoint', () => {
    expect(fixture('cloudtrail/call-network-activity-denied.json')).toMatchObject({
      kind: 'call.failed',
      reason: 'The request was denied due to a VPC endpoint policy',
      detail: { errorCode: 'VpceAccessDenied', vpcEndpoint: 'vpce-0a1b2c', callerAccount: '444455556666' },
    });
  });
});

describe('an unusual number of calls', () => {
  it('is told by CloudTrail when it begins and when it ends, with what is usual and what was seen', () => {
    expect(fixture('cloudtrail/insight-ended.json')).toMatchObject({
      kind: 'call-insight',
      outcome: 'ended',
      actor: { type: 'service', name: 'cloudtrail.amazonaws.com' },
      detail: { call: 'StartPipelineExecution', errorCode: 'ConflictException', usual: 0.0017, seen: 5.2 },
    });
    expect(fixture('cloudtrail/insight.json').outcome).toBe('started');
  });

  it('is understood as a bare record too', () => {
    expect(fixture('odd/insight-record.json').key).toBe(fixture('cloudtrail/insight-ended.json').key);
  });
});
