import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { fileURLToPath } from 'node:url';
import { EscalatorStack } from '../../infra/escalator-stack.ts';
import { readConfig } from '../../infra/read-config.ts';
import type { Config } from '../../shared/config/config.ts';

export type Resource = { Type: string; Properties: { [property: string]: unknown }; DeletionPolicy?: string };
export type Statement = { Effect: string; Action: string | string[]; Resource?: unknown; Principal?: unknown };

export const path = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));
export const configFile = path('examples/shop/escalator.yaml');
export const shop = readConfig(configFile);

export const stackOf = (config: Config, more: { archive?: string; watchdog?: string } = {}): EscalatorStack => {
  // Nothing is bundled here: what is tested is the template.
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  return new EscalatorStack(app, 'Escalator', { config, ...more });
};

export const templateOf = (
  config: Config,
  more: { archive?: string; watchdog?: string } = {},
): { [id: string]: Resource } => {
  const stack = stackOf(config, more);
  return Template.fromStack(stack).toJSON()['Resources'] as { [id: string]: Resource };
};
export const resources = templateOf(shop);

export const ofType = (type: string, from = resources): [string, Resource][] =>
  Object.entries(from).filter(([, resource]) => resource.Type === type);

/** The logical ids that a value refers to. */
export const refersTo = (value: unknown): string[] =>
  [...JSON.stringify(value ?? null).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, id]) => id ?? '');

export const statements = (from = resources): [string, Statement][] =>
  ofType('AWS::IAM::Policy', from).flatMap(([id, { Properties }]) =>
    (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement.map((statement): [string, Statement] => [
      id,
      statement,
    ]),
  );
export const actionsOf = ({ Action }: Statement): string[] => [Action].flat();
