import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatMistake, type Mistake } from '../../../shared/config/mistake.ts';
import { parseConfig } from '../../../shared/config/parse.ts';

const folder = fileURLToPath(new URL('../../fixtures/config/', import.meta.url));
const fixture = (name: string): string => readFileSync(`${folder}${name}.yaml`, 'utf8');

const configOf = (text: string) => {
  const read = parseConfig(text, 'escalator.yaml');
  if ('config' in read) return read.config;
  throw new Error(read.mistakes.map(formatMistake).join('\n'));
};
const mistakesIn = (text: string): Mistake[] => {
  const read = parseConfig(text, 'escalator.yaml');
  return 'mistakes' in read ? read.mistakes : [];
};
const service = 'environments.production.services.shop';

/** For each file with a mistake: where it is, and what its author reads of it. */
const expected: { [file: string]: [place: string, path: string, found: string, todo: string][] } = {
  'unknown-key': [['14:9', `${service}.setle`, 'unknown key "setle"', 'did you mean "settle"?']],
  'unknown-key-in-level': [['12:65', `${service}.ladder.0.quiet`, 'unknown key "quiet"', 'did you mean "quiescence"?']],
  'duplicate-key': [['8:9', `${service}.stage`, '"stage" a second time', 'remove or rename one of the two']],
  'duration-without-unit': [['14:17', `${service}.settle`, '10', 'did you mean 10s?']],
  'duration-in-words': [['14:17', `${service}.settle`, '"5 minutes"', 'did you mean 5m?']],
  'duration-as-iso': [['14:17', `${service}.settle`, '"PT10S"', 'change it']],
  'duration-negative': [['14:17', `${service}.settle`, '"-30s"', 'change it']],
  'duration-over-a-year': [['14:17', `${service}.settle`, '"400d"', 'change it']],
  'unknown-level': [['10:46', `${service}.checks.smoke.level`, 'level "depoy"', 'did you mean "deploy"?']],
  'level-twice': [
    ['13:22', `${service}.ladder.1.level`, 'level "node" a second time', 'remove or rename one of the two'],
  ],
  'empty-ladder': [['11:17', `${service}.ladder`, 'an empty list', 'change it']],
  'unknown-topic': [['18:51', 'alerts.routes.0.to', 'topic "sra"', 'did you mean "sre"?']],
  'second-is-no-topic': [
    ['20:38', 'topics.sre.second', 'topic "lad"', 'did you mean "lead"?'],
    ['21:40', 'topics.lead.second', 'the topic itself', 'name another one, or leave it out'],
    ['21:54', 'topics.lead.region', '"Ireland"', 'change it'],
  ],
  'no-topic': [['1:1', 'topics', 'nothing', 'add it']],
  'pattern-leaf-not-a-list': [['18:31', 'alerts.routes.0.match.environment', '"production"', 'correct the pattern']],
  'pattern-unknown-operator': [
    ['18:32', 'alerts.routes.0.match.environment.0', 'a mapping with "prefx"', 'correct the pattern'],
  ],
  'unknown-action': [['13:34', `${service}.ladder.1.do`, '"redploy"', 'did you mean "redeploy"?']],
  'unknown-group-option': [
    ['12:28', `${service}.ladder.0.do.replace-instances`, 'nothing', 'add it'],
    [
      '12:34',
      `${service}.ladder.0.do.replace-instance`,
      'unknown key "replace-instance"',
      'did you mean "replace-instances"?',
    ],
  ],
  'abandon-misspelt': [['12:50', `${service}.ladder.0.do.stop-execution`, '"abandom"', 'did you mean "abandon"?']],
  'no-action-like-it': [['12:32', `${service}.ladder.0.do`, 'a mapping with "reboot-everything"', 'change it']],
  'unknown-mode': [['13:66', `${service}.ladder.1.mode`, '"acts"', 'did you mean "act"?']],
  'verify-shorter-than-its-readings': [
    ['15:49', `${service}.verify.within`, '"5s" for 3 times every 10s', 'make within longer, or every or times less'],
  ],
  'times-not-whole': [['15:38', `${service}.verify.times`, '2.5', 'change it']],
  'no-pipeline': [['5:7', `${service}.pipeline`, 'nothing', 'add it']],
  'name-with-a-dot': [['3:3', 'environments.prod.eu', 'the name "prod.eu"', 'rename it']],
  'name-proto': [['3:3', 'environments.__proto__', '__proto__', 'rename it']],
  'archive-locked-for-no-time': [['21:10', 'archive', 'a mapping with "lock"', 'change it']],
  'another-version': [['1:10', 'version', '2', 'change it']],
  tab: [['7:1', '', 'a tab', 'replace the tab by spaces']],
  'bracket-not-closed': [
    [
      '18:43',
      '',
      'flow sequence in block collection must be sufficiently indented and end with a ]',
      'look at this line and the one before',
    ],
    [
      '19:1',
      '',
      'flow map in block collection must be sufficiently indented and end with a }',
      'look at this line and the one before',
    ],
  ],
  'second-document': [['19:1', '', 'a second document', 'remove the line --- and what follows it']],
  tag: [['7:16', '', 'a tag', 'remove the word that begins with !']],
  'alias-of-nothing': [['7:16', `${service}.stage`, '*deploy', 'write the anchor, or the value itself']],
  'alias-of-itself': [['18:37', 'alerts.routes.0.match.environment.0', '*all', 'write the value itself']],
  empty: [['1:1', '', 'an empty file', 'begin with the example in examples/shop/escalator.yaml']],
  'only-comments': [['1:1', '', 'an empty file', 'begin with the example in examples/shop/escalator.yaml']],
  'a-list': [['1:1', '', 'a list of 1', 'change it']],
  five: [
    ['10:46', `${service}.checks.smoke.level`, 'level "depoy"', 'did you mean "deploy"?'],
    ['13:66', `${service}.ladder.1.mode`, '"on"', 'change it'],
    ['14:9', `${service}.setle`, 'unknown key "setle"', 'did you mean "settle"?'],
    ['15:49', `${service}.verify.within`, '"soon"', 'change it'],
    ['18:51', 'alerts.routes.0.to', 'topic "sra"', 'did you mean "sre"?'],
  ],
};

