import { AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { acknowledged } from './acknowledged.ts';
import { shop, stackOf } from './template.ts';

/** What a pack finds: the rule, and of which resource. */
const findings = [AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks].flatMap((Pack) => {
  const stack = stackOf(shop);
  return new Pack(stack)
    .validateScope(stack)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, at: constructPath })),
    );
});

describe('by the rule packs AwsSolutions, NIST 800-53 R5, PCI DSS and Serverless', () => {
  it('nothing is found but what is acknowledged with its reason', () => {
    const others = findings.filter(({ rule }) => !acknowledged.some(({ rules }) => rules.test(rule)));
    expect(others).toEqual([]);
  });

  it.each(acknowledged)('what is acknowledged is found: $rules', ({ rules }) => {
    expect(findings.filter(({ rule }) => rules.test(rule))).not.toEqual([]);
  });

  it('at most fifteen findings are acknowledged', () => {
    expect(acknowledged.length).toBeLessThanOrEqual(15);
  });
});
