import { createRequire } from 'node:module';

/**
 * What of dynalite is used below its HTTP server. It has no `exports` map and its version is pinned exactly, so these
 * paths and shapes stand.
 */
const require = createRequire(import.meta.url);

export type Failure = Error & { statusCode?: number; body?: unknown };
type Done<T> = (error?: Failure | null, answer?: T) => void;

/** An operation: a request that was validated in, an answer out. */
export type Action = (store: Store, data: object, done: Done<object>) => void;

/** Attributes by name, each `{ S: 'text' }` and the like, as on the wire. */
export type Attributes = { [name: string]: object };

export type Table = {
  TableStatus: string;
  KeySchema: { AttributeName: string }[];
  GlobalSecondaryIndexes?: unknown[];
  LocalSecondaryIndexes?: unknown[];
};

export type Write = { type: 'put'; key: string; value: Attributes } | { type: 'del'; key: string };

/** The items of a table by key, on LevelDB. Who reads an item and writes it then holds the lock of its key. */
export type ItemDb = {
  batch(writes: Write[], done: Done<void>): void;
  lock(keys: string[], work: (release: (done: Done<void>) => Done<void>) => void): void;
};

/** Reads on through LevelDB as it was when it was made. Until it is closed, LevelDB keeps all that it might still read. */
export type Iterator = { close(): Promise<void>; next(): Promise<unknown> };

export type Level = {
  open(): Promise<void>;
  getSync(key: string): Attributes | undefined;
  getMany(keys: string[]): Promise<(Attributes | undefined)[]>;
  keys(options?: object): Iterator;
  values(options?: object): Iterator;
};

export type Store = {
  options: { maxItemSize: number };
  db: Level;
  lifecycleManager: { gracefulClose(): Promise<void>; trackOperation<T>(operation: Promise<T>): Promise<T> };
  getTable(name: string, onlyActive: boolean, done: Done<Table>): void;
  getItemDb(table: string): ItemDb;
};

type Db = {
  create(options: object): Store;
  /** answer what is wrong, or nothing */
  validateItem(item: Attributes, table: Table): Failure | null | undefined;
  validateKey(key: Attributes, table: Table): Failure | null | undefined;
  createKey(item: Attributes, table: Table): string;
  itemSize(item: Attributes): number;
};

type Validation = { types: object; custom?: unknown };
type Validations = {
  toLowerFirst(text: string): string;
  checkTypes(data: object, types: object): object;
  checkValidations(data: object, types: object, custom: unknown, store: object): void;
};

export const db = require('dynalite/db') as Db;
const validations = require('dynalite/validations') as Validations;

/** The store that is on disk at `path`, or will be; its database is not open yet. */
export const storeAt = (path: string): Store => {
  const store = db.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  for (const kind of ['keys', 'values'] as const) store.db[kind] = closable(store.db[kind].bind(store.db));
  return store;
};

/**
 * dynalite ends what it reads by `return`, which iterators of abstract-level 3 do not have: without it each Query and each
 * Scan left one open for ever, with its memory and every file that LevelDB had replaced since.
 */
const closable =
  (make: Level['keys']): Level['keys'] =>
  (options) => {
    const iterator = make(options);
    return Object.assign(iterator, { return: () => iterator.close() });
  };

/** `BatchGetItem` is `batchGetItem` in names of files. */
export const actionName = (operation: string): string => validations.toLowerFirst(operation);

export const actionOf = (name: string): Action => require(`dynalite/actions/${name}`) as Action;

/** @throws Failure saying what is wrong with a request, with the status and body of the answer */
export const validated = (store: Store, name: string, data: object): object => {
  const { types, custom } = require(`dynalite/validations/${name}`) as Validation;
  const checked = validations.checkTypes(data, types);
  validations.checkValidations(checked, types, custom, store);
  return checked;
};
