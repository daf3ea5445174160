import { type Attributes, db, type Store, type Table, type Write } from './dynalite.ts';
import { keyOf } from './plain-request.ts';

/**
 * A request that is carried out past dynalite: only what surely goes well, by dynalite's own rules. Null leaves it to
 * dynalite, with its answer to anything else: what is wrong with an item, a key that is named twice, an unknown table, one
 * with indexes, capacity asked for.
 */
export type Shortcut = (store: Store, request: object) => Promise<object | null>;

type WriteRequest = { PutRequest?: { Item: Attributes }; DeleteRequest?: { Key: Attributes } };
type ByTable<T> = { RequestItems: { [table: string]: T } };

/**
 * Batches are one operation of LevelDB each: dynalite works through them item by item, and reads the table's definition and
 * the item before it writes, so that a batch of 25 costs as much as 25 puts. Writes all, or leaves all to dynalite. DynamoDB
 * promises less: there a batch may be written in part.
 */
export const batchWrite: Shortcut = async (store, request) => {
  const { RequestItems: items, ...more } = request as ByTable<WriteRequest[]>;
  if (Object.keys(more).length > 0) return null;
  const tables: { name: string; writes: Write[] }[] = [];
  for (const [name, requests] of Object.entries(items)) {
    const table = await tableOf(store, name);
    const writes = table === null ? null : writesOf(requests, table);
    if (writes === null) return null;
    tables.push({ name, writes });
  }
  await Promise.all(tables.map(({ name, writes }) => writeAll(store, name, writes)));
  return { UnprocessedItems: {} };
};

/** Tables that were read, by name, until one is made, changed or deleted. */
const known = new Map<string, Table>();
let forgotten = 0;
export const forgetTables = (): void => {
  forgotten += 1;
  known.clear();
};

/** Null where it is not there, or where a write would have to go to its indexes too. */
export const tableOf = async (store: Store, name: string): Promise<Table | null> => {
  const before = forgotten;
  const table = known.get(name) ?? (await readTable(store, name));
  if (table === null || table.GlobalSecondaryIndexes !== undefined || table.LocalSecondaryIndexes !== undefined)
    return null;
  if (before === forgotten) known.set(name, table);
  return table;
};

const readTable = (store: Store, name: string): Promise<Table | null> =>
  new Promise((resolve) =>
    store.getTable(name, false, (error, table) => resolve(error == null && table !== undefined ? table : null)),
  );

const writesOf = (requests: WriteRequest[], table: Table): Write[] | null => {
  const writes = requests.map((request) => writeOf(request, table)).filter((write) => write !== null);
  return new Set(writes.map(({ key }) => key)).size === requests.length ? writes : null;
};

const writeOf = ({ PutRequest: put, DeleteRequest: del }: WriteRequest, table: Table): Write | null => {
  if (put !== undefined && del === undefined && db.validateItem(put.Item, table) == null)
    return { type: 'put', key: keyOf(put.Item, table), value: put.Item };
  if (del !== undefined && put === undefined && db.validateKey(del.Key, table) == null)
    return { type: 'del', key: keyOf(del.Key, table) };
  return null;
};

/** Waits for who has read one of the items to write it. */
const writeAll = (store: Store, table: string, writes: Write[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const items = store.getItemDb(table);
    const keys = writes.map(({ key }) => key);
    items.lock(keys, (release) =>
      items.batch(
        writes,
        release((error) => (error == null ? resolve() : reject(error))),
      ),
    );
  });

type ReadRequest = { Keys: Attributes[]; ConsistentRead?: boolean };

/** Reads all in one look, whether consistent or not. In no order, as DynamoDB. */
export const batchGet: Shortcut = async (store, request) => {
  const { RequestItems: items, ...more } = request as ByTable<ReadRequest>;
  if (Object.keys(more).length > 0) return null;
  const found: [string, Attributes[]][] = [];
  for (const [name, read] of Object.entries(items)) {
    const table = await tableOf(store, name);
    const keys = table === null ? null : keysOf(read, table);
    if (keys === null) return null;
    found.push([name, await readAll(store, name, keys)]);
  }
  return inOneAnswer(store, found) ? { Responses: Object.fromEntries(found), UnprocessedKeys: {} } : null;
};

const keysOf = ({ Keys: keys, ConsistentRead: _, ...more }: ReadRequest, table: Table): string[] | null => {
  if (Object.keys(more).length > 0 || keys.some((key) => db.validateKey(key, table) != null)) return null;
  const places = keys.map((key) => keyOf(key, table));
  return new Set(places).size === keys.length ? places : null;
};

const readAll = async (
  { db: level, lifecycleManager }: Store,
  table: string,
  keys: string[],
): Promise<Attributes[]> => {
  const items = await lifecycleManager.trackOperation(level.getMany(keys.map((key) => `item-${table}~${key}`)));
  return items.filter((item) => item !== undefined).toSorted(() => Math.random() - 0.5);
};

/** Of more than that dynalite leaves keys unprocessed. */
const inOneAnswer = (store: Store, found: [string, Attributes[]][]): boolean => {
  const size = found.flatMap(([, items]) => items).reduce((sum, item) => sum + db.itemSize(item), 0);
  return size <= 1024 * 1024 + store.options.maxItemSize - 3;
};
