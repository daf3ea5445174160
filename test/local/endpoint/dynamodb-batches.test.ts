import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dynalite from 'dynalite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDb, startDynamoDb } from '../../../local/endpoint/dynamodb.ts';

/** What a request is answered by dynalite's own server, and by ours, which takes batches in one operation. */
type Answer = { status: number; body: unknown };
type Ask = (operation: string, request: object) => Promise<Answer>;

const dir = mkdtempSync(join(tmpdir(), 'batches-'));
const server = dynalite({ createTableMs: 0 });
let ours: DynamoDb;
let theirs = '';

const askOurs: Ask = async (operation, request) => {
  const { status, body } = await ours.call(operation, JSON.stringify(request));
  return { status, body: JSON.parse(body) };
};

const askTheirs: Ask = async (operation, request) => {
  const headers = {
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': '20261121T000000Z',
    authorization: 'AWS4-HMAC-SHA256 Credential=a/20261121/r/dynamodb/aws4_request, SignedHeaders=host, Signature=b',
  };
  const response = await fetch(theirs, { method: 'POST', headers, body: JSON.stringify(request) });
  return { status: response.status, body: await response.json() };
};

const projection = { ProjectionType: 'ALL' };
const definition = (TableName: string) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
});
const indexed = {
  ...definition('indexed'),
  GlobalSecondaryIndexes: [
    { IndexName: 'by-sk', KeySchema: [{ AttributeName: 'sk', KeyType: 'HASH' }], Projection: projection },
  ],
};
const tables = ['plain', 'other', 'indexed'];

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  theirs = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ours = await startDynamoDb({ dir, account: '000000000000', region: 'us-east-1', log: console.error });
  for (const ask of [askOurs, askTheirs])
    for (const one of [definition('plain'), definition('other'), indexed]) await ask('CreateTable', one);
});
afterAll(async () => {
  await ours.close();
  server.close();
  rmSync(dir, { recursive: true });
});

type Batch = { Responses?: { [table: string]: object[] }; ConsumedCapacity?: object | object[] };

/** What DynamoDB gives in no order, in one. */
const inOrder = ({ status, body }: Answer): Answer => {
  const { Responses: found, ConsumedCapacity: consumed, ...more } = body as Batch;
  const responses = Object.entries(found ?? {}).map(([table, items]) => [table, items.map(textOf).toSorted()]);
  return {
    status,
    body: {
      ...more,
      found: Object.fromEntries(responses) as object,
      consumed: Array.isArray(consumed) ? consumed.map(textOf).toSorted() : consumed,
    },
  };
};
const textOf = (item: object): string => JSON.stringify(Object.entries(item).toSorted());

const everything = async (ask: Ask): Promise<unknown[]> => {
  const scanned = await Promise.all(tables.map((TableName) => ask('Scan', { TableName })));
  const byIndex = await ask('Scan', { TableName: 'indexed', IndexName: 'by-sk' });
  return [...scanned, byIndex].map(({ body }) => (body as { Items: object[] }).Items.map(textOf).toSorted());
};

const agrees = async (operation: string, request: object): Promise<Answer> => {
  const [answer, wanted] = [await askOurs(operation, request), await askTheirs(operation, request)].map(inOrder) as [
    Answer,
    Answer,
  ];
  // Which of two tables is looked at first, and so which mistake is named, is chance.
  const { message: _, ...body } = wanted.body as { message?: string };
  const { RequestItems: items = {} } = request as { RequestItems?: object };
  if (Object.keys(items).length > 1) expect(answer).toMatchObject({ ...wanted, body });
  else expect(answer).toEqual(wanted);
  return answer;
};

