import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { DynamoReply, DynamoRequest } from './dynamodb-worker.ts';

export type DynamoDb = {
  /** @returns the HTTP status and the JSON body of the answer; 500 when dynalite failed inside */
  call: (operation: string, body: string) => Promise<{ status: number; body: string }>;
  close: () => Promise<void>;
};

type Options = { dir: string; account: string; region: string; log: (line: string) => void };
type Waiting = Map<number, (reply: DynamoReply) => void>;
type Thread = { worker: Worker; waiting: Waiting; ready: Promise<void>; ended: Promise<void> };

/** MB. It keeps nothing between requests: without a limit V8 would let garbage grow to many times this. */
const heapLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 96 };

const failure = JSON.stringify({
  __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
  message: 'the local DynamoDB failed while it worked on this; the terminal says why',
});

/**
 * DynamoDB on one machine: dynalite on disk under `dir`, on a thread of its own. When that thread dies, all it was
 * asked is answered with 500, and the next request starts another on the same data.
 *
 * @throws when the database cannot be opened, e.g. because another process has it
 */
export const startDynamoDb = async (options: Options): Promise<DynamoDb> => {
  mkdirSync(options.dir, { recursive: true });
  let thread: Thread | undefined;
  let nextId = 0;
  let closed = false;

  const start = (): Thread => {
    const started = startThread(options);
    void started.ended.then(() => {
      thread = undefined;
    });
    return started;
  };

  const current = async (): Promise<Thread | undefined> => {
    if (closed) return undefined;
    const running = (thread ??= start());
    await running.ready;
    return running;
  };

  await current();
  return {
    call: async (operation, body) => {
      const running = await current().catch(() => undefined);
      if (running === undefined) return { status: 500, body: failure };
      return ask(running, { id: (nextId += 1), operation, body });
    },
    close: async () => {
      closed = true;
      thread?.worker.postMessage('close');
      await thread?.ended;
    },
  };
};

const ask = ({ worker, waiting }: Thread, request: DynamoRequest): Promise<DynamoReply> =>
  new Promise((resolve) => {
    waiting.set(request.id, resolve);
    worker.postMessage(request);
  });

const startThread = ({ dir, account, region, log }: Options): Thread => {
  const waiting: Waiting = new Map();
  const worker = new Worker(new URL('./dynamodb-worker.ts', import.meta.url), {
    workerData: { path: dir },
    resourceLimits: heapLimits,
    env: { AWS_ACCOUNT_ID: account, AWS_REGION: region },
  });
  const { promise: ready, resolve: opened, reject } = Promise.withResolvers<void>();
  ready.catch(() => undefined); // who asks is told; nobody may be asking
  worker.on('message', (message: DynamoReply | 'ready') => {
    if (message === 'ready') return opened();
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  worker.on('error', (error: Error) => {
    log(`DynamoDB failed inside and starts again: ${error.message}`);
    reject(error);
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      reject(new Error('the local DynamoDB has ended'));
      for (const [id, answer] of waiting) answer({ id, status: 500, body: failure });
      waiting.clear();
      resolve();
    });
  });
  return { worker, waiting, ready, ended };
};
