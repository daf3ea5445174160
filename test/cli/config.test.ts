import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Said, startWorld, type World } from './harness.ts';

const shop = fileURLToPath(new URL('../../examples/shop/escalator.yaml', import.meta.url));
let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.close());

const check = async (text: string): Promise<Said> => {
  world.terminal = {
    stdin: async function* () {
      yield Buffer.from(text);
    },
  };
  const said = await world.run('check', '-');
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

describe('check', () => {
  it('says that a good configuration is good, and which ladders are in it', async () => {
    expect(await check(good(deploy))).toEqual({
      code: 0,
      out: ['- is good: one ladder, production/shop'],
      err: [],
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
    ['a release that is good at once', good(deploy, '\n        bake: 1s'), 'a release that is good after 1 s'],
  ])('remarks on %s, and takes it', async (_, text, remark) => {
    const { code, err } = await check(text);
    expect(code).toBe(0);
    expect(err).toHaveLength(1);
    expect(err[0]).toContain(remark);
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
