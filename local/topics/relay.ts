import { createHash } from 'node:crypto';
import type { Attributes } from './filter-policy.ts';
import { queueIn, readDeliveryPolicy, readRedrivePolicy } from './delivery-policy.ts';
import { confirmationOf, notificationOf, type Sealing } from './envelope.ts';
import { post, type Posted } from './post.ts';
import { delayAfter, queueRetries, type RetryPolicy } from './retry-policy.ts';
import type { Delivery, Message, Subscription, TopicStore } from './store.ts';

export type RelayOptions = {
  store: TopicStore;
  /** puts a message in a queue of this machine; throws when it is not taken */
  toQueue: (queue: string, body: string, attributes?: Attributes) => Promise<void>;
  sealing: (topic: string) => Sealing;
  now: () => Date;
  log: (line: string) => void;
};

export type Relay = { wake: () => void; stop: () => Promise<void> };

/** How long after the store failed it is asked again (ms). */
const againAfterMs = 1_000;

/** A timer cannot be set for longer (ms). */
const longestMs = 2 ** 31 - 1;

/** Deliveries that are under way at once, at most; of one subscription one, so that a slow one holds up nobody else. */
const atOnce = 16;

/**
 * Delivers what is pending, as often as the policy of its subscriber says. What it is at stands in the store: a process
 * that is killed leaves what its successor goes on with, and delivers twice at worst.
 */
export const createRelay = (options: RelayOptions): Relay => {
  const { store, now, log } = options;
  const underWay = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const wake = (): void => {
    clearTimeout(timer);
    if (!stopping.signal.aborted) timer = setTimeout(look); // however much was published meanwhile
  };

  const look = (): void => {
    try {
      beginDue();
    } catch (error) {
      log(`what is to be delivered could not be read, and is looked at again: ${String(error)}`);
      timer = setTimeout(look, againAfterMs);
    }
  };

  const beginDue = (): void => {
    for (const delivery of store.pending()) {
      if (underWay.size >= atOnce) return; // the first that is done wakes again
      if (underWay.has(delivery.subscription)) continue;
      const wait = delivery.due - now().getTime();
      if (wait > 0) return void (timer = setTimeout(look, Math.min(wait, longestMs)));
      underWay.set(delivery.subscription, begin(delivery));
    }
  };

  const begin = async (delivery: Delivery): Promise<void> => {
    try {
      await deliver(options, delivery, stopping.signal);
    } catch (error) {
      log(`a message for ${delivery.endpoint} could not be delivered: ${String(error)}`);
      store.moveDelivery({ ...delivery, state: 'failed', error: String(error), at: now().toISOString() });
    }
    underWay.delete(delivery.subscription);
    wake();
  };

  return {
    wake,
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await Promise.all(underWay.values());
    },
  };
};

const deliver = async (options: RelayOptions, delivery: Delivery, stopping: AbortSignal): Promise<void> => {
  const { store, now } = options;
  const subscription = store.subscription(delivery.subscription);
  const message = delivery.message === null ? null : store.message(delivery.message);
  const at = now().toISOString();
  if (subscription === null) return store.moveDelivery({ ...delivery, state: 'gone', at });
  const parcel = parcelOf(options, delivery, subscription, message);
  const posted = await hand(options, subscription, parcel, stopping);
  if (posted.taken)
    return store.moveDelivery({ ...delivery, state: 'delivered', error: null, at: now().toISOString() });
  if (!stopping.aborted) await again(options, { delivery, subscription, parcel, posted });
};

/** What is handed over: a text, and what stands beside it. */
type Parcel = { body: string; headers: { [name: string]: string }; attributes: Attributes };

const parcelOf = (
  { sealing }: RelayOptions,
  { id }: Delivery,
  subscription: Subscription,
  message: Message | null,
): Parcel => {
  const { arn, topic, protocol, attributes } = subscription;
  const about = { 'x-amz-sns-topic-arn': topic, 'x-amz-sns-subscription-arn': arn };
  if (message === null) {
    const messageId = idOf(subscription.token, id);
    const body = JSON.stringify(confirmationOf(subscription, messageId, sealing(topic)), null, 2);
    // It is no subscription yet, and so has no name.
    const headers = { 'x-amz-sns-message-type': 'SubscriptionConfirmation', 'x-amz-sns-message-id': messageId };
    return { body, headers: { ...headers, 'x-amz-sns-topic-arn': topic }, attributes: {} };
  }
  const text = textFor(message, protocol);
  const headers = { 'x-amz-sns-message-type': 'Notification', 'x-amz-sns-message-id': message.id, ...about };
  if (attributes['RawMessageDelivery'] === 'true')
    return { body: text, headers: { ...headers, 'x-amz-sns-rawdelivery': 'true' }, attributes: message.attributes };
  const body = JSON.stringify(notificationOf(message, text, subscription, sealing(topic)), null, 2);
  return { body, headers, attributes: {} };
};

/** The same each time it is tried. */
const idOf = (token: string, delivery: number): string => {
  const digest = createHash('sha256').update(`${token} ${delivery}`).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
};

/** A message in the form of a protocol. */
export const textFor = ({ forms }: Pick<Message, 'forms'>, protocol: string): string =>
  forms[protocol] ?? forms['default'] ?? '';

const hand = async (
  { store, toQueue }: RelayOptions,
  { protocol, endpoint, topic, attributes: settings }: Subscription,
  { body, headers, attributes }: Parcel,
  stopping: AbortSignal,
): Promise<Posted> => {
  if (protocol === 'sqs') return handToQueue(toQueue, endpoint, body, attributes);
  const { contentType } = readDeliveryPolicy(
    settings['DeliveryPolicy'],
    store.topic(topic)?.attributes['DeliveryPolicy'],
  );
  const agent = 'Amazon Simple Notification Service Agent';
  return post(endpoint, { headers: { ...headers, 'content-type': contentType, 'user-agent': agent }, body }, stopping);
};

const handToQueue = async (
  toQueue: RelayOptions['toQueue'],
  arn: string,
  body: string,
  attributes: Attributes,
): Promise<Posted> => {
  try {
    await toQueue(queueIn(arn) ?? arn, body, attributes);
    return { taken: true };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { taken: false, error: words, again: !/NonExistentQueue|QueueDoesNotExist/.test(words) };
  }
};

type Failed = { delivery: Delivery; subscription: Subscription; parcel: Parcel; posted: Posted & { taken: false } };

const again = async (options: RelayOptions, { delivery, subscription, parcel, posted }: Failed): Promise<void> => {
  const { store, now, log, toQueue } = options;
  const tries = delivery.tries + 1;
  const delay = posted.again ? delayAfter(tries, retriesOf(store, subscription)) : null;
  const at = now().toISOString();
  const moved = { ...delivery, tries, error: posted.error, at };
  if (delay !== null) return store.moveDelivery({ ...moved, due: now().getTime() + delay });
  const dead = readRedrivePolicy(subscription.attributes['RedrivePolicy']);
  if (dead !== null && delivery.message !== null) await handToQueue(toQueue, dead, parcel.body, parcel.attributes);
  log(
    `${subscription.protocol} ${subscription.endpoint} did not take a message of ${subscription.topic}: ${posted.error}`,
  );
  store.moveDelivery({ ...moved, state: 'failed' });
};

const retriesOf = (store: TopicStore, { protocol, topic, attributes }: Subscription): RetryPolicy =>
  protocol === 'sqs'
    ? queueRetries
    : readDeliveryPolicy(attributes['DeliveryPolicy'], store.topic(topic)?.attributes['DeliveryPolicy']).retries;
