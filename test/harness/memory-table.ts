import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, Table } from '../../functions/support/dynamo-table.ts';

/** What a table under strain does; each is a chance from 0 to 1. */
export type Strain = {
  /** a batch is done in part */
  unprocessed: number;
  /** a request is refused, after the SDK's own tries */
  throttled: number;
  /** a put is done and its reply never comes */
  lost: number;
};

/** `refused` counts the requests that were refused. */
type MemoryTable = { table: Table; items: () => Item[]; refused: () => number };

type Attributes = { [attribute: string]: AttributeValue };

/**
 * DynamoDB in memory, as far as the trail asks it: conditional puts of one item, batches that may be left in part,
 * queries of one partition, forwards and backwards. Each request is answered in a later turn, so that writers interleave.
 */
export const memoryTable = (random: () => number, strain: Strain): MemoryTable => {
  const partitions = new Map<string, Map<string, Attributes>>();
  const at = (key: Attributes): [string, string] => [key['pk']?.S ?? '', key['sk']?.S ?? ''];
  const get = (key: Attributes): Attributes | undefined => partitions.get(at(key)[0])?.get(at(key)[1]);
  const put = (item: Attributes): void => {
    const [pk, sk] = at(item);
    if (!partitions.has(pk)) partitions.set(pk, new Map());
    partitions.get(pk)?.set(sk, item);
  };
  let refused = 0;
  const happens = (chance: number): boolean => random() < chance;
  /** How many of a batch are done: all, or some of them. */
  const done = (count: number): number => (happens(strain.unprocessed) ? Math.floor(random() * count) : count);

  const putOne = ({ input }: PutItemCommand): object => {
    const item = input.Item ?? {};
    if (input.ConditionExpression === undefined) throw new Error('the trail puts on a condition');
    if (get(item) !== undefined)
      throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
    put(item);
    if (happens(strain.lost)) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    return {};
  };
  const writeBatch = ({ input }: BatchWriteItemCommand): object => {
    const [[name, requests] = ['', []]] = Object.entries(input.RequestItems ?? {});
    if (requests.length > 25) throw new Error('a batch writes at most 25 items');
    const count = done(requests.length);
    for (const { PutRequest } of requests.slice(0, count)) put(PutRequest?.Item ?? {});
    return { UnprocessedItems: count === requests.length ? {} : { [name]: requests.slice(count) } };
  };
  const readBatch = ({ input }: BatchGetItemCommand): object => {
    const [[name, { Keys, ConsistentRead }] = ['', { Keys: undefined, ConsistentRead: false }]] = Object.entries(
      input.RequestItems ?? {},
    );
    if (Keys === undefined || Keys.length > 100 || ConsistentRead !== true)
      throw new Error('a batch reads at most 100 keys, consistently');
    const count = done(Keys.length);
    const Responses = {
      [name]: Keys.slice(0, count)
        .map(get)
        .filter((item) => item !== undefined),
    };
    return { Responses, UnprocessedKeys: count === Keys.length ? {} : { [name]: { Keys: Keys.slice(count) } } };
  };
  const query = ({ input }: QueryCommand): object => {
    const { ':pk': pk, ':sk': sk } = unmarshall(input.ExpressionAttributeValues ?? {}) as { [name: string]: string };
    const forward = input.ScanIndexForward !== false;
    const sorted = [...(partitions.get(pk ?? '') ?? [])].sort(([a], [b]) => (a < b === forward ? -1 : 1));
    const within = sorted.filter(([key]) => (forward ? key >= (sk ?? '') : key <= (sk ?? '')));
    return { Items: within.slice(0, input.Limit).map(([, item]) => item) };
  };

  const answer = (command: unknown): object => {
    if (command instanceof PutItemCommand) return putOne(command);
    if (command instanceof BatchWriteItemCommand) return writeBatch(command);
    if (command instanceof BatchGetItemCommand) return readBatch(command);
    if (command instanceof QueryCommand) return query(command);
    throw new Error('the trail asks nothing else');
  };
  const send = async (command: unknown): Promise<object> => {
    for (let turns = Math.floor(random() * 4); turns >= 0; turns -= 1) await Promise.resolve();
    if (happens(strain.throttled)) {
      refused += 1;
      throw Object.assign(new Error('The level of configured throughput was exceeded'), {
        name: 'ProvisionedThroughputExceededException',
      });
    }
    return answer(command);
  };
  return {
    refused: () => refused,
    table: { client: { send } as unknown as DynamoDBClient, name: 'memory' },
    items: () =>
      [...partitions.values()].flatMap((partition) => [...partition.values()].map((item) => unmarshall(item))),
  };
};
