import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A table that answers at once, in a process of its own: what the bench asks of one, kept in memory, without looking
 * requests over. It shows what a writer costs where the store is not what is waited for. It is nobody's stand-in for
 * DynamoDB: of conditions it knows only "nothing is there yet", and holds every other for true.
 */
type Item = object;
type Key = { pk: { S: string }; sk: { S: string } };
type Request = {
  TableName: string;
  Item: Item & Key;
  Key: Key;
  ConditionExpression?: string;
  RequestItems: { [table: string]: { PutRequest: { Item: Item & Key } }[] & { Keys: Key[] } };
  KeyConditionExpression: string;
  ExpressionAttributeValues: { [name: string]: { S: string } };
  ScanIndexForward?: boolean;
  Limit: number;
};

/** Of each table, the items of each partition by sort key. */
const tables = new Map<string, Map<string, Map<string, Item>>>();
const partition = (table: string, pk: string): Map<string, Item> => {
  const partitions = tables.get(table) ?? new Map<string, Map<string, Item>>();
  tables.set(table, partitions);
  const items = partitions.get(pk) ?? new Map<string, Item>();
  partitions.set(pk, items);
  return items;
};
const put = (table: string, item: Item & Key): void => void partition(table, item.pk.S).set(item.sk.S, item);
const get = (table: string, { pk, sk }: Key): Item[] => {
  const found = tables.get(table)?.get(pk.S)?.get(sk.S);
  return found === undefined ? [] : [found];
};

const query = (request: Request): Item[] => {
  const { KeyConditionExpression: condition, ExpressionAttributeValues: values, ScanIndexForward } = request;
  const [, operator, name] = /sk (>=|<=|<) (:\w+)/.exec(condition) ?? [];
  const bound = name === undefined ? '' : (values[name]?.S ?? '');
  const holds = (sk: string): boolean =>
    operator === undefined || (operator === '>=' ? sk >= bound : operator === '<=' ? sk <= bound : sk < bound);
  const items = partition(request.TableName, values[':pk']?.S ?? '');
  const found = [...items.keys()].filter(holds).toSorted();
  const inOrder = ScanIndexForward === false ? found.toReversed() : found;
  return inOrder.slice(0, request.Limit).flatMap((sk) => items.get(sk) ?? []);
};

const refused = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'refused' };

const answers: { [operation: string]: (request: Request) => object } = {
  CreateTable: () => ({}),
  DescribeTable: () => ({ Table: { TableStatus: 'ACTIVE' } }),
  PutItem: ({ TableName, Item: item, ConditionExpression }) => {
    if (ConditionExpression === 'attribute_not_exists(pk)' && get(TableName, item).length > 0) return refused;
    put(TableName, item);
    return {};
  },
  UpdateItem: () => ({ Attributes: {} }),
  BatchWriteItem: ({ RequestItems }) => {
    for (const [table, writes] of Object.entries(RequestItems))
      for (const { PutRequest } of writes) put(table, PutRequest.Item);
    return { UnprocessedItems: {} };
  },
  BatchGetItem: ({ RequestItems }) => ({
    Responses: Object.fromEntries(
      Object.entries(RequestItems).map(([table, { Keys }]) => [table, Keys.flatMap((key) => get(table, key))]),
    ),
    UnprocessedKeys: {},
  }),
  Query: (request) => ({ Items: query(request) }),
};

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const answer = answers[operation]?.(JSON.parse(Buffer.concat(parts).toString()) as Request);
    response.writeHead(answer === undefined || answer === refused ? 400 : 200, {
      'content-type': 'application/x-amz-json-1.0',
    });
    response.end(JSON.stringify(answer ?? { __type: 'UnknownOperationException' }));
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit(0));
