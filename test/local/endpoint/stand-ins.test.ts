import { request as httpRequest } from 'node:http';
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetInstanceHealthCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CodeCommitClient, GetCommitCommand } from '@aws-sdk/client-codecommit';
import {
  CodePipelineClient,
  GetPipelineStateCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AwsError, type Members } from '../../../local/endpoint/operations.ts';
import { decodeCbor, encodeCbor } from '../../../local/endpoint/wire/cbor.ts';
import { temporary, type Running } from './harness.ts';

const place = temporary();
const asked: Members[] = [];
const updated = new Date('2026-11-21T04:05:06.789Z');
const alarm = {
  AlarmName: 'shop-smoke <&> "é"',
  StateValue: 'ALARM',
  StateUpdatedTimestamp: updated,
  Period: 1,
  Threshold: 0.5,
  ActionsEnabled: true,
  Dimensions: [{ Name: 'Service', Value: 'shop' }],
  AlarmActions: [],
  StateReasonData: undefined,
};
const noted =
  (answer: unknown) =>
  (input: Members): unknown => (asked.push(input), answer);
const refusing = (error: Error) => (): never => {
  throw error;
};

let endpoint: Running;

beforeAll(async () => {
  endpoint = await place.start({
    monitoring: {
      DescribeAlarms: noted({ MetricAlarms: [alarm], CompositeAlarms: [] }),
      PutMetricAlarm: noted({}),
      DeleteAlarms: refusing(new AwsError('ResourceNotFound', 'no alarm "x"', 404)),
    },
    autoscaling: {
      DescribeAutoScalingGroups: noted({
        AutoScalingGroups: [
          { AutoScalingGroupName: 'shop-asg', CreatedTime: updated, Instances: [{ InstanceId: 'i-1' }] },
        ],
      }),
      SetInstanceHealth: refusing(new AwsError('ValidationError', 'Instance <i-2> is unknown')),
    },
    codecommit: { GetCommit: refusing(new AwsError('CommitIdDoesNotExistException', 'no commit 1234')) },
    codepipeline: {
      GetPipelineState: async () => ({ pipelineName: 'shop', created: updated }),
      StartPipelineExecution: refusing(new Error('a secret of the inside')),
    },
  });
});
beforeEach(() => void asked.splice(0));
afterAll(async () => {
  await endpoint.close();
  place.remove();
});

const credential = (scope: string) =>
  `AWS4-HMAC-SHA256 Credential=AK/20261121/us-east-1/${scope}/aws4_request, SignedHeaders=host, Signature=0`;
const post = (scope: string, headers: { [name: string]: string }, body: string | Uint8Array, path = '/') =>
  fetch(endpoint.url + path, { method: 'POST', headers: { authorization: credential(scope), ...headers }, body });
