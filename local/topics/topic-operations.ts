import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { World } from '../world.ts';
import { readDeliveryPolicy } from './delivery-policy.ts';
import type { Topic, TopicStore } from './store.ts';

/** CreateTopic and all that is done with topics, but publishing (Amazon SNS API Reference). FIFO topics are not there. */
export const topicOperations = ({ account, region }: World, store: TopicStore): Operations => ({
  CreateTopic: (input) => {
    const name = textOf(input, 'Name');
    if (!/^[\w-]{1,256}$/.test(name)) throw invalid('Topic Name: letters, digits, - and _, at most 256');
    const arn = `arn:aws:sns:${region}:${account}:${name}`;
    const stands = store.topic(arn);
    const attributes = checked({ ...stands?.attributes, ...(input.Attributes as Topic['attributes'] | undefined) });
    store.putTopic({ arn, name, attributes });
    return { TopicArn: arn };
  },
  DeleteTopic: (input) => (store.deleteTopic(textOf(input, 'TopicArn')), {}),
  ListTopics: () => ({ Topics: store.topics().map(({ arn }) => ({ TopicArn: arn })) }),
  GetTopicAttributes: (input) => {
    const { arn, attributes } = topicOf(store, input);
    const confirmed = store.subscriptionsOf(arn).filter((one) => one.confirmed).length;
    const counts = { SubscriptionsConfirmed: String(confirmed) };
    return { Attributes: new Map(Object.entries({ TopicArn: arn, Owner: account, ...counts, ...attributes })) };
  },
  SetTopicAttributes: (input) => {
    const topic = topicOf(store, input);
    const named = { [textOf(input, 'AttributeName')]: String(input.AttributeValue ?? '') };
    store.putTopic({ ...topic, attributes: checked({ ...topic.attributes, ...named }) });
    return {};
  },
});

/** What changes how messages are delivered; other attributes are kept as they are. */
const checked = (attributes: Topic['attributes']): Topic['attributes'] => {
  if (attributes['FifoTopic'] === 'true') throw invalid('FifoTopic Reason: on one machine topics are standard topics');
  const version = attributes['SignatureVersion'];
  if (version !== undefined && !['1', '2'].includes(version)) throw invalid('SignatureVersion Reason: it is 1 or 2');
  readDeliveryPolicy(attributes['DeliveryPolicy']);
  return attributes;
};

const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

/** @throws AwsError NotFound */
export const topicOf = (store: TopicStore, input: Members): Topic => {
  const topic = store.topic(textOf(input, input.TopicArn === undefined && input.TargetArn ? 'TargetArn' : 'TopicArn'));
  if (topic === null) throw new AwsError('NotFound', 'Topic does not exist', 404);
  return topic;
};

/** A member that has to be a text. @throws AwsError InvalidParameter */
export const textOf = (input: Members, member: string): string => {
  const value: unknown = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${member} Reason: it is required`);
};
