import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  ConditionalCheckFailedException,
  type CreateTableCommandInput,
  DynamoDBClient,
  type DynamoDBClientConfig,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import { TryAgain } from '../../shared/watch/failure.ts';
import { clientConfig } from './aws-clients.ts';
import type { Environment } from './environment.ts';

/** The trail's table: one for segments, markers, cursors, timers and rows. */
export const tableDefinition = (TableName: string): CreateTableCommandInput => ({
  TableName,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  // Only wakes the readers: keys are enough, they read the lane itself.
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
});

export type Item = { [attribute: string]: unknown };
export type Key = { pk: string; sk: string };

/** A client and the table it works on. */
export type Table = { client: DynamoDBClient; name: string };

/**
 * The table of an environment. All who work on it share a client and its connections; who calls another number of times
 * than clients do (`maxAttempts`) has a client of its own, over the same connections.
 */
export const tableOf = (environment: Environment, { maxAttempts }: { maxAttempts?: number } = {}): Table => {
  const shared = clients.get(environment) ?? clientOf(clientConfig(environment));
  clients.set(environment, shared);
  const own = { ...clientConfig(environment), requestHandler: shared.config.requestHandler };
  const client = maxAttempts === undefined ? shared : clientOf({ ...own, maxAttempts });
  return { client, name: environment.table };
};

const clients = new WeakMap<Environment, DynamoDBClient>();

/** The SDK's logging copies every item sent and received, even for a log that nobody reads: it is left out. */
const clientOf = (config: DynamoDBClientConfig): DynamoDBClient => {
  const client = new DynamoDBClient(config);
  client.middlewareStack.remove('loggerMiddleware');
  return client;
};

export const toItem = (item: Item) => marshall(item, { removeUndefinedValues: true, convertClassInstanceToMap: true });
export const fromItem = unmarshall;

const writesAtOnce = 25;
const readsAtOnce = 100;
/** Batches of one call that are under way together. */
const batchesAtOnce = 4;
/** Rounds for what a batch left unprocessed; the wait doubles from 10 ms. */
const rounds = 10;

/**
 * Puts items, unconditionally and in no order; returns when every one of them is written. DynamoDB refuses a batch
 * that names a key twice: of two items under one key the last is put.
 */
export const putAll = async (table: Table, given: (Item & Key)[]): Promise<void> => {
  const items = [...new Map(given.map((item) => [`${item.pk}\n${item.sk}`, item])).values()];
  const requests: Writes = items.map((item) => ({ PutRequest: { Item: toItem(item) } }));
  await inBatches(requests, writesAtOnce, (batch) => untilEmpty(batch, 'written', (left) => writeBatch(table, left)));
};

type Writes = NonNullable<BatchWriteItemCommandInput['RequestItems']>[string];

/** Answers what was left unprocessed. */
const writeBatch = async ({ client, name }: Table, requests: Writes): Promise<Writes> => {
  const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
  return answer.UnprocessedItems?.[name] ?? [];
};

/** Works through all of them, so many in a batch, a few batches at a time and in no order. */
export const inBatches = async <T>(all: T[], size: number, work: (batch: T[]) => Promise<void>): Promise<void> => {
  const starts = Array.from({ length: Math.ceil(all.length / size) }, (_, n) => n * size).values();
  const worker = async (): Promise<void> => {
    for (const start of starts) await work(all.slice(start, start + size));
  };
  await Promise.all(Array.from({ length: batchesAtOnce }, worker));
};

/** Asks again for what a throttled table left, a limited number of times. */
const untilEmpty = async <T>(batch: T[], done: string, ask: (left: T[]) => Promise<T[]>): Promise<void> => {
  let left = batch;
  for (let round = 0; left.length > 0; round += 1) {
    if (round >= rounds) throw new TryAgain(`${left.length} items could not be ${done}`);
    if (round > 0) await pause(10 * 2 ** round);
    left = await ask(left);
  }
};

/** Puts an item if the condition holds; answers whether it did. */
export const putIf = async ({ client, name }: Table, item: Item & Key, more: Condition): Promise<boolean> => {
  const put = new PutItemCommand({ TableName: name, Item: toItem(item), ...more });
  return (await refusedAsNull(client.send(put))) !== null;
};

/** Changes an item if the condition holds; answers the item as it is then, or null where it did not. */
export const updateIf = async (
  { client, name }: Table,
  key: Key,
  more: Condition & Pick<UpdateItemCommandInput, 'UpdateExpression'>,
): Promise<Item | null> => {
  const update = new UpdateItemCommand({ TableName: name, Key: toItem(key), ReturnValues: 'ALL_NEW', ...more });
  const answer = await refusedAsNull(client.send(update));
  return answer === null ? null : fromItem(answer.Attributes ?? {});
};

/** Without an expression the condition always holds. */
type Condition = Pick<
  UpdateItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

const refusedAsNull = async <T>(sent: Promise<T>): Promise<T | null> => {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
};

/**
 * Reads items by a query, strongly consistent, in its order. DynamoDB answers at most 1 MB at a time: this goes on
 * until there are `limit` items or no more.
 */
export const queryAll = async ({ client, name }: Table, query: Query, limit: number): Promise<Item[]> => {
  const found: Item[] = [];
  let from: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const Limit = limit - found.length;
    const answer: QueryCommandOutput = await client.send(
      new QueryCommand({ ...query, TableName: name, ConsistentRead: true, Limit, ExclusiveStartKey: from }),
    );
    found.push(...(answer.Items ?? []).map((item) => fromItem(item)));
    from = answer.LastEvaluatedKey;
  } while (from !== undefined && found.length < limit);
  return found;
};

export type Query = Pick<
  QueryCommandInput,
  'KeyConditionExpression' | 'ExpressionAttributeValues' | 'ScanIndexForward'
>;

/** Reads items by key, strongly consistent; absent ones are left out. An unanswered key is never an absent one. */
export const getAll = async ({ client, name }: Table, wanted: Key[]): Promise<Item[]> => {
  const found: Item[] = [];
  const readBatch = async (Keys: ReturnType<typeof toItem>[]): Promise<ReturnType<typeof toItem>[]> => {
    const RequestItems = { [name]: { Keys, ConsistentRead: true } };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems }));
    found.push(...(answer.Responses?.[name] ?? []).map((item) => fromItem(item)));
    return answer.UnprocessedKeys?.[name]?.Keys ?? [];
  };
  const keys = wanted.map((key) => toItem(key));
  await inBatches(keys, readsAtOnce, (batch) => untilEmpty(batch, 'read', readBatch));
  return found;
};
