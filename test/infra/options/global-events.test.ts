import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GlobalEventsStack } from '../../../infra/options/global-events-stack.ts';
import { EscalatorStack } from '../../../infra/escalator-stack.ts';
import { globalRules, secretReadRules } from '../../../shared/event/rules.ts';
import { ofType, path, type Resource, shop } from '../template.ts';

const resourcesOf = (stack: Stack) => Template.fromStack(stack).toJSON()['Resources'] as { [id: string]: Resource };
const make = () =>
  new GlobalEventsStack(new App(), 'EscalatorGlobalEvents', { home: 'eu-west-1', env: { region: 'us-east-1' } });
const resources = resourcesOf(make());

describe('what forwards sign-ins and global services', () => {
  it('sends them to the bus of the home Region, patiently, and keeps what could not be sent', () => {
    const rules = ofType('AWS::Events::Rule', resources).map(([, { Properties }]) => Properties);
    expect(rules.map(({ Name }) => Name)).toEqual(globalRules('').map(({ name }) => name));
    for (const { Targets } of rules) {
      const [target, ...more] = Targets as { [property: string]: unknown }[];
      expect(more).toEqual([]);
      expect(JSON.stringify(target?.['Arn'])).toContain(':events:eu-west-1:');
      expect(target).toHaveProperty('DeadLetterConfig');
      expect(target?.['RetryPolicy']).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
    }
  });

  it('may put events on that bus and do nothing else', () => {
    const policies = ofType('AWS::IAM::Policy', resources).map(([, { Properties }]) => Properties['PolicyDocument']);
    expect(policies).toHaveLength(globalRules('').length);
    for (const policy of policies) {
      const { Statement } = policy as { Statement: { Action: unknown; Resource: unknown }[] };
      expect(Statement.map(({ Action }) => Action)).toEqual(['events:PutEvents']);
      expect(JSON.stringify(Statement[0]?.Resource)).toContain(':events:eu-west-1:');
    }
  });

  it('has nothing that AwsSolutions finds but that dead letters have no dead letters', () => {
    const stack = make();
    const { violations } = new AwsSolutionsChecks(stack).validateScope(stack);
    expect(violations.map(({ ruleName }) => ruleName).filter((rule) => !rule.endsWith('SQS3'))).toEqual([]);
  });

  it('has its section among the optional parts', () => {
    const how = readFileSync(path('docs/how-to/add-optional-parts.md'), 'utf8');
    expect(how).toContain('npx cdk deploy EscalatorGlobalEvents ');
  });
});

describe('reads of secrets', () => {
  const states = (secretReads: boolean): [unknown, unknown][] => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const rules = ofType('AWS::Events::Rule', resourcesOf(new EscalatorStack(app, 'E', { config: shop, secretReads })));
    return rules.map(([, { Properties }]) => [Properties['Name'], Properties['State']]);
  };

  it('are recorded where that is wanted, by rules in the one state that is told of them', () => {
    const wanted = secretReadRules('').map(({ name }) => [name, 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']);
    expect(states(true)).toEqual(expect.arrayContaining(wanted));
    expect(states(false).map(([, state]) => state)).not.toContain('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
  });
});
