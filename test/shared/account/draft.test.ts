import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftConfig } from '../../../shared/account/draft.ts';
import type { ActionSeen, AlarmSeen, Inventory, PipelineSeen, StageSeen } from '../../../shared/account/inventory.ts';
import type { Config } from '../../../shared/config/config.ts';
import { laddersOf } from '../../../shared/config/config.ts';
import { parseConfig } from '../../../shared/config/parse.ts';

const read = { account: '111122223333', region: 'eu-west-1', on: '2026-11-21' };
const nothing: Inventory = { pipelines: [], alarms: [], groups: [], ecsServices: [], deploymentGroups: [], unread: [] };

const action = (provider: string, category: string, configuration: { [name: string]: string } = {}): ActionSeen => ({
  name: category,
  category,
  provider,
  account: null,
  region: null,
  configuration,
});
const source = action('CodeCommit', 'Source', { RepositoryName: 'shop' });
const stage = (name: string, ...actions: ActionSeen[]): StageSeen => ({ name, onFailure: null, actions });
const pipeline = (name: string, ...stages: StageSeen[]): PipelineSeen => ({
  name,
  type: 'V2',
  stages: [stage('Source', source), ...stages],
});
const alarm = (name: string, dimensions: { [name: string]: string } = {}, namespace = 'Shop'): AlarmSeen => ({
  name,
  namespace,
  dimensions,
  state: 'OK',
});
const ecs = action('ECS', 'Deploy', { ClusterName: 'main', ServiceName: 'cart' });

const drafted = (some: Partial<Inventory>): { text: string; config: Config } => {
  const { text } = draftConfig({ ...nothing, ...some }, read);
  const parsed = parseConfig(text, 'escalator.yaml');
  if ('mistakes' in parsed) throw new Error(JSON.stringify([text, parsed.mistakes]));
  return { text, config: parsed.config };
};
const ladders = (config: Config): string[] => config.services.map(({ ladder }) => ladder);
const levels = (config: Config): string[][] => config.services.map((one) => one.levels.map(({ level }) => level));
const checks = (config: Config): object[] =>
  config.services.map((one) => Object.fromEntries(Object.values(one.checks).map(({ name, level }) => [name, level])));

