import { join } from 'node:path';
import { AwsError, type Operations } from '../endpoint/operations.ts';
import type { Answer } from '../endpoint/wire/call.ts';
import type { Transaction, World } from '../world.ts';
import type { SignatureVersion } from './signer.ts';
import { createRelay, type RelayOptions } from './relay.ts';
import { openSigner, type Signer } from './signer.ts';
import { openTopicStore, type TopicStore } from './store.ts';
import { publish } from './publish.ts';
import { subscriptionOperations } from './subscriptions.ts';
import { topicOperations } from './topic-operations.ts';
import { visit } from './visit.ts';

export type Topics = {
  operations: Operations;
  /** answers who follows a link of a message: to confirm, to unsubscribe, or for the certificate; null for any other address */
  visit: (path: string) => Answer | null;
  store: TopicStore;
  /** begins to deliver, leftovers of an earlier process first */
  start: () => void;
  stop: () => Promise<void>;
};

export type TopicsOptions = {
  world: World;
  transaction: Transaction;
  toQueue: RelayOptions['toQueue'];
  /** `http://host:port` of the endpoint, once it listens: where links of messages lead */
  origin: () => string;
};

/**
 * SNS on one machine: topics, subscriptions over HTTP, to queues and to the inbox, and a relay that delivers from what it
 * keeps on disk. Messages are signed with a key of this machine, whose certificate is served beside.
 */
export const createTopics = ({ world, transaction, toQueue, origin }: TopicsOptions): Topics => {
  const store = openTopicStore(world.db);
  const signer = openSigner(join(world.dataDir, 'topics'), world.now);
  const { now, log } = world;
  const sealing = (topic: string) => ({ signer, origin: origin(), version: versionOf(store, topic) });
  const relay = createRelay({ store, toQueue, sealing, now, log });
  const here = { world, transaction, store, wake: relay.wake };
  const operations = {
    ...topicOperations(world, store),
    ...subscriptionOperations(here),
    Publish: (input: Parameters<typeof publish>[1]) => publish(here, input),
  };
  return { operations, visit: (path) => visited(operations, signer, path), store, start: relay.wake, stop: relay.stop };
};

const versionOf = (store: TopicStore, topic: string): SignatureVersion =>
  store.topic(topic)?.attributes['SignatureVersion'] === '2' ? '2' : '1';

const visited = (operations: Operations, signer: Signer, path: string): Answer | null => {
  try {
    return visit(operations, signer, path);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { status: error.status, headers: plainText, body: `${error.code}: ${error.message}\n` };
  }
};

const plainText = { 'content-type': 'text/plain; charset=utf-8' };