describe('a mistake in the configuration is told with its place, what was found and what to do', () => {
  it.each(Object.entries(expected))('%s', (file, mistakes) => {
    const told = mistakesIn(fixture(file)).map(({ line, column, path, found, todo }) => [
      `${line}:${column}`,
      path,
      found,
      todo,
    ]);
    expect(told).toEqual(mistakes);
  });

  it('and no fixture is left untried', () => {
    const files = readdirSync(folder).map((file) => file.replace('.yaml', ''));
    expect(files.toSorted()).toEqual([...Object.keys(expected), 'good'].toSorted());
  });

  it('as one line that begins with file:line:column', () => {
    const [mistake] = mistakesIn(fixture('unknown-level'));
    expect(mistake && formatMistake(mistake)).toBe(
      `escalator.yaml:10:46  ${service}.checks.smoke.level  ` +
        'found level "depoy", wanted a level that is declared: node, deploy; did you mean "deploy"?',
    );
  });

  it('before a break in the text, but not behind it, where everything may be misread', () => {
    const text = `colour: red\n${fixture('bracket-not-closed')}size: big\n`;
    expect(mistakesIn(text).map(({ line }) => line)).toEqual([1, 19, 20]);
  });
});

/** Each line stands for four of the one before: together far more than memory holds. */
const aliases = (count: number): string =>
  Array.from({ length: count }, (_, i) =>
    i === 0 ? 'a0: &a0 [x, x]' : `a${i}: &a${i} [${`*a${i - 1},`.repeat(4)}]`,
  ).join('\n');