const form = (scope: string, fields: { [name: string]: string }) =>
  post(
    scope,
    { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    String(new URLSearchParams(fields)),
  );
const cbor = (operation: string, body: unknown) =>
  post(
    'monitoring',
    { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    encodeCbor(body),
    `/service/GraniteServiceVersion20100801/operation/${operation}`,
  );
const decoded = async (response: Response): Promise<unknown> =>
  decodeCbor(new Uint8Array(await response.arrayBuffer()));

describe('CloudWatch', () => {
  it('answers over JSON, as the SDK for JavaScript asks', async () => {
    const client = new CloudWatchClient(endpoint.config);
    const { MetricAlarms: alarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['a'], MaxRecords: 5 }));
    expect(alarms).toEqual([{ ...alarm, StateReasonData: undefined }]);
    expect(asked).toEqual([{ AlarmNames: ['a'], MaxRecords: 5 }]);
  });

  it('answers over forms and XML, as older clients ask', async () => {
    const response = await form('monitoring', {
      Action: 'DescribeAlarms',
      Version: '2010-08-01',
      MaxRecords: '5',
      'AlarmNames.member.1': '12',
      'AlarmNames.member.2': 'b',
    });
    expect(asked).toEqual([{ AlarmNames: ['12', 'b'], MaxRecords: 5 }]);
    expect(response.headers.get('content-type')).toBe('text/xml');
    expect(await response.text()).toBe(
      '<DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><DescribeAlarmsResult>' +
        '<MetricAlarms><member><AlarmName>shop-smoke &lt;&amp;&gt; &quot;é&quot;</AlarmName><StateValue>ALARM</StateValue>' +
        '<StateUpdatedTimestamp>2026-11-21T04:05:06.789Z</StateUpdatedTimestamp><Period>1</Period>' +
        '<Threshold>0.5</Threshold><ActionsEnabled>true</ActionsEnabled>' +
        '<Dimensions><member><Name>Service</Name><Value>shop</Value></member></Dimensions>' +
        '<AlarmActions></AlarmActions></member></MetricAlarms><CompositeAlarms></CompositeAlarms></DescribeAlarmsResult>' +
        `<ResponseMetadata><RequestId>${response.headers.get('x-amzn-requestid')}</RequestId></ResponseMetadata>` +
        '</DescribeAlarmsResponse>',
    );
  });

  it('answers over CBOR, as the AWS CLI asks', async () => {
    const response = await cbor('DescribeAlarms', { AlarmNames: ['a'] });
    expect([response.status, response.headers.get('smithy-protocol')]).toEqual([200, 'rpc-v2-cbor']);
    const { StateReasonData: _absent, ...rest } = alarm;
    const inSeconds = { ...rest, StateUpdatedTimestamp: updated.getTime() / 1000 };
    expect(await decoded(response)).toEqual({ MetricAlarms: [inSeconds], CompositeAlarms: [] });
    expect(asked).toEqual([{ AlarmNames: ['a'] }]);
  });

  it('takes structures in lists over each protocol alike', async () => {
    const members = { AlarmName: 'a', Dimensions: [{ Name: 'n', Value: 'v' }], Threshold: 0.5, ActionsEnabled: false };
    const client = new CloudWatchClient(endpoint.config);
    const required = { ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 1 } as const;
    await client.send(new PutMetricAlarmCommand({ ...members, ...required }));
    await cbor('PutMetricAlarm', { ...members, ...required });
    await form('monitoring', {
      Action: 'PutMetricAlarm',
      AlarmName: 'a',
      Threshold: '0.5',
      ActionsEnabled: 'false',
      'Dimensions.member.1.Name': 'n',
      'Dimensions.member.1.Value': 'v',
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: '1',
    });
    expect(asked).toHaveLength(3);
    for (const input of asked) expect(input).toEqual({ ...members, ...required });
  });

  it('refuses in the words of each protocol', async () => {
    const json = await post(
      'monitoring',
      { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'GraniteServiceVersion20100801.DeleteAlarms' },
      '{}',
    );
    expect([json.status, json.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFound']);
    expect(await json.json()).toEqual({ __type: 'ResourceNotFound', message: 'no alarm "x"' });
    const xml = await form('monitoring', { Action: 'DeleteAlarms' });
    expect(xml.status).toBe(404);
    expect(await xml.text()).toContain(
      '<Type>Sender</Type><Code>ResourceNotFound</Code><Message>no alarm &quot;x&quot;',
    );
    const binary = await cbor('DeleteAlarms', {});
    expect(binary.headers.get('x-amzn-query-error')).toBe('ResourceNotFound;Sender');
    expect(await decoded(binary)).toEqual({ __type: 'ResourceNotFound', message: 'no alarm "x"' });
  });
});

describe('Auto Scaling', () => {
  it('answers over XML what the SDK reads as it was meant, and refuses by name', async () => {
    const client = new AutoScalingClient(endpoint.config);
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['shop-asg'] });
    const { AutoScalingGroups: groups } = await client.send(command);
    expect(groups).toMatchObject([
      { AutoScalingGroupName: 'shop-asg', CreatedTime: updated, Instances: [{ InstanceId: 'i-1' }] },
    ]);
    expect(asked).toEqual([{ AutoScalingGroupNames: ['shop-asg'] }]);
    const unknown = new SetInstanceHealthCommand({ InstanceId: 'i-2', HealthStatus: 'Unhealthy' });
    await expect(client.send(unknown)).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Instance <i-2> is unknown',
    });
  });
});

