import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PublishCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { formsOf } from '../../../shared/alert/forms.ts';
import { messageAsRaised } from '../../../shared/alert/message.ts';
import { alertOf } from '../../harness/alert.ts';
import { startSubscriber, startTopics, subscribe, type TopicsHere } from './harness.ts';

const file = fileURLToPath(new URL('../../../examples/receiver/receiver.js', import.meta.url));

let here: TopicsHere;
let topic: string;
let receiver: ChildProcess;
let said = '';
let url: string;
beforeAll(async () => {
  here = await startTopics();
  topic = await here.topic();
  receiver = spawn(process.execPath, [file], { env: { ...process.env, PORT: '0', SNS: here.endpoint.url } });
  receiver.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  await vi.waitUntil(() => said.includes('listening'), 10_000);
  url = /listening at (\S+)/.exec(said)?.[1] ?? '';
}, 30_000);
afterAll(async () => {
  receiver.kill();
  await here.remove();
});

const tell = async (headline: string): Promise<void> => {
  const alert = alertOf({ headline, next: 'a person decides', severity: 'page' });
  const { subject, structure } = formsOf(messageAsRaised(alert, ['sre'], '2026-11-21T12:00:00.000Z'), false);
  const Message = JSON.stringify(structure);
  await here.sns.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message, MessageStructure: 'json' }));
};

describe('the receiver of the guide', () => {
  it('confirms its subscription, and prints what an alert says', async () => {
    await subscribe(here, topic, url);
    await vi.waitFor(() => expect(said).toContain('confirmed: true'), 10_000);
    await tell('shop in production: smoke failing');
    const line = 'trigger page: shop in production: smoke failing; next: a person decides';
    await vi.waitFor(() => expect(said).toContain(line), 10_000);
  });

  it('believes nobody else: not a message that was changed, nor one with a certificate from elsewhere', async () => {
    const witness = await startSubscriber();
    await subscribe(here, topic, witness.url);
    await vi.waitFor(() => expect(witness.posts).toHaveLength(1), 10_000);
    await fetch(witness.posts[0]?.json()['SubscribeURL'] ?? '');
    await tell('once more');
    await vi.waitFor(() => expect(witness.posts).toHaveLength(2), 10_000);
    witness.close();
    const genuine = witness.posts[1]?.json() ?? {};
    const statusOf = async (message: object): Promise<number> =>
      (await fetch(url, { method: 'POST', body: JSON.stringify(message) })).status;
    expect(await statusOf(genuine)).toBe(200);
    expect(await statusOf({ ...genuine, Message: '{"title":"all is well"}' })).toBe(403);
    expect(await statusOf({ ...genuine, SigningCertURL: 'http://127.0.0.1:1/evil.pem' })).toBe(403);
    expect(await statusOf({ ...genuine, Type: 'Other' })).toBe(403);
    expect((await fetch(url, { method: 'POST', body: 'no JSON' })).status).toBe(400);
  });
});
