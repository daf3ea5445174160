import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EndpointOptions, startEndpoint, type Endpoint, type StandIns } from '../../../local/endpoint/endpoint.ts';

export const account = '000000000000';
export const region = 'us-east-1';

export type Running = Endpoint & { lines: string[]; config: ReturnType<typeof clientConfig> };

const clientConfig = (endpoint: string) => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});

export const noOperations: StandIns = {
  codepipeline: {},
  codecommit: {},
  monitoring: {},
  ssm: {},
  autoscaling: {},
  events: {},
  cloudformation: {},
  cloudtrail: {},
  codedeploy: {},
  ecs: {},
  lambda: {},
  secretsmanager: {},
  sns: {},
};

/** A data directory that goes away with `remove`, and endpoints on it. */
export const temporary = () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'endpoint-'));
  const start = async (
    operations: Partial<StandIns> = {},
    port = 0,
    visit: EndpointOptions['visit'] = () => null,
  ): Promise<Running> => {
    const lines: string[] = [];
    const options = { dataDir, port, account, region, operations: { ...noOperations, ...operations }, visit };
    const endpoint = await startEndpoint({ ...options, log: (line) => lines.push(line) });
    return { ...endpoint, lines, config: clientConfig(endpoint.url) };
  };
  return { dataDir, start, remove: () => rmSync(dataDir, { recursive: true }) };
};