describe('a stand-in', () => {
  it('has its dates turned into what the wire wants, and may take its time', async () => {
    const state = await new CodePipelineClient(endpoint.config).send(new GetPipelineStateCommand({ name: 'shop' }));
    expect(state).toMatchObject({ pipelineName: 'shop', created: updated });
  });

  it('refuses with the exception the SDK knows, and with a request id', async () => {
    const command = new GetCommitCommand({ repositoryName: 'shop', commitId: '1234' });
    await expect(new CodeCommitClient(endpoint.config).send(command)).rejects.toMatchObject({
      name: 'CommitIdDoesNotExistException',
      message: 'no commit 1234',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it('that fails inside says so without the details, which go to the log once', async () => {
    const command = new StartPipelineExecutionCommand({ name: 'shop' });
    const error: unknown = await new CodePipelineClient(endpoint.config)
      .send(command)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
    expect(String(error)).not.toContain('secret');
    expect(endpoint.lines.filter((line) => line.includes('a secret of the inside'))).toHaveLength(1);
  });

  it('refuses an operation that it has not, or that every object inherits', async () => {
    const command = new GetParameterCommand({ Name: 'x' });
    await expect(new SSMClient(endpoint.config).send(command)).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    const inherited = await post('ssm', { 'x-amz-target': 'AmazonSSM.toString' }, '{}');
    expect(await inherited.json()).toMatchObject({ __type: 'UnknownOperationException' });
    expect(await (await form('autoscaling', { Action: 'Nope' })).text()).toContain('<Code>InvalidAction</Code>');
  });

  it.each([
    ['no JSON', '{"a":'],
    ['no object', '[]'],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
  ])('refuses a body that is %s', async (_title, body) => {
    const response = await post('codecommit', { 'x-amz-target': 'CodeCommit_20150413.GetCommit' }, body);
    expect([response.status, await response.json()]).toMatchObject([400, { __type: 'SerializationException' }]);
  });

  it('refuses CBOR that is none', async () => {
    const path = '/service/GraniteServiceVersion20100801/operation/DescribeAlarms';
    const response = await post(
      'monitoring',
      { 'content-type': 'application/cbor' },
      new Uint8Array([0xbf, 0x61]),
      path,
    );
    expect(await decoded(response)).toMatchObject({ __type: 'SerializationException' });
  });

  it('refuses more than it can be meant to take, and goes on', async () => {
    const target = { 'x-amz-target': 'CodePipeline_20150709.GetPipelineState' };
    const response = await post('codepipeline', target, 'x'.repeat(5 * 1024 * 1024));
    expect([response.status, await response.json()]).toMatchObject([413, { __type: 'RequestEntityTooLargeException' }]);
    expect((await post('codepipeline', target, '{}')).status).toBe(200);
  });
});

const status = (headers: { [name: string]: string }): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const call = httpRequest(endpoint.url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('error', reject).end();
  });

describe('the endpoint', () => {
  it('says what it is to one who only looks', async () => {
    const response = await fetch(endpoint.url);
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining('AWS endpoint of Escalator'),
    ]);
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses what comes from a page in a browser, or by a name that is not this machine', async () => {
    expect(await status({ origin: 'http://127.0.0.1:4400' })).toBe(403);
    expect(await status({ host: 'evil.example:4566' })).toBe(403);
    expect(await status({ host: '127.0.0.1.evil.example' })).toBe(403);
    expect(await status({ host: 'localhost:4566' })).toBe(200);
    expect(await status({ host: '[::1]:4566' })).toBe(200);
  });

  it('refuses a request that names no service, and one for a service it has not', async () => {
    expect((await fetch(endpoint.url, { method: 'POST', body: '{}' })).status).toBe(403);
    const response = await post('kinesis', { 'x-amz-target': 'Kinesis_20131202.PutRecord' }, '{}');
    expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' });
  });

  it('knows a request without a signature by its target', async () => {
    const headers = { 'x-amz-target': 'CodePipeline_20150709.GetPipelineState' };
    expect((await fetch(endpoint.url, { method: 'POST', headers, body: '{}' })).status).toBe(200);
  });

  it('says which port is in use, with what to do', async () => {
    const port = Number(new URL(endpoint.url).port);
    const other = temporary();
    await expect(other.start({}, port)).rejects.toMatchObject({ code: 'ESC-001', message: `port ${port} is in use` });
    other.remove();
  });
});
