import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import { buildApp, type BuildAppOptions } from 'fauxqs';
import { refusalOf } from './s3-conditions.ts';

export type Queues = {
  /** Answers a request of SQS, S3 or STS. */
  handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Names `http://host:port` in the URLs of all queues, those of an earlier start included. */
  rehome: (origin: string) => void;
  /** Puts a message in a queue as SendMessage does; @throws Error in SQS's words when the queue does not take it */
  send: (queueName: string, body: string, attributes?: MessageAttributes) => Promise<void>;
  close: () => Promise<void>;
};

/** As SendMessage takes them. */
type MessageAttributes = { [name: string]: { DataType: string; StringValue?: string; BinaryValue?: string } };

type SqsQueue = { name: string; url: string; persistence?: Persistence };
type SqsStore = {
  host: string;
  queues: Map<string, SqsQueue>;
  allQueues(): Iterable<SqsQueue>;
  persistence?: Persistence;
};
type OtherStore = { persistence?: Persistence };
type Persistence = {
  db: DatabaseSync;
  load(sqs: SqsStore, sns: OtherStore, s3: OtherStore): void;
  updateMessageReady(messageId: string): void;
  close(): void;
};
type S3Store = OtherStore & { headObject(bucket: string, key: string): unknown };
type Stores = { sqsStore: SqsStore; snsStore: OtherStore; s3Store: S3Store };

/** fauxqs knows one account, whatever it is told. */
const account = '000000000000';

/**
 * SQS and S3 on one machine: fauxqs on disk under `dir`, without a server of its own (that one would listen on
 * every interface). Put together as its `startFauxqs` does, from the same parts; the version is pinned exactly.
 */
export const openQueues = async ({ dir, region }: { dir: string; region: string }): Promise<Queues> => {
  mkdirSync(dir, { recursive: true });
  const { stores, persistence } = await openStores(dir);
  const app = buildApp({
    logger: false,
    defaultRegion: region,
    stores: stores as unknown as BuildAppOptions['stores'] & {},
  });
  app.addHook('preClose', (done) => {
    persistence.close();
    done();
  });
  // Between this and the write nothing else is done: fauxqs takes an object at once.
  app.addHook('preHandler', (request, reply, done) => {
    const refused = refusalOf(request, (bucket, key) => hasObject(stores.s3Store, bucket, key));
    if (refused === null) done();
    else void reply.code(refused.status).type('application/xml').send(refused.xml);
  });
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    rehome: (origin) => rehome(stores.sqsStore, origin),
    send: async (queueName, body, attributes = {}) => {
      const { statusCode, payload } = await app.inject(sendRequest(queueName, body, attributes));
      if (statusCode !== 200) throw new Error(`queue ${queueName} did not take a message: ${payload}`);
    },
    close: () => app.close(),
  };
};

/** It throws where there is none. */
const hasObject = (store: S3Store, bucket: string, key: string): boolean => {
  try {
    store.headObject(bucket, key);
    return true;
  } catch {
    return false;
  }
};

const sendRequest = (queueName: string, body: string, MessageAttributes: MessageAttributes) => ({
  method: 'POST' as const,
  url: '/',
  headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' },
  payload: JSON.stringify({
    QueueUrl: `http://127.0.0.1/${account}/${queueName}`,
    MessageBody: body,
    MessageAttributes,
  }),
});

/** Its parts are not among the package's exports; they are found beside the file that is. */
const partOf = async <Part>(file: string, name: string): Promise<Part> => {
  const module = (await import(new URL(file, import.meta.resolve('fauxqs')).href)) as { [name: string]: unknown };
  return module[name] as Part;
};

const openStores = async (dir: string): Promise<{ stores: Stores; persistence: Persistence }> => {
  const Database = await partOf<new (dir: string) => Persistence>('./persistence.js', 'PersistenceManager');
  const Sqs = await partOf<new () => SqsStore>('./sqs/sqsStore.js', 'SqsStore');
  const Sns = await partOf<new () => OtherStore>('./sns/snsStore.js', 'SnsStore');
  const S3 = await partOf<new () => S3Store>('./s3/s3Store.js', 'S3Store');
  const persistence = new Database(dir);
  repairDatabase(persistence);
  repairCharacters(await partOf<RegExp>('./sqs/sqsTypes.js', 'INVALID_MESSAGE_BODY_CHAR'));
  const stores = { sqsStore: new Sqs(), snsStore: new Sns(), s3Store: new S3() };
  stores.sqsStore.host = ''; // so that queue URLs name the host they were asked at
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store); // before it is set: loading must not write
  for (const store of Object.values(stores)) store.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  return { stores, persistence };
};

/**
 * What fauxqs 2.4.1 gets wrong for us. Making a message visible at once writes a null where its own table allows
 * none: the call fails and the message is gone from memory. And a message in flight at a restart was held by a
 * process that is gone with this one, so there is no reason to wait for its visibility timeout.
 */
const repairDatabase = (persistence: Persistence): void => {
  const release = 'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL';
  persistence.db.exec('PRAGMA synchronous = NORMAL'); // as in the stand-ins' own store
  persistence.db.exec(release);
  const releaseOne = persistence.db.prepare(`${release} WHERE message_id = ?`);
  persistence.updateMessageReady = (messageId) => void releaseOne.run(messageId);
};

/** It also takes each half of a character beyond U+FFFF, such as an emoji, for an invalid one. */
const repairCharacters = (invalid: RegExp): void => {
  // oxlint-disable-next-line no-control-regex
  const truly = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
  invalid.test = (text) => truly.test(text);
};

const rehome = (store: SqsStore, origin: string): void => {
  const queues = [...store.allQueues()];
  store.queues.clear();
  for (const queue of queues) {
    queue.url = `${origin}/${account}/${queue.name}`;
    store.queues.set(queue.url, queue);
  }
};
