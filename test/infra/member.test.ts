import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { MemberStack } from '../../infra/member-stack.ts';
import type { Config } from '../../shared/config/config.ts';
import {
  actionsOf,
  ofType,
  refersTo,
  type Resource,
  shop,
  type Statement,
  statements,
  templateOf,
} from './template.ts';

const home = { account: '111122223333', region: 'eu-central-1' };
const member = { environment: 'production', account: '444455556666', region: 'eu-west-1' };
const place = { elsewhere: { account: member.account, region: member.region } };
const away: Config = { ...shop, services: shop.services.map((service) => ({ ...service, ...place })) };

const stack = (): MemberStack => new MemberStack(new App(), 'Member', { config: away, member, home });
const there = Template.fromStack(stack()).toJSON()['Resources'] as { [id: string]: Resource };
const here = templateOf(away);

const roleOf = (name: string) =>
  ofType('AWS::IAM::Role', there).find(([, { Properties }]) => Properties['RoleName'] === name);
const mayOf = (prefix: string): Set<string> =>
  new Set(statements(there).flatMap(([id, one]) => (id.startsWith(prefix) ? actionsOf(one) : [])));
const acts = /^(autoscaling|codepipeline|codedeploy|codecommit|cloudformation):(?!Describe|Get|List)/;

