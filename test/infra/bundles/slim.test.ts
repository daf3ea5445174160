import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { slim } from '../../../infra/bundle/slim.ts';
import { run } from '../../harness/product.ts';

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

describe('a bundle without what our sources do not name of answers', () => {
  it('passes on whole what was answered: an alarm of an expression is read as it is asked', async () => {
    const Metrics = [
      { Id: 'e', Expression: 'm1 / m2', Label: 'of all', AccountId: '111122223333', ReturnData: true },
      { Id: 'm1', MetricStat: { Metric: { Namespace: 'N', MetricName: 'M' }, Period: 60, Stat: 'Sum', Unit: 'Count' } },
    ];
    const body = JSON.stringify({ MetricAlarms: [{ AlarmName: 'a', AlarmDescription: 'not read', Metrics }] });
    const found = await bundled(`${answering(200, { 'content-type': 'application/x-amz-json-1.0' }, body)}
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
const client = new CloudWatchClient(config);
const { MetricAlarms: [alarm] } = await client.send(new DescribeAlarmsCommand({}));
let sent;
client.middlewareStack.add((next) => (args) => { sent = args.request.body; return next(args); }, { step: 'build' });
const at = { StartTime: new Date(0), EndTime: new Date(1) };
await client.send(new GetMetricDataCommand({ ...at, MetricDataQueries: alarm.Metrics }));
console.log(JSON.stringify({ alarm, sent: JSON.parse(sent) })); server.close();`);
    expect(found).toMatchObject({ alarm: { AlarmName: 'a', Metrics }, sent: { MetricDataQueries: Metrics } });
    expect(found).not.toHaveProperty('alarm.AlarmDescription');
  });

  it('still has what the SDK itself looks at: the checksum of a message that was taken', async () => {
    const answer = (sum: string) => JSON.stringify({ MessageId: 'm', MD5OfMessageBody: sum });
    const send = (sum: string) =>
      bundled(`${answering(200, { 'content-type': 'application/x-amz-json-1.0' }, answer(sum))}
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const asked = new SQSClient(config).send(new SendMessageCommand({ QueueUrl: config.endpoint + '/1/q', MessageBody: 'hello' }));
console.log(JSON.stringify(await asked.then(({ MessageId }) => MessageId, ({ message }) => message))); server.close();`);
    expect(await send('5d41402abc4b2a76b9719d911017c592')).toBe('m');
    expect(await send('0')).toContain('InvalidChecksumError');
  });
});

describe('a client in a bundle', () => {
  const names =
    'AutoScaling CloudWatch CodeCommit CodeDeploy CodePipeline DynamoDB ECS EventBridge KMS Lambda S3 SNS SQS SSM STS';
  /** What is set of event streams and of the discovery of endpoints, which are left out. */
  const gone =
    /^(eventStreamMarshaller|endpointCache|endpointDiscovery(CommandCtor|Enabled)|isClientEndpointDiscoveryEnabled)$/;
  const packageOf = (name: string): string =>
    `@aws-sdk/client-${name === 'AutoScaling' ? 'auto-scaling' : name.toLowerCase()}`;

  it.each(names.split(' '))('is set up as the SDK sets it up: %s', async (name) => {
    const keys = `Object.keys(new ${name}Client({ region: 'eu-west-1' }).config).sort()`;
    const program = `import { ${name}Client } from '${packageOf(name)}'; console.log(JSON.stringify(${keys}));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program]);
    expect(await bundled(program)).toEqual((JSON.parse(stdout) as string[]).filter((key) => !gone.test(key)));
  });
});
