import { AwsError, type Members } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';
import { type Attributes, isWanted, readFilterPolicy } from './filter-policy.ts';
import { textFor } from './relay.ts';
import type { Message, Subscription, TopicStore } from './store.ts';
import { readInTheInbox } from './subscriptions.ts';
import { textOf, topicOf } from './topic-operations.ts';

/** Bytes of a message with its attributes, at most (SNS quotas). */
const bytesAtMost = 262_144;

type Publishing = { world: World; transaction: Transaction; store: TopicStore; wake: () => void };

/** Publish: the message and its delivery to each subscriber that wants it are kept in one commit; then it is answered. */
export const publish = ({ world, transaction, store, wake }: Publishing, input: Members): object => {
  const { arn: topic } = topicOf(store, input);
  const attributes = attributesIn(input.MessageAttributes);
  const at = world.now().toISOString();
  const message = { id: world.newId(), topic, subject: subjectIn(input), forms: formsIn(input), attributes, at };
  if (bytesOf(textOf(input, 'Message'), attributes) > bytesAtMost) throw invalid('Message Reason: Message too long');
  transaction(() => {
    store.putMessage(message);
    for (const subscription of store.subscriptionsOf(topic).filter((one) => wants(one, message)))
      store.putDelivery({
        ...deliveryOf(message, subscription),
        due: world.now().getTime(),
        tries: 0,
        error: null,
        at,
      });
  });
  wake();
  return { MessageId: message.id };
};

const wants = ({ confirmed, protocol, attributes }: Subscription, message: Message): boolean => {
  const policy = readFilterPolicy(attributes['FilterPolicy'] || '{}');
  const scope = attributes['FilterPolicyScope'] ?? 'MessageAttributes';
  const said = { attributes: message.attributes, text: textFor(message, protocol) };
  return confirmed && isWanted({ policy, scope }, said);
};

/** Whoever reads the inbox has it as soon as it is there. */
const deliveryOf = ({ id }: Message, { arn, protocol, endpoint }: Subscription) => {
  const state = readInTheInbox.includes(protocol) ? ('delivered' as const) : ('pending' as const);
  return { message: id, subscription: arn, protocol, endpoint, state };
};

/** One line of printable ASCII, as SNS wants a subject. */
const subjectIn = ({ Subject }: Members): string | null => {
  if (Subject === undefined) return null;
  if (typeof Subject === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(Subject)) return Subject;
  throw invalid('Subject');
};

/** One message in a form for each protocol (`MessageStructure: json`), or one text for all. */
const formsIn = (input: Members): Message['forms'] => {
  const text = textOf(input, 'Message');
  if (input.MessageStructure === undefined) return { default: text };
  if (input.MessageStructure !== 'json') throw invalid('MessageStructure Reason: it is json');
  const forms = structureIn(text);
  if (typeof forms['default'] !== 'string') throw invalid('Message Structure - No default entry in JSON message body');
  return Object.fromEntries(
    Object.entries(forms).filter((form): form is [string, string] => typeof form[1] === 'string'),
  );
};

const structureIn = (text: string): { [protocol: string]: unknown } => {
  try {
    const forms: unknown = JSON.parse(text);
    if (typeof forms === 'object' && forms !== null) return { ...forms };
  } catch {
    // said below
  }
  throw invalid('Message Structure - JSON message body failed to parse');
};

const attributesIn = (written: unknown): Attributes => {
  const attributes = (written ?? {}) as Attributes;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes))
    if (
      !/^(?:String|Number|Binary)(?:\.|$)/.test(DataType) ||
      ((StringValue ?? '') === '' && (BinaryValue ?? '') === '')
    )
      throw new AwsError(
        'ParameterValueInvalid',
        `The message attribute '${name.slice(0, 100)}' must contain a non-empty value of type String, Number or Binary`,
      );
  return attributes;
};

const bytesOf = (text: string, attributes: Attributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue + BinaryValue),
    Buffer.byteLength(text),
  );

const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