describe('a file that would exhaust the process is refused', () => {
  it.each([
    ['a megabyte', `${fixture('good')}#${'x'.repeat(1024 * 1024)}`, /^1048\d+ bytes|^1049\d+ bytes/],
    ['aliases of aliases', aliases(12), /aliases of aliases/],
    ['many aliases', aliases(40), /\*a12/],
    ['deep nesting', '['.repeat(5000), /more than 20 levels/],
    ['deep nesting, closed', `a: ${'['.repeat(500)}${']'.repeat(500)}`, /more than 20 levels/],
    ['mappings as names', '? '.repeat(5000), /a mapping or list as a name/],
  ])('%s', (_, text, found) => {
    expect(mistakesIn(text)[0]?.found).toMatch(found);
  });

  it('and ten thousand mistakes are all found, each in its place', () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join('\n');
    const unknown = mistakesIn(text).filter(({ found }) => found.startsWith('unknown key'));
    expect(unknown.length).toBe(10_000);
    expect(unknown.at(-1)).toMatchObject({ line: 10_000, column: 1, path: 'k9999' });
  });
});

describe('a configuration', () => {
  it('has careful defaults where the file says nothing', () => {
    const [shop] = configOf(fixture('good').replace(/ {8}(settle|verify).*\n/g, '')).services;
    expect(shop).toEqual({
      environment: 'production',
      service: 'shop',
      above: null,
      ladder: 'production/shop',
      pipeline: 'shop',
      stage: 'Deploy',
      repository: 'shop',
      revoked: [],
      checks: {
        node: { name: 'node', alarm: 'shop-node', level: 'node' },
        smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'deploy' },
      },
      levels: [
        {
          level: 'node',
          do: { type: 'replace-instances', group: 'shop-asg' },
          quiescence: 180_000,
          mode: 'observe',
          drastic: false,
          limit: 1,
        },
        { level: 'deploy', do: { type: 'redeploy' }, quiescence: 60_000, mode: 'act', drastic: false, limit: 1 },
      ],
      quiescence: 30_000,
      settle: 30_000,
      verify: { every: 10_000, times: 3, within: 300_000 },
      bake: 3_600_000,
      bakeWhenReplaced: 600_000,
      suspectFor: 7_200_000,
      attempts: 3,
      stepDeadline: 900_000,
      poll: 60_000,
      freeAfter: 1_800_000,
      askFor: 900_000,
      approvers: 1,
      handsOff: 900_000,
      budgets: { runsPerHour: 3, runsPerDay: 6, rollbacksPerDay: 1, failedRuns: 2 },
    });
  });

  it('takes what the file says', () => {
    const { services, routes, topics } = configOf(fixture('good'));
    expect(services[0]).toMatchObject({ settle: 10_000, verify: { every: 10_000, times: 3, within: 300_000 } });
    expect(routes).toEqual([{ match: { environment: ['production'] }, to: 'sre', escalate: [] }]);
    expect(topics).toEqual({ sre: { sns: 'escalator-sre' } });
  });

  it('has the digest of the file as it stands, byte order mark and line ends included', () => {
    const text = `\uFEFF${fixture('good').replaceAll('\n', '\r\n')}`;
    expect(configOf(text)).toMatchObject({ text, digest: createHash('sha256').update(text).digest('hex') });
  });

  it('may share what two services have in common by an anchor', () => {
    const text = fixture('good')
      .replace('settle: 10s', 'settle: &wait 10s')
      .replace(
        'alerts:',
        '      till: { pipeline: till, stage: Deploy, settle: *wait,\n' +
          '        checks: { node: { alarm: till-node, level: deploy } }, ladder: [{ level: deploy, do: redeploy }] }\nalerts:',
      );
    expect(configOf(text).services.map(({ ladder, settle }) => [ladder, settle])).toEqual([
      ['production/shop', 10_000],
      ['production/till', 10_000],
    ]);
  });

  it('of the fleet in the examples has no mistake, shared levels, and a check that says which nodes fail', () => {
    const text = readFileSync(new URL('../../../examples/fleet/escalator.yaml', import.meta.url), 'utf8');
    const { environments, services } = configOf(text);
    expect(environments.map(({ below }) => below)).toEqual([['production/shop']]);
    expect(services[0]?.checks['node']).toMatchObject({ alarms: ['shop-nodes'], per: 'InstanceId' });
  });

  it('of the shop in the examples has no mistake, and tells its story in under a minute', () => {
    const text = readFileSync(new URL('../../../examples/shop/escalator.yaml', import.meta.url), 'utf8');
    const [shop] = configOf(text).services;
    expect(shop?.levels.every(({ mode }) => mode === 'act')).toBe(true);
    // quiescence, then a redeploy and a rollback with their quiescence, and settling and verifying after each
    const waiting = (one: NonNullable<typeof shop>): number =>
      one.quiescence + 2 * ((one.levels.at(-1)?.quiescence ?? 0) + one.settle + one.verify.every * one.verify.times);
    expect(shop && waiting(shop)).toBeLessThan(30_000);
  });
});

