import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { type Delivery } from '../../../local/topics/store.ts';
import { openStore } from '../../../local/store.ts';
import { createTopics, type Topics } from '../../../local/topics/topics.ts';
import { account, region, type Running, temporary } from '../endpoint/harness.ts';

/** What a subscriber was posted. */
export type Post = { headers: IncomingHttpHeaders; body: string; json: () => { [field: string]: string } };

/** A real HTTP server that answers as it is told. */
export type Subscriber = {
  url: string;
  posts: Post[];
  /** the status of the next answers; the last one stays */
  answers: number[];
  close: () => void;
};

export const startSubscriber = async (): Promise<Subscriber> => {
  const posts: Post[] = [];
  const answers = [200];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      posts.push({ headers: request.headers, body, json: () => JSON.parse(body) as { [field: string]: string } });
      response.writeHead((answers.length > 1 ? answers.shift() : answers[0]) ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, posts, answers, close: () => (server.closeAllConnections(), void server.close()) };
};

/** SNS on this machine, with its clock in hand; `restart` is another process on the same data. */
export const startTopics = async () => {
  const place = temporary();
  let now = Date.parse('2026-11-21T12:00:00.000Z');
  let up = await open(place, () => new Date(now));
  return {
    get sns() {
      return new SNSClient(up.endpoint.config);
    },
    store: () => up.topics.store,
    get endpoint() {
      return up.endpoint;
    },
    get lines() {
      return up.lines;
    },
    /** lets time pass, and what is due then begin */
    pass: (ms: number): void => {
      now += ms;
      up.topics.start();
    },
    restart: async (): Promise<void> => {
      await up.close();
      up = await open(place, () => new Date(now));
      up.topics.start();
    },
    deliveries: (): Delivery[] => up.topics.store.messages(100).flatMap(({ id }) => up.topics.store.deliveriesOf(id)),
    topic: async (Attributes = {}): Promise<string> =>
      (await new SNSClient(up.endpoint.config).send(new CreateTopicCommand({ Name: 'sre', Attributes }))).TopicArn ??
      '',
    remove: async (): Promise<void> => {
      await up.close();
      place.remove();
    },
  };
};

type Up = { endpoint: Running; topics: Topics; lines: string[]; close: () => Promise<void> };

const open = async (place: ReturnType<typeof temporary>, now: () => Date): Promise<Up> => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const newId = () => crypto.randomUUID();
  const store = openStore({ dataDir: place.dataDir, account, region, now, newId, log });
  const { world, transaction } = store;
  const toQueue: Running['send'] = (...message) => endpoint.send(...message);
  const topics = createTopics({ world, transaction, toQueue, origin: () => endpoint.url });
  const endpoint = await place.start({ sns: topics.operations }, 0, topics.visit);
  const close = async (): Promise<void> => {
    await topics.stop();
    await store.close();
    await endpoint.close();
  };
  return { endpoint, topics, lines, close };
};

export type TopicsHere = Awaited<ReturnType<typeof startTopics>>;

/** A topic, and a subscriber that nobody has subscribed to it yet. */
export type TopicAndSubscriber = { here: TopicsHere; subscriber: Subscriber; topic: string };

export const startBoth = async (): Promise<TopicAndSubscriber> => {
  const here = await startTopics();
  return { here, subscriber: await startSubscriber(), topic: await here.topic() };
};

export const stopBoth = async ({ here, subscriber }: Omit<TopicAndSubscriber, 'topic'>): Promise<void> => {
  subscriber.close();
  await here.remove();
};

export const subscribe = (
  { sns }: TopicsHere,
  TopicArn: string,
  Endpoint: string,
  Attributes: { [name: string]: string } = {},
  Protocol = 'http',
) => sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));

/** @param attributes texts, such as filter policies ask for */
export const publish = (
  { sns }: TopicsHere,
  TopicArn: string,
  Message: string,
  attributes: { [name: string]: string } = {},
) => {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  return sns.send(new PublishCommand({ TopicArn, Subject: 'a subject', Message, MessageAttributes }));
};
