import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsError, type Members } from '../../local/endpoint/operations.ts';
import { temporary } from '../local/endpoint/harness.ts';
import { temporary as temporaryDir } from '../harness/product.ts';
import { type Said, startWorld, type World } from './harness.ts';

let world: World;
let place: ReturnType<typeof temporaryDir>;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.close());
beforeEach(() => void (place = temporaryDir()));
afterEach(() => place.remove());

const action = (name: string, category: string, provider: string, configuration: object) => ({
  name,
  actionTypeId: { category, owner: 'AWS', provider, version: '1' },
  configuration,
});
const cart = {
  name: 'cart',
  pipelineType: 'V2',
  stages: [
    { name: 'Source', actions: [action('Source', 'Source', 'CodeCommit', { RepositoryName: 'cart' })] },
    { name: 'Prod', actions: [action('Ship', 'Deploy', 'ECS', { ClusterName: 'main', ServiceName: 'cart' })] },
  ],
};

type Account = { pipelines: (typeof cart)[]; alarms?: () => Members };

/** An account over the wire, page by page as AWS gives lists. */
const inAccount = async (
  { pipelines, alarms = () => ({ MetricAlarms: [] }) }: Account,
  ...words: string[]
): Promise<Said> => {
  const endpoints = temporary();
  const endpoint = await endpoints.start({
    codepipeline: {
      ListPipelines: ({ nextToken = '0' }) => ({
        pipelines: pipelines.slice(Number(nextToken), Number(nextToken) + 1).map(({ name }) => ({ name })),
        ...(Number(nextToken) + 1 < pipelines.length && { nextToken: String(Number(nextToken) + 1) }),
      }),
      GetPipeline: ({ name }) => ({ pipeline: pipelines.find((one) => one.name === name) }),
    },
    monitoring: { DescribeAlarms: alarms },
    autoscaling: { DescribeAutoScalingGroups: () => ({ AutoScalingGroups: [] }) },
    ecs: { DescribeServices: () => ({ services: [{ status: 'ACTIVE', deploymentController: { type: 'ECS' } }] }) },
  });
  const settings = {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  try {
    return await world.run('init', ...words);
  } finally {
    vi.unstubAllEnvs();
    await endpoint.close();
    endpoints.remove();
  }
};

describe('init', () => {
  it('writes a configuration of every pipeline that deploys, which escalator check takes', async () => {
    const file = join(place.dir, 'escalator.yaml');
    const said = await inAccount({ pipelines: [cart, { ...cart, name: 'stock' }] }, file);
    expect([said.code, said.out, said.err.at(-2)]).toEqual([0, [], `2 services drafted in ${file}`]);
    expect((await world.run('check', file)).out).toEqual([
      `${file} is good: 2 ladders, production/cart, production/stock`,
    ]);
  });

  it('prints it where a dash is given, and writes nothing', async () => {
    const { out } = await inAccount({ pipelines: [cart] }, '-');
    expect(out.join('\n')).toContain('- { level: tasks, do: { restart-service: main/cart }, mode: observe }');
  });

  it('says where what it drafts is, where Escalator is elsewhere; a place that is none is refused', async () => {
    const words = ['-', '--account', '444455556666', '--home', '111122223333/eu-central-1'];
    const { out } = await inAccount({ pipelines: [cart] }, ...words);
    expect(out.join('\n')).toContain("  production:\n    account: '444455556666'\n    region: ");
    const wrong = await inAccount({ pipelines: [cart] }, '-', '--home', 'eu-central-1');
    expect([wrong.code, wrong.err[0]]).toEqual([2, expect.stringMatching(/^ESC-007 .*--home is eu-central-1/)]);
  });

  it('never overwrites', async () => {
    const file = join(place.dir, 'escalator.yaml');
    writeFileSync(file, 'mine');
    const said = await inAccount({ pipelines: [cart] }, file);
    expect([said.code, said.err[0], readFileSync(file, 'utf8')]).toEqual([
      1,
      expect.stringMatching(/^ESC-006 .* is there already/),
      'mine',
    ]);
  });

  it('drafts without what may not be read, and says in the draft what that was', async () => {
    const alarms = (): Members => {
      throw new AwsError('AccessDenied', 'no cloudwatch:DescribeAlarms for you', 403);
    };
    const { code, out } = await inAccount({ pipelines: [cart], alarms }, '-');
    expect([code, out.join('\n')]).toEqual([
      0,
      expect.stringMatching(/# Not read: alarms \(AccessDenied: no cloudwatch:DescribeAlarms for you\)/),
    ]);
  });

  it('writes nothing where there is no pipeline that deploys', async () => {
    const file = join(place.dir, 'escalator.yaml');
    const said = await inAccount({ pipelines: [] }, file);
    expect([said.code, said.err.at(-1), existsSync(file)]).toEqual([1, expect.stringMatching(/^ESC-052 /), false]);
  });
});
