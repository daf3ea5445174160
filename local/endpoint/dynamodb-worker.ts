import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * dynalite, called below its HTTP server: a message in, a message out. It runs on a thread of its own because it
 * throws on internal errors from within callbacks, where nobody can catch; here that ends the thread, and only it.
 * dynalite has no `exports` map and its version is pinned exactly, so these paths stand.
 */
const require = createRequire(import.meta.url);

export type DynamoRequest = { id: number; operation: string; body: string };
export type DynamoReply = { id: number; status: number; body: string };

type Failure = Error & { statusCode?: number; body?: unknown };
type Action = (store: object, data: object, done: (error: Failure | null, data?: object) => void) => void;
type Validation = { types: object; custom?: unknown };
type Store = {
  db: { open(): Promise<void> };
  lifecycleManager: { gracefulClose(): Promise<void> };
  getTable(
    name: string,
    onlyActive: boolean,
    done: (error: Failure | null, table?: { TableStatus: string }) => void,
  ): void;
};
type Db = { create(options: object): Store };
type Validations = {
  toLowerFirst(text: string): string;
  checkTypes(data: object, types: object): object;
  checkValidations(data: object, types: object, custom: unknown, store: object): void;
};

const db = require('dynalite/db') as Db;
const validations = require('dynalite/validations') as Validations;
const port = parentPort;
if (port === null) throw new Error('this file is a worker');

/** What dynalite's own HTTP server offers, `validOperations` in its index.js. */
const operations = new Set(
  (
    'BatchGetItem BatchWriteItem CreateTable DeleteItem DeleteTable DescribeTable DescribeTimeToLive GetItem ListTables PutItem ' +
    'Query Scan TagResource UntagResource ListTagsOfResource UpdateItem UpdateTable'
  ).split(' '),
);

const { path } = workerData as { path: string };
const store = db.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

const reply = (id: number, status: number, body: unknown): void =>
  port.postMessage({ id, status, body: JSON.stringify(body) } satisfies DynamoReply);

const coral = (name: string): object => ({ __type: `com.amazon.coral.service#${name}` });

const run = ({ id, operation, body }: DynamoRequest): void => {
  if (!operations.has(operation)) return reply(id, 400, coral('UnknownOperationException'));
  const data = parse(body);
  if (data === undefined) return reply(id, 400, coral('SerializationException'));
  const name = validations.toLowerFirst(operation);
  const action = require(`dynalite/actions/${name}`) as Action;
  action(store, validated(name, data), (error, answer) => {
    if (error === null || error === undefined) return whenSettled(name, data, () => reply(id, 200, answer));
    if (error.statusCode === undefined) throw error; // as dynalite does: the state it leaves is not to be trusted
    reply(id, error.statusCode, error.body);
  });
};

/** Tries, a few milliseconds apart: dynalite makes a table ACTIVE a moment after it has answered. */
const settleTries = 200;

/** Answers to CreateTable and the like are held until the table is ready, so that nobody has to wait and ask. */
const whenSettled = (action: string, data: { TableName?: string }, done: () => void, tries = settleTries): void => {
  if (!action.endsWith('Table') || action === 'describeTable' || tries === 0) return done();
  store.getTable(data.TableName ?? '', false, (error, table) => {
    const settled = error === null || error === undefined ? table?.TableStatus === 'ACTIVE' : true;
    if (settled) done();
    else setTimeout(() => whenSettled(action, data, done, tries - 1), 5);
  });
};

const validated = (name: string, data: object): object => {
  const { types, custom } = require(`dynalite/validations/${name}`) as Validation;
  const checked = validations.checkTypes(data, types);
  validations.checkValidations(checked, types, custom, store);
  return checked;
};

const parse = (body: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

port.on('message', (message: DynamoRequest | 'close') => {
  if (message === 'close') {
    void store.lifecycleManager.gracefulClose().finally(() => port.close());
    return;
  }
  try {
    run(message);
  } catch (error) {
    const { statusCode, body } = error as Failure;
    if (statusCode === undefined) throw error;
    reply(message.id, statusCode, body);
  }
});

await store.db.open();
port.postMessage('ready');
