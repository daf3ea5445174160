import { parentPort, workerData } from 'node:worker_threads';
import { actionName, actionOf, type Failure, storeAt, validated } from './dynalite.ts';
import { type Shortcut, batchGet, batchWrite, forgetTables } from './dynamodb-batches.ts';
import { putNew } from './dynamodb-puts.ts';
import { isPlainPut, isPlainRead, isPlainWrite } from './plain-request.ts';

/**
 * dynalite, called below its HTTP server: a message in, a message out. It runs on a thread of its own because it
 * throws on internal errors from within callbacks, where nobody can catch; here that ends the thread, and only it.
 */
export type DynamoRequest = { id: number; operation: string; body: string };
export type DynamoReply = { id: number; status: number; body: string };

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
const store = storeAt(path);

const reply = (id: number, status: number, body: unknown): void =>
  port.postMessage({ id, status, body: JSON.stringify(body) } satisfies DynamoReply);

const coral = (name: string): object => ({ __type: `com.amazon.coral.service#${name}` });

const run = ({ id, operation, body }: DynamoRequest): void => {
  if (!operations.has(operation)) return reply(id, 400, coral('UnknownOperationException'));
  const data = parse(body);
  if (data === undefined) return reply(id, 400, coral('SerializationException'));
  const name = actionName(operation);
  const shortcut = shortcuts.get(operation);
  if (shortcut === undefined) return act(id, name, validated(store, name, data));
  const plain = shortcut.isPlain(data as Record<string, unknown>, body.length);
  const checked = plain ? data : validated(store, name, data);
  // What it throws ends the thread, as what dynalite throws does.
  void shortcut.run(store, checked).then((answer) => {
    if (answer !== null) reply(id, 200, answer);
    else orRefuse(id, () => act(id, name, plain ? validated(store, name, data) : checked));
  });
};

const shortcuts = new Map<string, { isPlain: typeof isPlainWrite; run: Shortcut }>([
  ['BatchWriteItem', { isPlain: isPlainWrite, run: batchWrite }],
  ['BatchGetItem', { isPlain: isPlainRead, run: batchGet }],
  ['PutItem', { isPlain: isPlainPut, run: putNew }],
]);

const act = (id: number, name: string, data: object): void =>
  actionOf(name)(store, data, (error, answer) => {
    if (error === null || error === undefined) return whenSettled(name, data, () => reply(id, 200, answer));
    if (error.statusCode === undefined) throw error; // as dynalite does: the state it leaves is not to be trusted
    reply(id, error.statusCode, error.body);
  });

/** Tries, a few milliseconds apart: dynalite makes a table ACTIVE a moment after it has answered. */
const settleTries = 200;

/** Answers to CreateTable and the like are held until the table is ready, so that nobody has to wait and ask. */
const whenSettled = (action: string, data: { TableName?: string }, done: () => void, tries = settleTries): void => {
  if (!action.endsWith('Table') || action === 'describeTable') return done();
  store.getTable(data.TableName ?? '', false, (error, table) => {
    const settled = error === null || error === undefined ? table?.TableStatus === 'ACTIVE' : true;
    if (!settled && tries > 0) return void setTimeout(() => whenSettled(action, data, done, tries - 1), 5);
    forgetTables();
    done();
  });
};

const parse = (body: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** What is wrong with a request is its answer; whatever else is thrown ends the thread. */
const orRefuse = (id: number, work: () => void): void => {
  try {
    work();
  } catch (error) {
    const { statusCode, body } = error as Failure;
    if (statusCode === undefined) throw error;
    reply(id, statusCode, body);
  }
};

port.on('message', (message: DynamoRequest | 'close') => {
  if (message === 'close') {
    void store.lifecycleManager.gracefulClose().finally(() => port.close());
    return;
  }
  orRefuse(message.id, () => run(message));
});

await store.db.open();
port.postMessage('ready');
