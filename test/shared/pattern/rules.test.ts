import { describe, expect, it } from 'vitest';
import { globalRules, intakeRules, secretReadRules } from '../../../shared/event/rules.ts';
import { compilePattern, matches } from '../../../shared/pattern/pattern.ts';

const rules = intakeRules('000000000000').map((rule) => ({ ...rule, matcher: compilePattern(rule.pattern) }));
const queuesOf = (event: object): string[] =>
  rules.filter(({ matcher }) => matches(matcher, event)).map(({ queue }) => queue);

describe('the intake rules', () => {
  it.each(['aws.cloudwatch', 'aws.codepipeline', 'aws.codecommit'])('take %s as urgent, and only as that', (source) => {
    expect(queuesOf({ account: '000000000000', source })).toEqual(['urgent']);
  });

  it.each(['aws.codebuild', 'aws.iam', 'my.own', 'x'])('take %s with the bulk, and only there', (source) => {
    expect(queuesOf({ account: '000000000000', source })).toEqual(['bulk']);
  });

  it('take nothing of another account', () => {
    expect(queuesOf({ account: '111111111111', source: 'aws.cloudwatch' })).toEqual([]);
    expect(queuesOf({ account: '111111111111', source: 'aws.iam' })).toEqual([]);
  });
});

const call = (source: string, eventName: string, requestParameters: object = {}): object => ({
  account: '000000000000',
  source,
  'detail-type': 'AWS API Call via CloudTrail',
  detail: { eventName, requestParameters },
});
const isTaken = (taking: { pattern: unknown }[], event: object): boolean =>
  taking.some(({ pattern }) => matches(compilePattern(pattern), event));

describe('the rules for reads of secrets', () => {
  const reads = secretReadRules('000000000000');

  it('take who reads a secret or an encrypted parameter, and no other read', () => {
    expect(isTaken(reads, call('aws.secretsmanager', 'GetSecretValue'))).toBe(true);
    expect(isTaken(reads, call('aws.ssm', 'GetParameter', { withDecryption: true }))).toBe(true);
    expect(isTaken(reads, call('aws.ssm', 'GetParameter', { withDecryption: false }))).toBe(false);
    expect(isTaken(reads, call('aws.secretsmanager', 'DescribeSecret'))).toBe(false);
    expect(isTaken(secretReadRules('1'), call('aws.secretsmanager', 'GetSecretValue'))).toBe(false);
  });
});

describe('the rules for us-east-1', () => {
  const forwarded = globalRules('000000000000');

  it('take sign-ins and calls of services without a Region, which the home Region then records', () => {
    const signIn = {
      account: '000000000000',
      source: 'aws.signin',
      'detail-type': 'AWS Console Sign In via CloudTrail',
    };
    for (const event of [signIn, call('aws.iam', 'AttachRolePolicy'), call('aws.organizations', 'LeaveOrganization')]) {
      expect(isTaken(forwarded, event)).toBe(true);
      expect(queuesOf(event)).toEqual(['bulk']);
    }
    expect(isTaken(forwarded, call('aws.ec2', 'RunInstances'))).toBe(false);
  });
});
