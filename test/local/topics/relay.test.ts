import { PublishCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { publish, startBoth, stopBoth, subscribe, type TopicAndSubscriber } from './harness.ts';

let { here, subscriber, topic } = {} as TopicAndSubscriber;
beforeEach(async () => {
  ({ here, subscriber, topic } = await startBoth());
});
afterEach(() => stopBoth({ here, subscriber }));

const posted = (count: number) => vi.waitFor(() => expect(subscriber.posts).toHaveLength(count), 5_000);
const stands = (state: object) =>
  vi.waitFor(() => expect(here.deliveries()).toEqual([expect.objectContaining(state)]), 5_000);
const confirmed = async (attributes: { [name: string]: string } = {}): Promise<void> => {
  await subscribe(here, topic, subscriber.url, attributes);
  await posted(1);
  await fetch(subscriber.posts.pop()?.json()['SubscribeURL'] ?? '');
};
const queue = async (QueueName: string): Promise<{ url: string; arn: string }> => {
  const { QueueUrl } = await new SQSClient(here.endpoint.config).send(new CreateQueueCommand({ QueueName }));
  return { url: QueueUrl ?? '', arn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}` };
};
const received = async (QueueUrl: string): Promise<Message[]> => {
  const asked = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ['All'] });
  return (await new SQSClient(here.endpoint.config).send(asked)).Messages ?? [];
};

describe('a subscriber that does not take a message', () => {
  it('is posted the same message again when its time has come, and not before', async () => {
    await confirmed();
    subscriber.answers.splice(0, 1, 503, 200);
    await publish(here, topic, 'one');
    await stands({ state: 'pending', tries: 1, error: 'it answered 503' });
    here.pass(19_999);
    expect(subscriber.posts).toHaveLength(1);
    here.pass(1);
    await stands({ state: 'delivered', tries: 1, error: null });
    const [first, second] = subscriber.posts;
    expect(second?.body).toBe(first?.body);
  });

  it('is given up after the tries that its policy has, and what it did not take goes to its queue of dead letters', async () => {
    const dead = await queue('dead');
    const retries = { numRetries: 2, numNoDelayRetries: 2 };
    await confirmed({
      DeliveryPolicy: JSON.stringify({ healthyRetryPolicy: retries }),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }),
    });
    subscriber.answers[0] = 500;
    await publish(here, topic, 'nobody takes this');
    await stands({ state: 'failed', tries: 3, error: 'it answered 500' });
    expect(subscriber.posts).toHaveLength(3);
    const [letter] = await received(dead.url);
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({ Type: 'Notification', Message: 'nobody takes this' });
    expect(here.lines.join()).toContain('did not take a message');
  });

  it('is not asked again where it refused the message for good', async () => {
    await confirmed();
    subscriber.answers[0] = 404;
    await publish(here, topic, 'one');
    await stands({ state: 'failed', tries: 1, error: 'it answered 404' });
  });

  it('is asked again where it is asked too often, and where nobody listens', async () => {
    await confirmed();
    subscriber.answers[0] = 429;
    await publish(here, topic, 'one');
    await stands({ state: 'pending', tries: 1 });
    subscriber.close();
    here.pass(20_000);
    await stands({ state: 'pending', tries: 2, error: expect.stringMatching(/ECONN|closed|hang up/) });
  });

  it('holds up nobody else', async () => {
    await confirmed();
    const other = await queue('other');
    await subscribe(here, topic, other.arn, {}, 'sqs');
    subscriber.answers[0] = 500;
    await publish(here, topic, 'one');
    expect(await received(other.url)).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('loses no subscription and no message that is on its way', async () => {
    await confirmed();
    subscriber.answers.splice(0, 1, 503, 200);
    await publish(here, topic, 'one');
    await stands({ state: 'pending', tries: 1 });
    await here.restart();
    expect(subscriber.posts).toHaveLength(1);
    here.pass(20_000);
    await stands({ state: 'delivered' });
    await publish(here, topic, 'two');
    await posted(3);
  });
});

describe('a queue', () => {
  it('gets the envelope, and the text with its attributes where it asked for it as it is', async () => {
    const [plain, raw] = [await queue('plain'), await queue('raw')];
    await subscribe(here, topic, plain.arn, {}, 'sqs');
    await subscribe(here, topic, raw.arn, { RawMessageDelivery: 'true' }, 'sqs');
    await publish(here, topic, 'one', { severity: 'page' });
    const [wrapped] = await received(plain.url);
    expect(JSON.parse(wrapped?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      Subject: 'a subject',
      Message: 'one',
    });
    const [bare] = await received(raw.url);
    expect(bare?.Body).toBe('one');
    expect(bare?.MessageAttributes?.['severity']).toMatchObject({ DataType: 'String', StringValue: 'page' });
  });

  it('gets what its filter policy wants, by attributes or by the text, and nothing else', async () => {
    const [mine, pages] = [await queue('mine'), await queue('pages')];
    await subscribe(here, topic, mine.arn, { FilterPolicy: JSON.stringify({ author: ['ann'] }) }, 'sqs');
    const byBody = { FilterPolicy: JSON.stringify({ severity: ['page'] }), FilterPolicyScope: 'MessageBody' };
    await subscribe(here, topic, pages.arn, byBody, 'sqs');
    await publish(here, topic, '{"severity":"info"}', { author: 'ann' });
    await publish(here, topic, '{"severity":"page"}', { author: 'bob' });
    const textOf = ({ Body = '{}' }: Message): string => (JSON.parse(Body) as { Message: string }).Message;
    expect((await received(mine.url)).map(textOf)).toEqual(['{"severity":"info"}']);
    expect((await received(pages.url)).map(textOf)).toEqual(['{"severity":"page"}']);
    expect(here.deliveries()).toHaveLength(2);
  });

  it('gets its own form of a message that has several', async () => {
    const one = await queue('one');
    await subscribe(here, topic, one.arn, { RawMessageDelivery: 'true' }, 'sqs');
    const forms = { default: 'a text', sqs: 'for queues', sms: 'short' };
    await here.sns.send(
      new PublishCommand({ TopicArn: topic, Message: JSON.stringify(forms), MessageStructure: 'json' }),
    );
    expect((await received(one.url)).map(({ Body }) => Body)).toEqual(['for queues']);
  });
});

describe('a message that SNS would not take', () => {
  it.each<[string, object, RegExp]>([
    ['a structure without a default', { Message: '{"sqs":"x"}', MessageStructure: 'json' }, /No default entry/],
    ['a structure that is no JSON', { Message: 'x', MessageStructure: 'json' }, /failed to parse/],
    ['a subject of two lines', { Message: 'x', Subject: 'one\ntwo' }, /Subject/],
    ['a subject of 101 characters', { Message: 'x', Subject: 'x'.repeat(101) }, /Subject/],
    ['more than 256 KiB', { Message: 'x'.repeat(262_145) }, /too long/],
    ['no text', { Message: '' }, /Message/],
    [
      'an attribute without a value',
      { Message: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
      /'a'/,
    ],
  ])('%s is refused', async (_what, message, why) => {
    const command = new PublishCommand({ TopicArn: topic, Message: '', ...message });
    await expect(here.sns.send(command)).rejects.toThrow(why);
    expect(here.deliveries()).toEqual([]);
  });
});
