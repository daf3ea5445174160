import { randomBytes } from 'node:crypto';
import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';
import { queueIn, readDeliveryPolicy, readRedrivePolicy } from './delivery-policy.ts';
import { readFilterPolicy } from './filter-policy.ts';
import { isOfThisMachine } from './post.ts';
import type { Subscription, TopicStore } from './store.ts';
import { textOf, topicOf } from './topic-operations.ts';

export type Subscribing = { world: World; transaction: Transaction; store: TopicStore; wake: () => void };

/** How long a subscription waits to be confirmed (ms): two days, as on AWS. */
const confirmWithin = 2 * 86_400_000;

/** Protocols whose subscribers read the inbox of this machine: nothing is sent by mail or telephone from here. */
export const readInTheInbox = ['email', 'email-json', 'sms'];

const attributeNames = ['DeliveryPolicy', 'FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'];

/** Subscribe and all that is done with subscriptions afterwards (Amazon SNS API Reference). */
export const subscriptionOperations = (here: Subscribing): Operations => {
  const { store, transaction } = here;
  return {
    Subscribe: (input) => after(here, () => transaction(() => subscribe(here, input))),
    ConfirmSubscription: (input) => ({ SubscriptionArn: confirm(here, input) }),
    Unsubscribe: (input) => (store.deleteSubscription(textOf(input, 'SubscriptionArn')), {}),
    ListSubscriptions: () => ({ Subscriptions: store.subscriptions().map(listed) }),
    ListSubscriptionsByTopic: (input) => ({
      Subscriptions: store.subscriptionsOf(topicOf(store, input).arn).map(listed),
    }),
    GetSubscriptionAttributes: (input) => ({ Attributes: attributesOf(subscriptionOf(store, input)) }),
    SetSubscriptionAttributes: (input) => {
      const subscription = subscriptionOf(store, input);
      const named = { [textOf(input, 'AttributeName')]: String(input.AttributeValue ?? '') };
      store.putSubscription({ ...subscription, attributes: checked({ ...subscription.attributes, ...named }) });
      return {};
    },
  };
};

const after = <Answer>({ wake }: Subscribing, work: () => Answer): Answer => {
  const answer = work();
  wake();
  return answer;
};

/** Subscribing again answers what there is; who has not confirmed yet is asked again. */
const subscribe = (here: Subscribing, input: Members): object => {
  const { store, world } = here;
  const { arn: topic } = topicOf(store, input);
  const [protocol, endpoint] = [textOf(input, 'Protocol'), textOf(input, 'Endpoint')];
  refuseEndpoint(protocol, endpoint);
  const now = world.now();
  store.forgetUnconfirmed(new Date(now.getTime() - confirmWithin).toISOString());
  const known = store.subscriptionsOf(topic).find((one) => one.protocol === protocol && one.endpoint === endpoint);
  const attributes = checked((input.Attributes ?? {}) as Subscription['attributes']);
  const subscription = known ?? {
    arn: `${topic}:${world.newId()}`,
    topic,
    protocol,
    endpoint,
    attributes,
    confirmed: !isAsked(protocol),
    token: randomBytes(32).toString('hex'),
    at: now.toISOString(),
  };
  if (known !== undefined && !isSame(known.attributes, attributes))
    throw invalid('Attributes Reason: Subscription already exists with different attributes');
  store.putSubscription(subscription);
  if (!subscription.confirmed) ask(here, subscription);
  const isNamed = subscription.confirmed || input.ReturnSubscriptionArn === 'true';
  return { SubscriptionArn: isNamed ? subscription.arn : 'pending confirmation' };
};

/** Queues of the account belong to who subscribes them; anybody may name somebody else's HTTP endpoint. */
const isAsked = (protocol: string): boolean => protocol === 'http' || protocol === 'https';

const isSame = (one: Subscription['attributes'], other: Subscription['attributes']): boolean =>
  attributeNames.every((name) => one[name] === other[name]);