/** Most of what is asked is right: a batch goes wrong by any of its parts. */
const mostly = <T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: wrong });
const name = fc.constantFrom('a', 'b', 'c', 'd', 'ß');
const goodKey = fc.record({ pk: fc.record({ S: name }), sk: fc.record({ S: name }) });
const badKey = fc.constantFrom<object>(
  { pk: { S: 'a' } },
  { pk: { S: '' }, sk: { S: 'a' } },
  { pk: { S: 'a' }, sk: { N: '1' } },
  { pk: { S: 'x'.repeat(2_049) }, sk: { S: 'a' } },
  { pk: { S: 'a' }, sk: { S: 'x'.repeat(1_025) } },
  { pk: { S: 'a' }, sk: { S: 'a' }, more: { S: 'a' } },
  {},
);
const key = mostly<object>(goodKey, badKey);
const goodValue = fc.constantFrom<object>(
  { S: '"\u0000€' },
  { N: '007.50' },
  { N: '1200' },
  { B: 'AAEC' },
  { BOOL: true },
  { NULL: true },
  { L: [{ S: 'a' }, { M: { b: { N: '1' } } }] },
  { SS: ['a', 'b'] },
  { L: [] },
  { L: [{ S: 'a' }, { S: '' }] },
);
const badValue = fc.constantFrom<object>(
  { N: 'x' },
  { B: '!' },
  { B: 'AAE' },
  { B: 'AAF=' },
  { L: [{ S: 1 }] },
  { NULL: false },
  { SS: [] },
  { S: 'y'.repeat(410_000) },
  { S: 'a', N: '1' },
  {},
);
const value = mostly(goodValue, badValue);
const item = fc.tuple(key, fc.option(value)).map(([at, body]) => (body === null ? at : { ...at, body }));
const put = item.map((Item) => ({ PutRequest: { Item } }));
const del = key.map((Key) => ({ DeleteRequest: { Key } }));
const neither = fc.constantFrom<object>({}, { PutRequest: { Item: {} }, DeleteRequest: { Key: {} } });
const write = mostly<object>(fc.oneof(put, put, del), neither);
const table = mostly(fc.constantFrom('plain', 'plain', 'plain', 'other', 'indexed'), fc.constant('nowhere'));
const byTable = <T>(of: fc.Arbitrary<T>) =>
  mostly(fc.dictionary(table, of, { minKeys: 1, maxKeys: 2 }), fc.constant({}));
const capacity = fc.option(fc.constantFrom('TOTAL', 'INDEXES', 'NONE', 'WRONG'), { nil: undefined, freq: 6 });

const batchWrite = fc.record({
  RequestItems: byTable(mostly(fc.array(write, { minLength: 1, maxLength: 4 }), fc.constant<object[]>([]))),
  ReturnConsumedCapacity: capacity,
});
const batchGet = fc.record({
  RequestItems: byTable(
    fc.record(
      {
        Keys: mostly(fc.array(key, { minLength: 1, maxLength: 4 }), fc.constant<object[]>([])),
        ConsistentRead: fc.boolean(),
        ProjectionExpression: fc.constant('sk'),
      },
      { requiredKeys: ['Keys'] },
    ),
  ),
  ReturnConsumedCapacity: capacity,
});

const condition = mostly(
  fc.constant('attribute_not_exists(pk)'),
  fc.constantFrom('attribute_not_exists(sk)', 'attribute_exists(pk)', 'attribute_not_exists(', ''),
);
const putItem = fc.record(
  {
    TableName: mostly(table, fc.constantFrom('', '../nowhere')),
    Item: item,
    ConditionExpression: condition,
    ReturnConsumedCapacity: fc.constant('TOTAL'),
    ReturnValues: fc.constant('ALL_OLD'),
  },
  { requiredKeys: ['TableName', 'Item'] },
);
const putIfNothing = item.map((Item) => ({
  TableName: 'plain',
  Item,
  ConditionExpression: 'attribute_not_exists(pk)',
}));

