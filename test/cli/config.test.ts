import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Members } from '../../local/endpoint/operations.ts';
import { temporary } from '../local/endpoint/harness.ts';
import { type Said, startWorld, type World } from './harness.ts';

const shop = fileURLToPath(new URL('../../examples/shop/escalator.yaml', import.meta.url));
let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.close());

const check = async (text: string, ...options: string[]): Promise<Said> => {
  world.terminal = {
    stdin: async function* () {
      yield Buffer.from(text);
    },
  };
  const said = await world.run('check', '-', ...options);
  world.terminal = {};
  return said;
};

const good = (ladder: string, more = ''): string => `version: 1
environments:
  production:
    services:
      shop:
        pipeline: shop
        stage: Deploy
        checks:
          smoke: { alarm: shop-smoke, level: deploy }
        ladder:
${ladder}${more}
topics: { sre: { sns: escalator-sre } }
`;
const deploy = '          - { level: deploy, do: redeploy, mode: act }';
const node = '          - { level: node, do: { replace-instances: shop-asg }, mode: act }\n';

/** Where the SDK is led to: a CloudWatch that has these alarms. */
const online = async (alarms: Members[], text: string): Promise<Said> => {
  const place = temporary();
  const endpoint = await place.start({
    monitoring: {
      DescribeAlarms: ({ AlarmNames: names }) => ({
        MetricAlarms: alarms.filter(({ AlarmName }) => names.includes(AlarmName)),
      }),
      ListAlarmMuteRules: () => ({}),
    },
  });
  const settings = {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  try {
    return await check(text, '--online');
  } finally {
    vi.unstubAllEnvs();
    await endpoint.close();
    place.remove();
  }
};

describe('check', () => {
  it('says that a good configuration is good, and which ladders are in it', async () => {
    expect(await check(good(deploy))).toEqual({
      code: 0,
      out: ['- is good: one ladder, production/shop'],
      err: ['the alarms themselves were not looked at; --online does'],
    });
    expect((await world.run('check', shop)).code).toBe(0);
  });

  it('says every mistake at once, each with its place and what to do', async () => {
    const { code, out } = await check(
      good('          - { level: deploy, do: redploy, mode: acts }').replace('level: deploy }', 'level: depoy }'),
    );
    expect(code).toBe(2);
    expect(out).toHaveLength(3);
    expect(out[0]).toMatch(
      /^-:9:46 {2}environments\.production\.services\.shop\.checks\.smoke\.level {2}found level "depoy"/,
    );
    expect(out[0]).toContain('did you mean "deploy"?');
  });

  it.each<[string, string, string]>([
    [
      'a level that nothing can start',
      good(node + deploy),
      '-:11:22  environments.production.services.shop.ladder.0.level',
    ],
    ['a ladder that only observes', good(deploy.replace('act', 'observe')), 'a ladder whose every level only observes'],
    [
      'a drastic level that only an event asks for',
      good(deploy.replace('act', 'act, drastic: true')).replace(
        'alarm: shop-smoke',
        'fail: { source: [a] }, pass: { source: [b] }',
      ),
      'ladder.0.drastic  found a drastic level that nothing can bear out: check "smoke" is what an event says',
    ],
    ['a release that is good at once', good(deploy, '\n        bake: 1s'), 'a release that is good after 1 s'],
  ])('remarks on %s, and takes it', async (_, text, remark) => {
    const { code, err } = await check(text);
    expect(code).toBe(0);
    expect(err).toEqual([expect.stringContaining(remark), 'the alarms themselves were not looked at; --online does']);
  });

  it('names a file that is not there', async () => {
    const { code, err } = await world.run('check', '/nowhere/escalator.yaml');
    expect([code, err[0]?.slice(0, 7)]).toEqual([1, 'ESC-006']);
  });
});

describe('schema', () => {
  it('is a JSON Schema that knows every name of the example, and no other', async () => {
    const schema = JSON.parse((await world.run('schema')).out.join('\n')) as {
      properties: { environments: { additionalProperties: { properties: { services: Schema } } } };
    };
    const { services } = schema.properties.environments.additionalProperties.properties;
    const service = services.additionalProperties as Schema;
    expect(service.additionalProperties).toBe(false);
    const names = readFileSync(shop, 'utf8').matchAll(/^ {8}([a-z-]+):/gm);
    for (const [, name] of names) expect(Object.keys(service.properties)).toContain(name);
  });
});

type Schema = { properties: { [name: string]: unknown }; additionalProperties: unknown };

describe('check --online', () => {
  const alarm = (Period: number) => ({ AlarmName: 'shop-smoke', StateValue: 'OK', Period, EvaluationPeriods: 3 });

  it('says where a quiescence is shorter than the slowest alarm needs to follow, and a time to verify in', async () => {
    const { code, err } = await online([alarm(300)], good(deploy));
    expect(code).toBe(0);
    expect(err).toHaveLength(2);
    expect(err[0]).toMatch(/verify\.within {2}found 300 s to verify in/);
    expect(err[1]).toMatch(
      /ladder\.0\.quiescence {2}found 60 s after a step, and alarm "shop-smoke", which takes 960 s/,
    );
    expect(err[1]).toContain('make it at least 960s');
  });

  it('says where a drastic level is asked for by composite alarms only: they have no metric to bear it out', async () => {
    const text = good(deploy.replace('act', 'act, drastic: true'));
    const rule = { ComparisonOperator: 'GreaterThanThreshold', Threshold: 1, MetricName: 'errors', Namespace: 'shop' };
    const composite = await online([{ AlarmName: 'shop-smoke', StateValue: 'OK', AlarmRule: 'ALARM(a)' }], text);
    expect(composite.code).toBe(0);
    expect(composite.err).toEqual([
      expect.stringContaining(
        'check "smoke" is alarm "shop-smoke", and it has no metric of its own, as composite alarms have not',
      ),
    ]);
    expect(await online([{ ...alarm(10), ...rule }], text)).toMatchObject({ code: 0, err: [] });
  });

  it('says nothing where the alarms are fast enough', async () => {
    expect(await online([alarm(10)], good(deploy))).toMatchObject({ code: 0, err: [] });
  });

  it('says which alarm is not there, and where it is named', async () => {
    const { code, err } = await online([], good(deploy));
    expect(code).toBe(0);
    expect(err[0]).toMatch(/^-:9:27 .*smoke\.alarm {2}found alarm "shop-smoke", which is not there/);
  });

  it('says that it could not look where nobody answers', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    const { code, err } = await check(good(deploy), '--online');
    vi.unstubAllEnvs();
    expect(code).not.toBe(0);
    expect(err.join()).toContain('ESC-043 the alarms cannot be read');
  });
});