describe('a draft from an account', () => {
  it('has a service for each stage that deploys, in the environment that its names speak of', () => {
    const { config } = drafted({ pipelines: [pipeline('cart-pipeline', stage('Staging', ecs), stage('Prod', ecs))] });
    expect(ladders(config)).toEqual(['staging/cart', 'production/cart']);
  });

  it('takes the last stage that deploys for production where no name speaks of an environment', () => {
    const { config, text } = drafted({ pipelines: [pipeline('cart', stage('First', ecs), stage('Second', ecs))] });
    expect(ladders(config)).toEqual(['first/cart', 'production/cart']);
    expect(text).toContain('deploys last and names no environment');
  });

  it('says of an environment where it is, where Escalator is somewhere else, and nothing where it is there', () => {
    const seen = { ...nothing, pipelines: [pipeline('cart', stage('Prod', ecs))] };
    const place = (home: { account: string; region: string }) => {
      const parsed = parseConfig(draftConfig(seen, { ...read, home }).text, 'escalator.yaml');
      return 'config' in parsed ? parsed.config.services.map(({ elsewhere }) => elsewhere) : parsed.mistakes;
    };
    const { account, region } = read;
    expect(place({ account, region })).toEqual([undefined]);
    expect(place({ account: '999988887777', region })).toEqual([{ account, region: null }]);
    expect(place({ account, region: 'us-east-1' })).toEqual([{ account: null, region }]);
  });

  it('restores by what the stage deploys to, the most drastic first: instances, tasks, the deployment', () => {
    const code = action('CodeDeploy', 'Deploy', { ApplicationName: 'shop', DeploymentGroupName: 'blue' });
    const { config } = drafted({
      pipelines: [pipeline('shop', stage('Deploy', code, ecs))],
      groups: [{ name: 'shop-asg', instances: 2 }],
      deploymentGroups: [{ application: 'shop', group: 'blue', autoScalingGroups: ['shop-asg'], rollsBack: false }],
    });
    expect(levels(config)).toEqual([['node', 'tasks', 'deploy']]);
    expect(config.services[0]?.levels.map((one) => one.do)).toEqual([
      { type: 'replace-instances', group: 'shop-asg' },
      { type: 'restart-service', cluster: 'main', service: 'cart' },
      { type: 'redeploy' },
    ]);
  });

  it('checks by the alarms whose dimensions or names are about the service, each at the level that restores it', () => {
    const { config } = drafted({
      pipelines: [pipeline('cart', stage('Prod', ecs))],
      groups: [{ name: 'cart-asg', instances: 1 }],
      alarms: [
        alarm('cart-node', { AutoScalingGroupName: 'cart-asg' }),
        alarm('few tasks', { ClusterName: 'main', ServiceName: 'cart' }, 'AWS/ECS'),
        alarm('cart-5xx', { LoadBalancer: 'app/x' }),
        alarm('cartography', {}),
        alarm('cart-staging-5xx', {}),
        alarm('somebody else', { ServiceName: 'stock' }),
      ],
    });
    expect(checks(config)).toEqual([{ node: 'node', 'few-tasks': 'tasks', '5xx': 'deploy' }]);
  });

  it('falls back to what the pipeline says after it deployed where no alarm is about it, and says so', () => {
    const smoke = stage('Smoke', action('CodeBuild', 'Test'));
    const { config, text } = drafted({ pipelines: [pipeline('cart', stage('Prod', ecs), smoke)] });
    expect(Object.values(config.services[0]?.checks ?? {})).toMatchObject([
      { pipeline: 'cart', stage: 'Smoke', level: 'deploy' },
    ]);
    expect(text).toContain('no alarm was found that is about it');
  });

  it('only observes, tells one topic of everything, and leaves the lock of the archive to be answered', () => {
    const { config, text } = drafted({ pipelines: [pipeline('cart', stage('Prod', ecs))] });
    expect(new Set(laddersOf(config).flatMap((one) => one.levels.map(({ mode }) => mode)))).toEqual(
      new Set(['observe']),
    );
    expect([config.routes.length, config.archive, text.includes('# archive: { lock:')]).toEqual([1, undefined, true]);
  });

  it('says of a pipeline what its ladder will not be able to do, of everything why, and of what was not read that it was not', () => {
    const old = { ...pipeline('cart', { ...stage('Prod', ecs), onFailure: 'ROLLBACK' }), type: 'V1' };
    const { text } = drafted({ pipelines: [old], unread: [{ what: 'alarms', why: 'AccessDenied: no', denied: true }] });
    for (const words of ['type V1', 'does ROLLBACK', 'Not read: alarms (AccessDenied: no)', 'says Prod'])
      expect(text).toContain(words);
  });

  it('names what was seen and not used, and is never about Escalator itself', () => {
    const { config, text } = drafted({
      pipelines: [
        pipeline('cart', stage('Prod', ecs)),
        pipeline('escalator-deploy', stage('Prod', ecs)),
        pipeline('docs'),
      ],
      alarms: [alarm('somebody else')],
    });
    expect(ladders(config)).toEqual(['production/cart']);
    for (const words of [
      'alarm somebody else',
      'pipeline escalator-deploy: is Escalator’s own',
      'pipeline docs: has no action that deploys',
    ])
      expect(text).toContain(words);
  });

  it('is empty where nothing deploys', () =>
    expect(draftConfig({ ...nothing, pipelines: [pipeline('docs')] }, read)).toEqual({ text: '', services: 0 }));

  const word = fc.oneof(
    fc.constantFrom('shop', 'prod', 'Deploy', 'node', '0', '-', 'true', '# no', "it's", '{x}', 'a: b', '☃', '\n- x'),
    fc.string({ minLength: 1, maxLength: 12 }),
  );
  const awsName = fc.stringMatching(/^[A-Za-z0-9.@_-]{1,30}$/);
  const anyDeploy = fc.oneof(
    fc
      .record({
        ClusterName: fc.oneof(fc.stringMatching(/^[\w-]{1,12}$/), word),
        ServiceName: fc.oneof(fc.stringMatching(/^[\w-]{1,12}$/), word),
      })
      .map((with_) => action('ECS', 'Deploy', with_)),
    fc
      .record({ ApplicationName: word, DeploymentGroupName: word })
      .map((with_) => action('CodeDeploy', 'Deploy', with_)),
    fc.constant(action('S3', 'Deploy')),
    fc.constant(action('CodeBuild', 'Build')),
  );
  const anyPipeline = fc.record({
    name: awsName,
    type: fc.constantFrom('V1', 'V2'),
    stages: fc.array(
      fc.record({
        name: awsName,
        onFailure: fc.constantFrom(null, 'RETRY'),
        actions: fc.array(anyDeploy, { maxLength: 3 }),
      }),
      { maxLength: 4 },
    ),
  });
  const anyAlarm = fc.record({
    name: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
    namespace: fc.constantFrom('AWS/ECS', 'Shop'),
    dimensions: fc.dictionary(fc.constantFrom('AutoScalingGroupName', 'ServiceName', 'InstanceId'), word, {
      maxKeys: 2,
    }),
    state: fc.constant('OK'),
  });

  it('passes escalator check, whatever the account has', () =>
    fc.assert(
      fc.property(
        fc.array(anyPipeline, { maxLength: 5 }),
        fc.array(anyAlarm, { maxLength: 8 }),
        fc.array(word, { maxLength: 3 }),
        (pipelines, alarms, names) => {
          const groups = names.map((name) => ({ name, instances: 1 }));
          const { text, services } = draftConfig({ ...nothing, pipelines, alarms, groups }, read);
          const parsed = services === 0 ? null : parseConfig(text, 'draft');
          expect(parsed !== null && 'mistakes' in parsed ? [text, parsed.mistakes] : null).toBeNull();
        },
      ),
      { numRuns: 300 },
    ));
});
