import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporary, type Running } from './harness.ts';

const place = temporary();
let endpoint: Running;

beforeAll(async () => {
  endpoint = await place.start();
});
afterAll(async () => {
  await endpoint.close();
  place.remove();
});

const sqs = () => new SQSClient(endpoint.config);
const dynamodb = () => new DynamoDBClient(endpoint.config);
const s3 = () => new S3Client({ ...endpoint.config, forcePathStyle: true });

const queue = async (name: string, attributes: { [name: string]: string } = {}): Promise<string> => {
  const { QueueUrl: url } = await sqs().send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  return url ?? '';
};

const receive = async (url: string, wait = 0) => {
  const command = { QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: wait };
  const { Messages: messages } = await sqs().send(new ReceiveMessageCommand(command));
  return messages ?? [];
};

const bodies = (messages: { Body?: string | undefined }[]): (string | undefined)[] => messages.map(({ Body }) => Body);

const createTable = (name: string) =>
  dynamodb().send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );

const put = (table: string, sk: string, body = 'x') =>
  dynamodb().send(
    new PutItemCommand({
      TableName: table,
      Item: { pk: { S: 'lane' }, sk: { S: sk }, body: { S: body } },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );

const stored = async (table: string): Promise<(string | undefined)[]> => {
  const { Items: items } = await dynamodb().send(
    new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      ScanIndexForward: false,
      KeyConditionExpression: 'pk = :lane',
      ExpressionAttributeValues: { ':lane': { S: 'lane' } },
    }),
  );
  return (items ?? []).map((item) => item.sk?.S);
};

describe('DynamoDB', () => {
  it('puts on condition, and answers queries in order', async () => {
    await createTable('trail');
    await put('trail', '1', 'y'.repeat(60_000));
    await put('trail', '2');
    await expect(put('trail', '2')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await stored('trail')).toEqual(['2', '1']);
  });

  it('lives on when it throws inside: that request is answered with 500, and nothing is lost', async () => {
    await createTable('survivor');
    await put('survivor', '1');
    // a key of null is checked by nothing, and read where dynalite computes its hash, in a callback
    const request = { RequestItems: { survivor: { Keys: [{ pk: { S: 'a' }, sk: { S: 'b' } }, null] } } };
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.BatchGetItem', 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify(request),
    });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ __type: expect.stringContaining('InternalServerError') });
    expect(endpoint.lines.at(-1)).toMatch(/DynamoDB failed inside and starts again/);
    expect(await stored('survivor')).toEqual(['1']);
    await put('survivor', '2');
    expect(await stored('survivor')).toEqual(['2', '1']);
  });
});

describe('SQS', () => {
  it('hands out what was sent, at once, to one who waits', async () => {
    const url = await queue('waiting');
    const waiting = receive(url, 20);
    await sqs().send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello ☂ 🎉' }));
    expect(bodies(await waiting)).toEqual(['hello ☂ 🎉']);
  });

  it('moves a message that was received too often to the dead letters', async () => {
    const dead = await queue('work-dlq');
    const policy = { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:work-dlq', maxReceiveCount: 2 };
    const url = await queue('work', { RedrivePolicy: JSON.stringify(policy), VisibilityTimeout: '0' });
    await sqs().send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }));
    expect(bodies(await receive(url))).toEqual(['poison']);
    expect(bodies(await receive(url))).toEqual(['poison']);
    expect(await receive(url)).toEqual([]);
    expect(bodies(await receive(dead))).toEqual(['poison']);
  });

  it('gives a message back at once when it is made visible', async () => {
    const url = await queue('back');
    await sqs().send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'again' }));
    const [message] = await receive(url);
    const handle = { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle };
    await sqs().send(new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 0 }));
    expect(bodies(await receive(url))).toEqual(['again']);
  });

  it('takes a message of a FIFO queue once, and hands out a group in order, one after the other', async () => {
    const url = await queue('acts.fifo', { FifoQueue: 'true' });
    const send = (body: string, id: string) =>
      sqs().send(
        new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageGroupId: 'g', MessageDeduplicationId: id }),
      );
    for (const [body, id] of [
      ['1', 'a'],
      ['1 again', 'a'],
      ['2', 'b'],
    ] as const)
      await send(body, id);
    const [first] = await receive(url);
    expect([first?.Body, await receive(url)]).toEqual(['1', []]);
    await sqs().send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
    expect(bodies(await receive(url))).toEqual(['2']);
  });

  it('takes what the bus sends as it takes SendMessage, and says so when it does not', async () => {
    const url = await queue('bus');
    await endpoint.send('bus', '{"n":1}');
    expect(bodies(await receive(url))).toEqual(['{"n":1}']);
    await expect(endpoint.send('nowhere', '{}')).rejects.toThrow(/nowhere did not take.*QueueDoesNotExist/);
  });
});

describe('S3', () => {
  it('keeps objects of some megabytes, by path', async () => {
    const body = Buffer.alloc(3_000_000, 'abc');
    await s3().send(new CreateBucketCommand({ Bucket: 'details' }));
    await s3().send(new PutObjectCommand({ Bucket: 'details', Key: 'sha/1', Body: body }));
    const { Body: read } = await s3().send(new GetObjectCommand({ Bucket: 'details', Key: 'sha/1' }));
    expect(Buffer.from((await read?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });
});

describe('a presigned URL', () => {
  it.each(['X-Amz-Credential=a%2F20261121%2Fus-east-1%2Fs3%2Faws4_request', 'AWSAccessKeyId=a&Signature=b&Expires=9'])(
    'with %s leads to S3',
    async (query) => {
      await s3().send(new CreateBucketCommand({ Bucket: 'signed' }));
      await s3().send(new PutObjectCommand({ Bucket: 'signed', Key: 'k', Body: 'signed' }));
      expect(await (await fetch(`${endpoint.url}/signed/k?${query}`)).text()).toBe('signed');
    },
  );
});

describe('a restart on the same data', () => {
  it('keeps everything, gives back what was in flight, and names the new address in queue URLs', async () => {
    const url = await queue('kept');
    await createTable('kept');
    await put('kept', '1');
    await s3().send(new CreateBucketCommand({ Bucket: 'kept' }));
    await s3().send(new PutObjectCommand({ Bucket: 'kept', Key: 'k', Body: 'kept' }));
    for (const body of ['in flight', 'waiting'])
      await sqs().send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
    await sqs().send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 1 }));
    const before = endpoint.url;
    await endpoint.close();
    endpoint = await place.start();

    expect(endpoint.url).not.toBe(before);
    const { QueueUrl: moved } = await sqs().send(new GetQueueUrlCommand({ QueueName: 'kept' }));
    expect(moved).toBe(`${endpoint.url}/000000000000/kept`);
    expect(await queue('kept')).toBe(moved);
    const { QueueUrls: urls } = await sqs().send(new ListQueuesCommand({}));
    expect(urls?.every((one) => one.startsWith(endpoint.url))).toBe(true);
    expect(bodies(await receive(moved ?? '')).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'in flight',
      'waiting',
    ]);
    expect(await stored('kept')).toEqual(['1']);
    const { Item: item } = await dynamodb().send(
      new GetItemCommand({ TableName: 'kept', Key: { pk: { S: 'lane' }, sk: { S: '1' } } }),
    );
    expect(item?.body?.S).toBe('x');
    const { Body: read } = await s3().send(new GetObjectCommand({ Bucket: 'kept', Key: 'k' }));
    expect(await read?.transformToString()).toBe('kept');
  });
});
