import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { actionOf, type Iterator, type Store, storeAt, validated } from '../../../local/endpoint/dynalite.ts';

const dir = mkdtempSync(join(tmpdir(), 'dynalite-'));
const made: Iterator[] = [];
let store: Store;

const ask = (action: string, request: object): Promise<object> =>
  new Promise((resolve, reject) =>
    actionOf(action)(store, validated(store, action, request), (error, answer) =>
      error == null ? resolve(answer ?? {}) : reject(error),
    ),
  );

const query = (more: object) => ({
  TableName: 'plain',
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'a' } },
  ...more,
});

const isActive = (described: object): void => expect(described).toMatchObject({ Table: { TableStatus: 'ACTIVE' } });

beforeAll(async () => {
  store = storeAt(join(dir, 'data'));
  for (const kind of ['keys', 'values'] as const) {
    const make = store.db[kind].bind(store.db);
    store.db[kind] = (options) => made[made.push(make(options)) - 1] as Iterator;
  }
  await store.db.open();
  const [pk, sk] = ['pk', 'sk'];
  await ask('createTable', {
    TableName: 'plain',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: pk, KeyType: 'HASH' },
      { AttributeName: sk, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [pk, sk].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  });
  await vi.waitFor(() => ask('describeTable', { TableName: 'plain' }).then(isActive));
  for (const n of ['1', '2', '3']) await ask('putItem', { TableName: 'plain', Item: { pk: { S: 'a' }, sk: { S: n } } });
});
afterAll(async () => {
  await store.lifecycleManager.gracefulClose();
  rmSync(dir, { recursive: true });
});

describe('what is read through is let go of', () => {
  it.each([
    ['to its end', 'query', query({}), 3],
    ['as far as was asked', 'query', query({ Limit: 1, ScanIndexForward: false }), 1],
    ['where nothing is found', 'query', query({ ExpressionAttributeValues: { ':pk': { S: 'nobody' } } }), 0],
    ['whole', 'scan', { TableName: 'plain' }, 3],
    ['in part', 'scan', { TableName: 'plain', Limit: 2 }, 2],
  ])('%s, by a %s', async (_, action, request, Count) => {
    const before = made.length;
    expect(await ask(action, request)).toMatchObject({ Count });
    const [iterator, ...more] = made.slice(before);
    expect(more).toEqual([]);
    // Reading on says it: LevelDB has nothing open for it any more.
    await expect
      .poll(() => iterator?.next().catch(({ code }: { code: string }) => code))
      .toBe('LEVEL_ITERATOR_NOT_OPEN');
  });
});
