import { execFileSync } from 'node:child_process';
import { verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { publish, startBoth, stopBoth, subscribe, type Subscriber, type TopicAndSubscriber } from './harness.ts';

let { here, subscriber, topic } = {} as TopicAndSubscriber;
beforeEach(async () => {
  ({ here, subscriber, topic } = await startBoth());
});
afterEach(() => stopBoth({ here, subscriber }));

const posted = async (count: number): Promise<Subscriber['posts']> => {
  await vi.waitFor(() => expect(subscriber.posts).toHaveLength(count), 5_000);
  return subscriber.posts;
};

/** Subscribes, and follows the link as a person would. */
const confirmed = async (attributes: { [name: string]: string } = {}): Promise<string> => {
  await subscribe(here, topic, subscriber.url, attributes);
  const [asked] = await posted(subscriber.posts.length + 1).then((posts) => posts.slice(-1));
  const answer = await fetch(asked?.json()['SubscribeURL'] ?? '');
  expect(answer.status).toBe(200);
  subscriber.posts.length = 0;
  const { Subscriptions = [] } = await here.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  return Subscriptions[0]?.SubscriptionArn ?? '';
};

/** The string that is signed, put together from what SNS documents, and nothing of ours. */
const signedText = (message: { [field: string]: string }): string =>
  (message['Type'] === 'Notification'
    ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
    : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  )
    .filter((name) => name in message)
    .map((name) => `${name}\n${message[name] ?? ''}\n`)
    .join('');

const isAuthentic = async (message: { [field: string]: string }): Promise<boolean> => {
  const certificate = await (await fetch(message['SigningCertURL'] ?? '')).text();
  const digest = message['SignatureVersion'] === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
  return verify(
    digest,
    Buffer.from(signedText(message)),
    certificate,
    Buffer.from(message['Signature'] ?? '', 'base64'),
  );
};

describe('a subscription over HTTP', () => {
  it('is asked first, by a message that is signed, and gets nothing before it has confirmed', async () => {
    expect((await subscribe(here, topic, subscriber.url)).SubscriptionArn).toBe('pending confirmation');
    await publish(here, topic, 'too early');
    const [asked] = await posted(1);
    expect(asked?.headers).toMatchObject({
      'x-amz-sns-message-type': 'SubscriptionConfirmation',
      'x-amz-sns-topic-arn': topic,
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
    });
    const message = asked?.json() ?? {};
    expect(message).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn: topic, SignatureVersion: '1' });
    expect(await isAuthentic(message)).toBe(true);
    const { Subscriptions } = await here.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
    expect(Subscriptions?.map(({ SubscriptionArn }) => SubscriptionArn)).toEqual(['PendingConfirmation']);
  });

  it('is confirmed by its token, and by no other', async () => {
    await subscribe(here, topic, subscriber.url);
    const Token = (await posted(1))[0]?.json()['Token'];
    const wrong = new ConfirmSubscriptionCommand({ TopicArn: topic, Token: '0'.repeat(64) });
    await expect(here.sns.send(wrong)).rejects.toThrow(/Invalid parameter: Token/);
    const { SubscriptionArn } = await here.sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token }));
    expect(SubscriptionArn).toMatch(`${topic}:`);
    const asked = new GetSubscriptionAttributesCommand({ SubscriptionArn });
    expect((await here.sns.send(asked)).Attributes).toMatchObject({ PendingConfirmation: 'false', Protocol: 'http' });
  });

  it('cannot be confirmed after two days', async () => {
    await subscribe(here, topic, subscriber.url);
    const link = (await posted(1))[0]?.json()['SubscribeURL'] ?? '';
    here.pass(2 * 86_400_000 + 1);
    expect((await fetch(link)).status).toBe(400);
  });

  it('then gets each message, signed, with the headers that SNS sends', async () => {
    const arn = await confirmed();
    const { MessageId } = await publish(here, topic, 'the shop\nfails ✕', { severity: 'page' });
    const [post] = await posted(1);
    expect(post?.headers).toMatchObject({
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': MessageId,
      'x-amz-sns-topic-arn': topic,
      'x-amz-sns-subscription-arn': arn,
    });
    const message = post?.json() ?? {};
    const says = { Type: 'Notification', MessageId, Message: 'the shop\nfails ✕', Subject: 'a subject' };
    expect(message).toMatchObject({ ...says, MessageAttributes: { severity: { Type: 'String', Value: 'page' } } });
    expect(await isAuthentic(message)).toBe(true);
    expect(await isAuthentic({ ...message, Message: 'the shop is well' })).toBe(false);
  });

  it('gets signatures of version 2 where the topic says so, which openssl verifies by the certificate alone', async () => {
    await confirmed();
    const named = { TopicArn: topic, AttributeName: 'SignatureVersion', AttributeValue: '2' };
    await here.sns.send(new SetTopicAttributesCommand(named));
    await publish(here, topic, 'all is well');
    const message = (await posted(1))[0]?.json() ?? {};
    expect(message['SignatureVersion']).toBe('2');
    const certificate = await (await fetch(message['SigningCertURL'] ?? '')).text();
    expect(byOpenssl(certificate, signedText(message), message['Signature'] ?? '')).toContain('Verified OK');
    expect(() => byOpenssl(certificate, `${signedText(message)} `, message['Signature'] ?? '')).toThrow();
  });

  it('gets the message as it is, and nothing around it, where it asked for that', async () => {
    await confirmed({ RawMessageDelivery: 'true' });
    const forms = JSON.stringify({ default: 'a text', http: '{"schema":"escalator.alert/1"}' });
    await here.sns.send(new PublishCommand({ TopicArn: topic, Message: forms, MessageStructure: 'json' }));
    const [post] = await posted(1);
    expect(post?.body).toBe('{"schema":"escalator.alert/1"}');
    expect(post?.headers['x-amz-sns-rawdelivery']).toBe('true');
  });

  it('ends by its link, and by name: then there is nothing more', async () => {
    const arn = await confirmed();
    await publish(here, topic, 'one');
    const link = (await posted(1))[0]?.json()['UnsubscribeURL'] ?? '';
    expect(link).toContain(encodeURIComponent(arn));
    await fetch(link);
    await publish(here, topic, 'two');
    await here.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn })); // as SNS, it says nothing of what is not there
    expect((await here.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }))).Subscriptions).toEqual([]);
    expect(here.deliveries()).toHaveLength(1);
  });

  it('is refused where it would leave this machine', async () => {
    for (const url of [
      'http://example.com/',
      'http://127.0.0.1.example.com/',
      'http://user:pw@127.0.0.1/',
      'ftp://localhost/',
    ])
      await expect(subscribe(here, topic, url)).rejects.toThrow(/only its own addresses/);
    await expect(subscribe(here, topic, 'x', {}, 'lambda')).rejects.toThrow(/there are http, https, sqs/);
  });
});

const byOpenssl = (certificate: string, text: string, signature: string): string => {
  const dir = mkdtempSync(join(tmpdir(), 'signature-'));
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  try {
    const key = execFileSync('openssl', ['x509', '-in', file('cert.pem', certificate), '-noout', '-pubkey']);
    const signed = file('signature', Buffer.from(signature, 'base64'));
    const args = ['dgst', '-sha256', '-verify', file('key.pem', key), '-signature', signed, file('text', text)];
    return execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
  } finally {
    rmSync(dir, { recursive: true });
  }
};