const ask = ({ store, world }: Subscribing, { arn, protocol, endpoint }: Subscription): void =>
  store.putDelivery({
    message: null,
    subscription: arn,
    protocol,
    endpoint,
    tries: 0,
    error: null,
    due: world.now().getTime(),
    state: 'pending',
    at: world.now().toISOString(),
  });

const refuseEndpoint = (protocol: string, endpoint: string): void => {
  if (readInTheInbox.includes(protocol)) return;
  if (protocol === 'sqs') {
    if (queueIn(endpoint) === null) throw invalid('Endpoint Reason: it must be the ARN of a queue');
  } else if (isAsked(protocol)) {
    const reason = `on one machine only its own addresses are posted to, such as ${protocol}://127.0.0.1:8080/`;
    if (!isOfThisMachine(protocol, endpoint)) throw invalid(`Endpoint Reason: ${reason}`);
  } else {
    const known = ['http', 'https', 'sqs', ...readInTheInbox].join(', ');
    throw invalid(`Protocol Reason: ${JSON.stringify(protocol.slice(0, 40))}; on one machine there are ${known}`);
  }
};

/** @throws AwsError InvalidParameter for what SNS would not take either */
const checked = (attributes: Subscription['attributes']): Subscription['attributes'] => {
  const unknown = Object.keys(attributes).find((name) => !attributeNames.includes(name));
  if (unknown !== undefined) throw invalid(`AttributeName Reason: Invalid attribute name: ${unknown.slice(0, 100)}`);
  readFilterPolicy(attributes['FilterPolicy'] || '{}');
  readDeliveryPolicy(attributes['DeliveryPolicy']);
  readRedrivePolicy(attributes['RedrivePolicy']);
  oneOf(attributes, 'FilterPolicyScope', ['MessageAttributes', 'MessageBody']);
  oneOf(attributes, 'RawMessageDelivery', ['true', 'false']);
  return attributes;
};

const oneOf = (attributes: Subscription['attributes'], name: string, values: string[]): void => {
  const value = attributes[name];
  if (value !== undefined && !values.includes(value))
    throw invalid(`${name} Reason: it is one of ${values.join(', ')}`);
};

const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

/** Whoever has the token has read what the endpoint was sent. */
export const confirm = ({ store, world }: Pick<Subscribing, 'store' | 'world'>, input: Members): string => {
  const { arn } = topicOf(store, input);
  const token = textOf(input, 'Token');
  const since = new Date(world.now().getTime() - confirmWithin).toISOString();
  const found = store.subscriptionsOf(arn).find((one) => one.token === token && (one.confirmed || one.at >= since));
  if (found === undefined) throw invalid('Token');
  store.putSubscription({ ...found, confirmed: true });
  return found.arn;
};

const subscriptionOf = (store: TopicStore, input: Members): Subscription => {
  const subscription = store.subscription(textOf(input, 'SubscriptionArn'));
  if (subscription === null) throw new AwsError('NotFound', 'Subscription does not exist', 404);
  return subscription;
};

const listed = ({ arn, topic, protocol, endpoint, confirmed }: Subscription) => ({
  SubscriptionArn: confirmed ? arn : 'PendingConfirmation',
  Owner: ownerOf(topic),
  Protocol: protocol,
  Endpoint: endpoint,
  TopicArn: topic,
});

const ownerOf = (arn: string): string => arn.split(':')[4] ?? '';

const attributesOf = ({ arn, topic, protocol, endpoint, confirmed, attributes }: Subscription) =>
  new Map(
    Object.entries({
      SubscriptionArn: arn,
      TopicArn: topic,
      Owner: ownerOf(topic),
      Protocol: protocol,
      Endpoint: endpoint,
      PendingConfirmation: String(!confirmed),
      ConfirmationWasAuthenticated: 'false',
      RawMessageDelivery: 'false',
      ...attributes,
    }),
  );
