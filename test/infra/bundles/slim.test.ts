import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { slim, withKnownErrors, withPlainKeys } from '../../../infra/bundle/slim.ts';

const schema = `const _E = "Exists";
const _N = "Needed";
const _aQE = "awsQueryError";
const _m = "message";
export var Exists$ = [-3, n0, _E,
    { [_aQE]: [\`AlreadyExists\`, 400] },
    [_m],
    [0]
];
n0_registry.registerError(Exists$, Exists);
export var Needed$ = [-3, n0, _N,
    { [_aQE]: [\`Other\`, 400] },
    [_m],
    [0]
];
n0_registry.registerError(Needed$, Needed);
`;
const known = (classes: string[], words: string[]) => ({ classes: new Set(classes), words: new Set(words) });

describe('what is left out of the SDK', () => {
  it('is an error that nobody asks for, with its shape', () => {
    const slimmed = withKnownErrors(schema, known([], []));
    expect(slimmed).not.toContain('registerError');
    expect(slimmed).not.toContain('export var');
  });

  it('is not one whose class is asked for, or which has another name on the wire than in our code', () => {
    const slimmed = withKnownErrors(schema, known(['Needed'], ['Exists']));
    expect(slimmed).toContain('registerError(Needed$, Needed)');
    expect(slimmed).toContain('registerError(Exists$, Exists)');
  });

  it('are keys that look as if they were computed: the shape they stand in is kept by nothing then', () => {
    expect(withPlainKeys(schema)).toContain('{ "awsQueryError": [`AlreadyExists`, 400] }');
    expect(withPlainKeys(schema)).not.toContain('[_aQE]:');
  });
});

/** Runs a program through the same bundler as the functions, in a process of its own; answers what it printed. */
const bundled = async (program: string): Promise<unknown> => {
  const dir = mkdtempSync(join(tmpdir(), 'escalator-slim-'));
  try {
    const stdin = { contents: program, resolveDir: process.cwd(), loader: 'ts' as const };
    const common = {
      bundle: true,
      minify: true,
      write: false as const,
      platform: 'node' as const,
      format: 'esm' as const,
    };
    const { outputFiles } = await build({ ...common, stdin, mainFields: ['module', 'main'], plugins: [slim()] });
    const file = join(dir, 'program.mjs');
    writeFileSync(file, outputFiles[0]?.contents ?? '');
    const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 30_000 });
    if (stdout === '') throw new Error(stderr.slice(-500));
    return JSON.parse(stdout);
  } finally {
    rmSync(dir, { recursive: true });
  }
};

/** Answers every request with one error, as a service words it. */
const answering = (status: number, headers: { [name: string]: string }, body: string) => `
import { createServer } from 'node:http';
const server = createServer((_, response) => response.writeHead(${status}, ${JSON.stringify(headers)}).end(${JSON.stringify(body)}));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const config = { region: 'us-east-1', endpoint: 'http://127.0.0.1:' + server.address().port, maxAttempts: 1, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
const told = (error) => ({ name: error.name, message: error.message, status: error.$metadata?.httpStatusCode, fault: error.$fault });
`;

describe('a bundle without most errors of the SDK', () => {
  it('still tells an error that it left out, by its name, message and status', async () => {
    const body = JSON.stringify({
      __type: 'com.amazonaws.codecommit#EncryptionKeyDisabledException',
      message: 'the key is disabled',
    });
    const found = await bundled(`${answering(400, { 'content-type': 'application/x-amz-json-1.1' }, body)}
import { CodeCommitClient, GetCommitCommand } from '@aws-sdk/client-codecommit';
const asked = new CodeCommitClient(config).send(new GetCommitCommand({ repositoryName: 'r', commitId: 'c' }));
console.log(JSON.stringify(await asked.catch(told))); server.close();`);
    expect(found).toEqual({
      name: 'EncryptionKeyDisabledException',
      message: 'the key is disabled',
      status: 400,
      fault: 'client',
    });
  });

  it('still knows the class of one that our code asks for', async () => {
    const body = JSON.stringify({
      __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
      message: 'no',
    });
    const found = await bundled(`${answering(400, { 'content-type': 'application/x-amz-json-1.0' }, body)}
import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
const asked = new DynamoDBClient(config).send(new GetItemCommand({ TableName: 't', Key: {} }));
console.log(JSON.stringify(await asked.catch((error) => error instanceof ConditionalCheckFailedException))); server.close();`);
    expect(found).toBe(true);
  });

  it('still calls one of the query protocol what our code calls it, not what it is called on the wire', async () => {
    const body =
      '<ErrorResponse><Error><Type>Sender</Type><Code>InstanceRefreshInProgress</Code><Message>one runs</Message></Error></ErrorResponse>';
    const found = await bundled(`${answering(400, { 'content-type': 'text/xml' }, body)}
import { AutoScalingClient, StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling';
const asked = new AutoScalingClient(config).send(new StartInstanceRefreshCommand({ AutoScalingGroupName: 'g' }));
console.log(JSON.stringify(await asked.catch(told))); server.close();`);
    expect(found).toMatchObject({ name: 'InstanceRefreshInProgressFault', message: 'one runs' });
  });
});
