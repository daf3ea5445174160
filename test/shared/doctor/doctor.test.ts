import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Inventory, PipelineSeen, StageSeen } from '../../../shared/account/inventory.ts';
import type { Config } from '../../../shared/config/config.ts';
import { parseConfig } from '../../../shared/config/parse.ts';
import { examine, type Seen } from '../../../shared/doctor/doctor.ts';
import { type Rule, rules } from '../../../shared/doctor/finding.ts';
import { namedIn } from '../../../shared/doctor/named.ts';
import { root } from '../../harness/product.ts';

const text = `version: 1
environments:
  production:
    services:
      shop:
        pipeline: shop
        stage: Deploy
        checks: { smoke: { alarm: shop-smoke, level: deploy } }
        ladder:
          - { level: network, do: { start-pipeline: network } }
          - { level: node, do: { replace-instances: shop-asg } }
          - { level: tasks, do: { previous-task-definition: main/shop } }
          - { level: group, do: { stop-deployment: shop/blue } }
          - { level: deploy, do: redeploy }
archive: { lock: none }
topics: { sre: { sns: escalator-sre } }
`;
const config = ((): Config => {
  const read = parseConfig(text, 'escalator.yaml');
  if ('config' in read) return read.config;
  throw new Error(JSON.stringify(read.mistakes));
})();

const stage: StageSeen = {
  name: 'Deploy',
  onFailure: null,
  actions: [{ name: 'Ship', category: 'Deploy', provider: 'ECS', account: null, region: null, configuration: {} }],
};
const pipeline: PipelineSeen = { name: 'shop', type: 'V2', stages: [stage] };
const inventory: Inventory = {
  pipelines: [pipeline, { ...pipeline, name: 'network' }],
  alarms: [{ name: 'shop-smoke', namespace: null, dimensions: {}, state: 'OK' }],
  groups: [{ name: 'shop-asg', instances: 1 }],
  ecsServices: [{ cluster: 'main', service: 'shop', controller: 'ECS', circuitBreaker: true }],
  deploymentGroups: [{ application: 'shop', group: 'blue', autoScalingGroups: [], rollsBack: true }],
  unread: [],
};
const well: Seen = {
  inventory,
  installation: {
    rules: { 'escalator-bulk': true },
    topics: { 'escalator-sre': { confirmed: 1, pending: 0 } },
    atOnce: 1_000,
    clockOffset: 0,
    product: { killSwitch: { except: [] }, lastGood: { 'production/shop': 'production/shop@1' } },
    unread: [],
  },
  home: { account: '111122223333', region: 'eu-west-1' },
  wantedRules: ['escalator-bulk'],
};

const inventoryWith = (over: Partial<Inventory>): Seen => ({ ...well, inventory: { ...inventory, ...over } });
const installed = (over: Partial<Seen['installation']>): Seen => ({
  ...well,
  installation: { ...well.installation, ...over },
});
const withStage = (over: Partial<StageSeen>): Seen =>
  inventoryWith({
    pipelines: [
      { ...pipeline, stages: [{ ...stage, ...over }] },
      { ...pipeline, name: 'network' },
    ],
  });
const ships = (over: object): Seen => withStage({ actions: stage.actions.map((action) => ({ ...action, ...over })) });
const { archive: _, ...unlocked } = config;
const product = { killSwitch: { except: [] }, lastGood: { 'production/shop': null } };

