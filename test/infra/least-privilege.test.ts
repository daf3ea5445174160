import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HouseFunction } from '../../infra/constructs/house-function.ts';
import { letActOnTargets } from '../../infra/constructs/targets.ts';
import type { Config } from '../../shared/config/config.ts';
import { parseConfig } from '../../shared/config/parse.ts';
import { actionsOf, type Resource, type Statement, statements } from './template.ts';

/** All of them in `npm run test:long`, a tenth in `npm test`: each is a whole template. */
const runs = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 20;

/** Words that no other word contains, so that a name found in an ARN is that name. */
const word = fc.nat(9_999).map((n) => `n${String(n).padStart(4, '0')}n`);
const mode = fc.constantFrom('observe', 'ask', 'act');

type Level = { do: unknown; mode: string; named: string };
const pair = fc.tuple(word, word);
const level: fc.Arbitrary<Level> = fc
  .oneof(
    word.map((name) => ({ do: { 'replace-instances': name }, named: name })),
    word.map((name) => ({ do: { 'refresh-instances': name }, named: name })),
    word.map((name) => ({ do: { 'start-pipeline': name }, named: name })),
    word.map((name) => ({ do: { 'run-automation': name }, named: name })),
    pair.map(([cluster, name]) => ({ do: { 'restart-service': `${cluster}/${name}` }, named: name })),
    pair.map(([cluster, name]) => ({ do: { 'previous-task-definition': `${cluster}/${name}` }, named: name })),
    pair.map(([cluster, name]) => ({ do: { 'stop-service-deployment': `${cluster}/${name}` }, named: name })),
    pair.map(([name, alias]) => ({ do: { 'previous-version': `${name}:${alias}` }, named: name })),
  )
  .chain((one) => mode.map((chosen) => ({ ...one, mode: chosen })));

const service = fc.record({
  pipeline: word,
  stage: word,
  levels: fc.array(level, { maxLength: 4 }),
  last: fc.constantFrom('redeploy', 'retry-stage', 'stop-execution'),
  lastMode: mode,
});
type Service = typeof service extends fc.Arbitrary<infer One> ? One : never;

const written = ({ pipeline, stage, levels, last, lastMode }: Service): object => ({
  pipeline,
  stage,
  checks: { smoke: { alarm: 'smoke', level: 'last' } },
  ladder: [
    ...levels.map((one, index) => ({ level: `level${index}`, do: one.do, mode: one.mode })),
    { level: 'last', do: last, mode: lastMode },
  ],
});

const configOf = (services: Service[]): Config => {
  const named = Object.fromEntries(services.map((one, index) => [`service${index}`, written(one)]));
  const topics = { sre: { sns: 'sre' } };
  const text = JSON.stringify({ version: 1, environments: { production: { services: named } }, topics });
  const read = parseConfig(text, 'escalator.yaml');
  if ('config' in read) return read.config;
  throw new Error(JSON.stringify(read.mistakes));
};

/** What a function may do to targets, and nothing that it may do besides. */
const grantedBy = (config: Config): [action: string, resource: string][] => {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack');
  const key = new Key(stack, 'Key');
  const timeout = Duration.minutes(1);
  const actor = new HouseFunction(stack, 'Actor', {
    name: 'take-step',
    config,
    key,
    watch: { watch: () => {} },
    timeout,
  });
  letActOnTargets(actor, config);
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: Resource } };
  return statements(Resources)
    .map(([, statement]) => statement)
    .filter((statement) => !actionsOf(statement).some((action) => action.startsWith('logs:')))
    .flatMap((statement: Statement) =>
      actionsOf(statement).flatMap((action) =>
        [statement.Resource].flat().map((resource): [string, string] => [action, JSON.stringify(resource)]),
      ),
    );
};

/** What AWS cannot narrow, of the calls that act; and what has no name before it is begun. */
const isUnscoped = (action: string, resource: string): boolean =>
  (resource === '"*"' && action === 'codedeploy:StopDeployment') ||
  (resource.includes(':automation-execution/*') && /^ssm:(StartAutomationExecution|AddTagsToResource)$/.test(action));

const actingNames = (services: Service[]): string[] =>
  services.flatMap(({ pipeline, levels, lastMode }) => [
    ...levels.filter((one) => one.mode !== 'observe').map(({ named }) => named),
    ...(lastMode === 'observe' ? [] : [pipeline]),
  ]);

describe('whatever the configuration, what take-step may do', () => {
  it('is on what an acting level names, each of them, and on nothing else', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.array(service, { minLength: 1, maxLength: 4 }), (services) => {
        const granted = grantedBy(configOf(services));
        const names = actingNames(services);
        const strays = granted.filter(
          ([action, resource]) =>
            action.includes('*') || !(isUnscoped(action, resource) || names.some((name) => resource.includes(name))),
        );
        expect(strays).toEqual([]);
        const unnamed = names.filter((name) => !granted.some(([, resource]) => resource.includes(name)));
        expect(unnamed).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});