describe('a batch, or a put', () => {
  it('is answered as dynalite answers it, right or wrong, and leaves what dynalite leaves', async () => {
    const statuses = new Map<number, number>();
    const request = fc.oneof(
      batchWrite.map((body) => ['BatchWriteItem', body] as const),
      batchGet.map((body) => ['BatchGetItem', body] as const),
      putItem.map((body) => ['PutItem', body] as const),
      putIfNothing.map((body) => ['PutItem', body] as const),
    );
    const property = fc.asyncProperty(request, async ([operation, body]) => {
      const { status } = await agrees(operation, body);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
    await fc.assert(property, { numRuns: 500, endOnFailure: true });
    expect(await everything(askOurs)).toEqual(await everything(askTheirs));
    expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 400]);
    expect(Math.min(...statuses.values())).toBeGreaterThan(50);
  }, 60_000);

  const at = (sk: string) => ({ pk: { S: 'large' }, sk: { S: sk } });

  it('that is read leaves keys unprocessed where the answer would have more than 1 MB', async () => {
    const names = ['1', '2', '3', '4', '5'];
    for (const sk of names)
      await agrees('PutItem', { TableName: 'plain', Item: { ...at(sk), body: { S: 'z'.repeat(390_000) } } });
    const { body } = await askOurs('BatchGetItem', { RequestItems: { plain: { Keys: names.map(at) } } });
    const { Responses, UnprocessedKeys } = body as { [part: string]: { plain: { Keys: object[] } & object[] } };
    expect(Responses?.['plain']).toHaveLength(3);
    expect(UnprocessedKeys?.['plain'].Keys).toHaveLength(2);
  });

  it('waits for who has read an item to change it: what it wrote is not undone', async () => {
    const add = {
      TableName: 'plain',
      Key: at('count'),
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    for (let written = 1_000; written <= 50_000; written += 1_000) {
      const put = { PutRequest: { Item: { ...at('count'), n: { N: String(written) } } } };
      const adding = Array.from({ length: 10 }, () => askOurs('UpdateItem', add));
      await askOurs('BatchWriteItem', { RequestItems: { plain: [put] } });
      await Promise.all(adding);
      const { body } = await askOurs('GetItem', { TableName: 'plain', Key: at('count') });
      expect(Number((body as { Item: { n: { N: string } } }).Item.n.N)).toBeGreaterThanOrEqual(written);
    }
  });

  it('that is made by many at once where there is nothing is made once, and what stands is what was answered for', async () => {
    for (let round = 0; round < 30; round += 1) {
      const put = (n: number) => ({
        TableName: 'plain',
        Item: { ...at(`once ${round}`), n: { N: String(n) } },
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => askOurs('PutItem', put(n))));
      const made = answers.flatMap(({ status }, n) => (status === 200 ? [n] : []));
      expect(made).toHaveLength(1);
      const { body } = await askOurs('GetItem', { TableName: 'plain', Key: at(`once ${round}`) });
      expect(body).toEqual({ Item: put(made[0] ?? -1).Item });
      for (const { status, body: refused } of answers.filter((_answer, n) => n !== made[0]))
        expect([status, refused]).toMatchObject([
          400,
          { __type: expect.stringContaining('ConditionalCheckFailed') as string },
        ]);
    }
  });

  it('goes to the table of that name that there is now, and to none where it was deleted', async () => {
    const [key] = definition('again').KeySchema;
    const other = {
      ...definition('again'),
      KeySchema: [key],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }],
    };
    const put = (Item: object) => agrees('BatchWriteItem', { RequestItems: { again: [{ PutRequest: { Item } }] } });
    const both = (operation: string, request: object) =>
      Promise.all([askOurs, askTheirs].map((ask) => ask(operation, request)));
    await both('CreateTable', definition('again'));
    expect((await put(at('1'))).status).toBe(200);
    await both('DeleteTable', { TableName: 'again' });
    await expect.poll(async () => (await askTheirs('DescribeTable', { TableName: 'again' })).status).toBe(400);
    expect((await put(at('1'))).body).toMatchObject({ __type: expect.stringContaining('ResourceNotFound') as string });
    await both('CreateTable', other);
    expect((await put(at('1'))).status).toBe(400);
    expect((await put({ pk: { N: '1' } })).status).toBe(200);
  });
});