describe('an environment in another account', () => {
  it('forwards what happens there, and nothing that came from elsewhere, to the bus at home, with dead letters', () => {
    const [[, rule] = ['', { Type: '', Properties: {} } as Resource], ...others] = ofType('AWS::Events::Rule', there);
    expect(others).toEqual([]);
    expect(rule.Properties['EventPattern']).toMatchObject({ account: [member.account], region: [member.region] });
    const [target] = rule.Properties['Targets'] as { [property: string]: unknown }[];
    expect(JSON.stringify(target?.['Arn'])).toContain(':events:eu-central-1:111122223333:event-bus/default');
    expect(refersTo(target?.['DeadLetterConfig'])).toHaveLength(1);
    expect(target?.['RetryPolicy']).toEqual({ MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 });
  });

  it('tells people from there when home does not take it, under a heading of the runbook', () => {
    const [[, { Properties }] = ['', { Type: '', Properties: {} } as Resource]] = ofType(
      'AWS::CloudWatch::Alarm',
      there,
    );
    expect(Properties).toMatchObject({
      AlarmName: 'What happens elsewhere is not taken at home: production',
      AlarmDescription: 'docs/runbook.md#what-happens-elsewhere-is-not-taken-at-home',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 0,
    });
    const [rule] = ofType('AWS::Events::Rule', there).map(([, one]) => one.Properties['Targets']);
    const watched = (Properties['Dimensions'] as { Value: unknown }[]).flatMap(({ Value }) => refersTo(Value));
    expect(refersTo(rule)).toEqual(expect.arrayContaining(watched));
    const [[topic] = ['']] = ofType('AWS::SNS::Topic', there);
    expect(refersTo(Properties['AlarmActions'])).toContain(topic);
    expect(ofType('AWS::SNS::Subscription', there)).toEqual([]);
    const told = new MemberStack(new App(), 'Told', { config: away, member, home, watchdog: 'sre@example.org' });
    expect(Object.values(Template.fromStack(told).findResources('AWS::SNS::Subscription'))).toHaveLength(1);
  });

  it.each([
    ['escalator-production-read', ['react', 'take-step', 'reconcile']],
    ['escalator-production-act', ['take-step']],
  ])('lends %s to %j at home, where they name this environment, and to nobody else', (name, functions) => {
    const trust = roleOf(name)?.[1].Properties['AssumeRolePolicyDocument'] as {
      Statement: (Statement & { Condition: { [operator: string]: { [key: string]: unknown } } })[];
    };
    expect(trust.Statement).toHaveLength(1);
    const [{ Principal, Condition } = { Principal: null, Condition: {} as never }] = trust.Statement;
    expect(JSON.stringify(Principal)).toContain(':iam::111122223333:root');
    expect(Condition['StringEquals']).toEqual({ 'sts:ExternalId': 'escalator/111122223333/eu-central-1/production' });
    const named = [...JSON.stringify(Condition['ArnLike']).matchAll(/role\/escalator-([\w-]+)-eu-central-1/g)];
    expect(named.map(([, one]) => one)).toEqual(functions);
  });

  it('lets roles of people look that are named, and lets none of them act', () => {
    const looks = ['arn:aws:iam::111122223333:role/Ada'];
    const open = new MemberStack(new App(), 'Open', { config: away, member, home, looks });
    const roles = Object.values(Template.fromStack(open).findResources('AWS::IAM::Role')) as Resource[];
    const opened = roles.filter(({ Properties }) => JSON.stringify(Properties).includes('role/Ada'));
    expect(opened.map(({ Properties }) => Properties['RoleName'])).toEqual(['escalator-production-read']);
    const all = Template.fromStack(open).toJSON()['Resources'] as { [id: string]: Resource };
    const may = statements(all).flatMap(([id, one]) => (id.startsWith('Read') ? actionsOf(one) : []));
    expect(may).toEqual(expect.arrayContaining(['codepipeline:GetPipeline', 'ecs:DescribeServices']));
    expect(mayOf('Read')).not.toContain('codepipeline:GetPipeline');
  });

  it('may be acted on as its levels say, by the role for that alone', () => {
    expect([...mayOf('Act')].filter((action) => acts.test(action)).toSorted()).toEqual([
      'autoscaling:SetInstanceHealth',
      'codepipeline:RollbackStage',
      'codepipeline:StartPipelineExecution',
    ]);
    expect([...mayOf('Read')].filter((action) => acts.test(action))).toEqual([]);
    expect([...mayOf('Read')]).toEqual(
      expect.arrayContaining([
        'codepipeline:ListPipelineExecutions',
        'cloudtrail:LookupEvents',
        'codecommit:GetBranch',
      ]),
    );
    const onTargets = statements(there).filter(([, one]) => actionsOf(one).some((action) => acts.test(action)));
    for (const [, { Resource }] of onTargets) expect(JSON.stringify(Resource)).toContain(':eu-west-1:444455556666:');
  });

  it('has nothing that AwsSolutions finds but what is acknowledged of the main stack', () => {
    const one = stack();
    const { violations } = new AwsSolutionsChecks(one).validateScope(one);
    expect(violations.map(({ ruleName }) => ruleName).filter((rule) => !/IAM5\[Resource|SQS3/.test(rule))).toEqual([]);
  });
});

describe('at home, with an environment elsewhere', () => {
  it('its events are let onto the bus, from its account, and recorded as of that account', () => {
    const [[, policy] = ['', { Type: '', Properties: {} } as Resource]] = ofType('AWS::Events::EventBusPolicy', here);
    expect(policy.Properties['Statement']).toMatchObject({ Effect: 'Allow', Action: 'events:PutEvents' });
    expect(JSON.stringify(policy.Properties['Statement'])).toContain(':iam::444455556666:root');
    const accounts = ofType('AWS::Events::Rule', here).flatMap(
      ([, { Properties }]) => (Properties['EventPattern'] as { account?: unknown[] } | undefined)?.account ?? [],
    );
    expect(accounts).toEqual([{ Ref: 'AWS::AccountId' }, member.account, { Ref: 'AWS::AccountId' }, member.account]);
  });

  it('react and reconcile may take the role for looking, take-step both, and neither may do there anything by itself', () => {
    const taken = (prefix: string) =>
      statements(here)
        .filter(([id, one]) => id.startsWith(prefix) && actionsOf(one).includes('sts:AssumeRole'))
        .flatMap(([, { Resource }]) =>
          [...JSON.stringify(Resource).matchAll(/role\/([\w-]+)/g)].map(([, name]) => name),
        );
    expect(taken('ReactorReact')).toEqual(['escalator-production-read']);
    expect(taken('HealerTakeStep')).toEqual(['escalator-production-read', 'escalator-production-act']);
    expect(taken('ReconcilerReconcile')).toEqual(['escalator-production-read']);
    const acting = statements(here).flatMap(([, one]) => actionsOf(one).filter((action) => acts.test(action)));
    expect(acting).toEqual([]);
    const taking = statements(here).filter(([, one]) => actionsOf(one).includes('sts:AssumeRole'));
    expect(taking).toHaveLength(3);
  });

  it('their roles have the names that are let in there', () => {
    const names = ofType('AWS::IAM::Role', here).flatMap(([, { Properties }]) =>
      JSON.stringify(Properties['RoleName'] ?? null),
    );
    expect(names.filter((name) => name !== 'null')).toEqual([
      expect.stringContaining('escalator-take-step-'),
      expect.stringContaining('escalator-react-'),
      expect.stringContaining('escalator-reconcile-'),
    ]);
  });

  it('nothing is let in where every environment is here', () => {
    expect(ofType('AWS::Events::EventBusPolicy')).toEqual([]);
    expect(statements().flatMap(([, one]) => actionsOf(one).filter((action) => action.startsWith('sts:')))).toEqual([]);
  });
});
