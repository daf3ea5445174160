import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { variables } from '../../../functions/support/environment.ts';
import { type Bundle, bundleFunctions } from '../../../infra/bundle/bundle.ts';
import { run } from '../../harness/product.ts';
import { batchOf, laneOf, namesIn, pushed, wired, type Wired } from '../../faults/wired.ts';

let there: Wired;
let bundles: Bundle[];
type Line = { [field: string]: unknown };
const lines: Line[] = [];
const dir = mkdtempSync(join(tmpdir(), 'escalator-runs-'));
beforeAll(async () => {
  there = await wired();
  bundles = await bundleFunctions(['record-change', 'index-trail', 'answer-question']);
}, 120_000);
afterAll(async () => {
  await there.remove();
  rmSync(dir, { recursive: true });
}, 60_000);

/** Calls a bundle in a process of its own, told what Lambda tells a function; answers what the handler answered. */
const called = async (name: string, event: unknown): Promise<unknown> => {
  const { environment } = there;
  const file = join(dir, `${name}.mjs`);
  writeFileSync(file, bundles.find((bundle) => bundle.name === name)?.code ?? '');
  const program = `const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)});
const answer = await handler(${JSON.stringify(event)}, { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 30000 });
process.stderr.write(JSON.stringify(answer ?? null));
process.exit(0);`;
  const env = {
    PATH: process.env['PATH'],
    AWS_REGION: environment.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: environment.endpoint ?? '',
    [variables.account]: environment.account,
    [variables.table]: environment.table,
    [variables.bucket]: environment.bucket,
    [variables.configFile]: environment.configFile,
    [variables.digestKeyFile]: environment.digestKeyFile,
  };
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program], { env });
  lines.push(
    ...stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line),
  );
  return JSON.parse(stderr);
};

it('bundles as they are deployed, told what Lambda tells them: what comes in is recorded once, indexed, and answered', async () => {
  const batch = batchOf(['image-1', 'image-2'].map((name) => pushed(name)));
  expect(await called('record-change', batch)).toEqual({ batchItemFailures: [] });
  expect(await called('record-change', batch)).toEqual({ batchItemFailures: [] });
  expect(namesIn(await laneOf(there.environment))).toEqual(['image-1', 'image-2']);

  expect(await called('index-trail', { schedule: true })).toBeNull();
  const asked = {
    version: '2.0',
    rawPath: '/api/entries',
    rawQueryString: 'kind=image.pushed',
    headers: {},
    requestContext: { requestId: 'g-1', http: { method: 'GET', path: '/api/entries' } },
    isBase64Encoded: false,
  };
  const { statusCode, body } = (await called('answer-question', asked)) as { statusCode: number; body: string };
  expect(statusCode).toBe(200);
  expect((JSON.parse(body) as { items: unknown[] }).items).toHaveLength(2);
  const ends = lines.filter(({ level }) => level === 'info');
  expect(ends.map((line) => [line['function'], line['request']])).toEqual([
    ['record-change', 'r-1'],
    ['record-change', 'r-1'],
    ['index-trail', 'r-1'],
    ['answer-question', 'r-1'],
  ]);
}, 120_000);