type Case = [rule: Rule, weight: 'fails' | 'careful', ladder: string | null, seen: Seen, config?: Config];
const ladder = 'production/shop';
const there = { account: '444455556666', region: 'eu-central-1' };
const away: Config = { ...config, services: config.services.map((one) => ({ ...one, elsewhere: there })) };
const notLetIn = { what: 'role escalator-production-read cannot be taken', why: 'AccessDenied: no', denied: true };
const cases: Case[] = [
  [
    'not-read',
    'fails',
    null,
    inventoryWith({ unread: [{ what: 'tea leaves', why: 'AccessDenied: no', denied: true }] }),
  ],
  ['pipeline-missing', 'fails', ladder, inventoryWith({ pipelines: [pipeline] })],
  ['stage-missing', 'fails', ladder, withStage({ name: 'Other' })],
  ['stage-deploys-nothing', 'careful', ladder, ships({ category: 'Build' })],
  [
    'pipeline-v1',
    'careful',
    ladder,
    inventoryWith({
      pipelines: [
        { ...pipeline, type: 'V1' },
        { ...pipeline, name: 'network' },
      ],
    }),
  ],
  ['stage-heals-itself', 'careful', ladder, withStage({ onFailure: 'ROLLBACK' })],
  ['other-account', 'careful', ladder, ships({ account: '444455556666' })],
  ['group-missing', 'fails', ladder, inventoryWith({ groups: [] })],
  ['group-empty', 'careful', ladder, inventoryWith({ groups: [{ name: 'shop-asg', instances: 0 }] })],
  ['ecs-service-missing', 'fails', ladder, inventoryWith({ ecsServices: [] })],
  [
    'no-circuit-breaker',
    'careful',
    ladder,
    inventoryWith({ ecsServices: inventory.ecsServices.map((one) => ({ ...one, circuitBreaker: false })) }),
  ],
  [
    'not-rolling',
    'fails',
    ladder,
    inventoryWith({ ecsServices: inventory.ecsServices.map((one) => ({ ...one, controller: 'CODE_DEPLOY' })) }),
  ],
  ['deployment-group-missing', 'fails', ladder, inventoryWith({ deploymentGroups: [] })],
  [
    'no-rollback',
    'careful',
    ladder,
    inventoryWith({ deploymentGroups: inventory.deploymentGroups.map((one) => ({ ...one, rollsBack: false })) }),
  ],
  ['alarm-missing', 'fails', ladder, inventoryWith({ alarms: [] })],
  [
    'alarm-without-data',
    'careful',
    ladder,
    inventoryWith({ alarms: inventory.alarms.map((one) => ({ ...one, state: 'INSUFFICIENT_DATA' })) }),
  ],
  ['no-last-good', 'careful', ladder, installed({ product })],
  [
    'kill-switch',
    'careful',
    null,
    installed({ product: { ...product, killSwitch: { thrown: 'it is thrown' }, lastGood: {} } }),
  ],
  ['product-silent', 'careful', null, installed({ product: null })],
  ['rule-missing', 'fails', null, installed({ rules: { 'escalator-bulk': false } })],
  ['topic-missing', 'fails', null, installed({ topics: {} })],
  ['nobody-subscribed', 'fails', null, installed({ topics: { 'escalator-sre': { confirmed: 0, pending: 1 } } })],
  ['few-at-once', 'fails', null, installed({ atOnce: 10 })],
  ['clock-differs', 'fails', null, installed({ clockOffset: -6 * 60_000 })],
  ['lock-unanswered', 'careful', null, well, unlocked],
  ['member-not-read', 'fails', ladder, { ...well, elsewhere: { production: { home: there, unread: notLetIn } } }, away],
];

describe('the doctor of environments in another account or Region', () => {
  it('looks at what is there, and at nothing of the same name at home', () => {
    const elsewhere = { production: { home: there, inventory: { ...inventory, alarms: [] } } };
    const findings = examine(away, { ...well, inventory: { ...inventory, pipelines: [] }, elsewhere });
    expect(findings.map(({ rule, ladder: about }) => [rule, about])).toEqual([['alarm-missing', ladder]]);
    expect(examine(away, { ...well, elsewhere: { production: { home: there, inventory } } })).toEqual([]);
  });

  it('takes an action there for one there, and one at home for one in another account', () => {
    const acting = (account: string): Seen => {
      const { inventory: seen } = ships({ account });
      return { ...well, elsewhere: { production: { home: there, inventory: seen } } };
    };
    expect(examine(away, acting(there.account))).toEqual([]);
    expect(examine(away, acting('111122223333')).map(({ rule }) => rule)).toEqual(['other-account']);
  });

  it('says of which environment something could not be read', () => {
    const unread = [{ what: 'alarms', why: 'AccessDenied: no', denied: true }];
    const elsewhere = { production: { home: there, inventory: { ...inventory, alarms: [], unread } } };
    expect(examine(away, { ...well, elsewhere }).map((one) => [one.rule, one.ladder])).toEqual([['not-read', ladder]]);
  });
});

