import { describe, expect, it } from 'vitest';
import { intakeRules } from '../../../shared/event/rules.ts';
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