describe('what a level does', () => {
  const doing = (written: string): string =>
    fixture('good').replace(/do: \{ replace-instances: shop-asg \}/, `do: ${written}`);
  const done = (written: string) => configOf(doing(written)).services[0]?.levels[0]?.do;

  it.each([
    ['{ start-pipeline: network }', { type: 'start-pipeline', pipeline: 'network' }],
    ['{ refresh-instances: shop-asg }', { type: 'refresh-instances', group: 'shop-asg' }],
    ['{ restart-service: shop/web }', { type: 'restart-service', cluster: 'shop', service: 'web' }],
    ['{ previous-task-definition: shop/web }', { type: 'previous-task-definition', cluster: 'shop', service: 'web' }],
    ['{ stop-service-deployment: shop/web }', { type: 'stop-service-deployment', cluster: 'shop', service: 'web' }],
    ['{ stop-deployment: shop/blue }', { type: 'stop-deployment', application: 'shop', group: 'blue' }],
    ['{ previous-version: "shop:live" }', { type: 'previous-version', function: 'shop', alias: 'live' }],
    [
      '{ run-automation: shop-rebuild }',
      { type: 'run-automation', document: 'shop-rebuild', role: null, parameters: {} },
    ],
    [
      '{ run-automation: shop-rebuild, role: "arn:aws:iam::111122223333:role/r", parameters: { Zone: a, Ids: [b, c] } }',
      {
        type: 'run-automation',
        document: 'shop-rebuild',
        role: 'arn:aws:iam::111122223333:role/r',
        parameters: { Zone: ['a'], Ids: ['b', 'c'] },
      },
    ],
  ])('is %s', (written, means) => {
    expect(done(written)).toEqual(means);
  });

  it.each([
    ['{ restart-service: web }', 'do.restart-service', 'an ECS service as CLUSTER/SERVICE'],
    ['{ restart-service: a/b/c }', 'do.restart-service', 'an ECS service as CLUSTER/SERVICE'],
    ['{ restart-servise: shop/web }', 'do.restart-servise', 'one of restart-service'],
    ['{ stop-deployment: shop }', 'do.stop-deployment', 'a deployment group as APPLICATION/GROUP'],
    ['{ previous-version: "shop:3" }', 'do.previous-version', 'an alias of a Lambda function'],
    ['{ run-automation: AWS-RestartEC2Instance }', 'do.run-automation', 'an SSM document of your own'],
    ['{ run-automation: shop-rebuild, role: rebuild }', 'do.role', 'the ARN of an IAM role'],
    [
      '{ run-automation: shop-rebuild, parameters: { Zone: 1 } }',
      'do.parameters.Zone',
      'a text, a list of texts, or { per: DIMENSION }',
    ],
    ['{ explode: shop }', 'do', 'one of redeploy, retry-stage'],
  ])('%s is refused where the mistake is', (written, place, wanted) => {
    expect(mistakesIn(doing(written))).toContainEqual(
      expect.objectContaining({ path: expect.stringMatching(`${place}$`), wanted: expect.stringContaining(wanted) }),
    );
  });
});