describe('the doctor', () => {
  it('finds nothing where nothing is the matter', () => expect(examine(config, well)).toEqual([]));

  it.each(cases)('finds %s, and nothing else, and says what to do', (rule, weight, about, seen, given = config) => {
    const findings = examine(given, seen);
    expect(findings.map((one) => [one.rule, one.weight, one.ladder])).toEqual([[rule, weight, about]]);
    expect(findings[0]?.todo).not.toBe('');
  });

  it('says of an account that may run little at once that it is slow in a storm', () =>
    expect(examine(config, installed({ atOnce: 50 }))).toMatchObject([{ rule: 'few-at-once', weight: 'careful' }]));

  it('has a case for every rule that it has', () =>
    expect(cases.map(([rule]) => rule).toSorted()).toEqual(Object.keys(rules).toSorted()));

  it('does not say of what could not be read that it is not there', () => {
    const what = [
      'pipeline shop',
      'pipeline network',
      'alarms',
      'Auto Scaling groups',
      'ECS service main/shop',
      'deployment group shop/blue',
    ];
    const unread = what.map((one) => ({ what: one, why: 'Throttling', denied: false }));
    const seen = inventoryWith({
      pipelines: [],
      alarms: [],
      groups: [],
      ecsServices: [],
      deploymentGroups: [],
      unread,
    });
    const blind = { ...seen, installation: { ...well.installation, rules: null, topics: null, clockOffset: null } };
    expect(new Set(examine(config, blind).map(({ rule }) => rule))).toEqual(new Set(['not-read']));
  });

  it('tells of the installation first, then of each ladder what fails before what is only to be known', () => {
    const seen = {
      ...inventoryWith({ groups: [], alarms: [] }),
      installation: { ...well.installation, topics: {}, product },
    };
    expect(examine(config, seen).map((one) => [one.ladder, one.weight])).toEqual([
      [null, 'fails'],
      [ladder, 'fails'],
      [ladder, 'fails'],
      [ladder, 'careful'],
    ]);
  });

  it('asks for what the configuration names, and each once', () =>
    expect(namedIn(config)).toEqual({
      pipelines: ['shop', 'network'],
      ecsServices: [['main', 'shop']],
      deploymentGroups: [['shop', 'blue']],
    }));

  it('has every rule in its reference, made from the code', async () => {
    const lines = Object.entries(rules).map(([rule, says]) => `| \`${rule}\` | ${says} |`);
    const page = `# What the doctor looks for

\`escalator doctor [FILE]\` asks AWS (with the credentials, \`AWS_REGION\` and \`AWS_ENDPOINT_URL\` of the AWS SDK) and Escalator, and
changes nothing. Exit 0: nothing fails; 1: something does, or could not be looked at; 2: the configuration has mistakes. \`--json\` prints a list of
\`{ ladder, weight, rule, what, todo }\`. What it may read is what whoever runs it may: that the roles of Escalator's functions
may do what they must is generated from the configuration, and held by tests. Made from \`shared/doctor/finding.ts\`.

| rule | what it says |
| --- | --- |
${lines.join('\n')}
`;
    await expect(page).toMatchFileSnapshot(join(root, 'docs/reference/doctor.md'));
  });
});
