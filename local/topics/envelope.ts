import type { Attributes } from './filter-policy.ts';
import type { Signer, SignatureVersion } from './signer.ts';
import type { Message, Subscription } from './store.ts';

/** What the envelopes of a machine are made with. */
export type Sealing = { signer: Signer; origin: string; version: SignatureVersion };

/** A message as its subscriber gets it, in the words of SNS (Developer Guide, "HTTP/HTTPS notification JSON format"). */
export type Envelope = { [field: string]: unknown };

/** @param text in the form of the subscriber's protocol */
export const notificationOf = (
  { id, topic, subject, at, attributes }: Message,
  text: string,
  { arn }: Subscription,
  sealing: Sealing,
): Envelope => {
  const says = {
    Type: 'Notification',
    MessageId: id,
    TopicArn: topic,
    ...(subject !== null && { Subject: subject }),
    Message: text,
    Timestamp: at,
  };
  return {
    ...sealed(says, sealing),
    UnsubscribeURL: `${sealing.origin}/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(arn)}`,
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributesOf(attributes) }),
  };
};

/** What asks the owner of an endpoint whether they want messages; the token is proof that they read it. */
export const confirmationOf = ({ topic, token, at }: Subscription, messageId: string, sealing: Sealing): Envelope => {
  const says = {
    Type: 'SubscriptionConfirmation',
    MessageId: messageId,
    Token: token,
    TopicArn: topic,
    Message: `You have chosen to subscribe to the topic ${topic}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `${sealing.origin}/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(topic)}&Token=${token}`,
    Timestamp: at,
  };
  return sealed(says, sealing);
};

const sealed = (says: { [field: string]: string }, { signer, origin, version }: Sealing): Envelope => ({
  ...says,
  SignatureVersion: version,
  Signature: signer.sign(textToSign(says), version),
  SigningCertURL: `${origin}${signer.path}`,
});

/** The fields that are signed are those there are of these, sorted: name and value, each on a line of its own. */
const signedFields = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'];

const textToSign = (says: { [field: string]: string }): string =>
  signedFields
    .filter((name) => Object.hasOwn(says, name))
    .map((name) => `${name}\n${says[name]}\n`)
    .join('');

const attributesOf = (attributes: Attributes): Envelope =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue ?? '' },
    ]),
  );
