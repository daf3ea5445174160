import { PublishCommand } from '@aws-sdk/client-sns';
import type { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inboxRoutes } from '../../../local/page/inbox.ts';
import type { Letter, Thread } from '../../../local/topics/inbox.ts';
import { formsOf } from '../../../shared/alert/forms.ts';
import { messageAsRaised } from '../../../shared/alert/message.ts';
import { alertOf } from '../../harness/alert.ts';
import { publish, startTopics, subscribe, type TopicsHere } from './harness.ts';

let here: TopicsHere;
let topic: string;
let page: Hono;
beforeEach(async () => {
  here = await startTopics();
  topic = await here.topic();
  page = inboxRoutes(here.store());
});
afterEach(() => here.remove());

const inbox = async (query = ''): Promise<Thread[]> => {
  const answer = await page.request(`/api/inbox${query}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { items: Thread[] }).items;
};

/** Publishes an alert as send-alert does. */
const tell = async (incident: string, headline: string): Promise<void> => {
  const alert = alertOf({ id: headline, incident, headline });
  const { subject, structure } = formsOf(messageAsRaised(alert, ['sre'], '2026-11-21T12:00:00.000Z'), false);
  const Message = JSON.stringify(structure);
  await here.sns.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message, MessageStructure: 'json' }));
  here.pass(1_000);
};

describe('the inbox', () => {
  it('has what was published, incident by incident, the newest first', async () => {
    await tell('production.shop.5', 'smoke failing');
    await tell('production.cart.2', 'node failing');
    await tell('production.shop.5', 'rolled back');
    const said = (await inbox()).map(({ key, letters }) => [key, letters.map(({ alert }) => alert?.headline)]);
    expect(said).toEqual([
      ['production.shop.5', ['rolled back', 'smoke failing']],
      ['production.cart.2', ['node failing']],
    ]);
  });

  it('has each text once, with those who get it so', async () => {
    await tell('production.shop.5', 'smoke failing');
    const forms = (await inbox())[0]?.letters[0]?.forms ?? [];
    const of = (protocol: string) => forms.find(({ protocols }) => protocols.includes(protocol));
    expect(of('email')?.text).toContain('service: shop in production');
    expect(of('sms')?.text).toMatch(/^\[ticket\] /);
    expect(of('http')).toBe(of('sqs'));
    expect(JSON.parse(of('http')?.text ?? '')).toMatchObject({ schema: 'escalator.alert/1' });
    expect(new Set(forms.map(({ text }) => text)).size).toBe(forms.length);
  });

  it('says who has it, who has it not yet, and why', async () => {
    await subscribe(here, topic, 'ada@example.com', {}, 'email');
    await subscribe(here, topic, 'arn:aws:sqs:us-east-1:000000000000:none', {}, 'sqs');
    await publish(here, topic, 'a text');
    const [letter] = (await inbox())[0]?.letters ?? [];
    expect(letter).toMatchObject({ topic: 'sre', subject: 'a subject', alert: null });
    const stands = async (): Promise<Letter['deliveries']> => (await inbox())[0]?.letters[0]?.deliveries ?? [];
    await vi.waitFor(async () => {
      const [mail, queue] = (await stands()).toSorted((one, other) => one.protocol.localeCompare(other.protocol));
      expect(mail).toMatchObject({ protocol: 'email', endpoint: 'ada@example.com', state: 'delivered' });
      expect(queue).toMatchObject({ protocol: 'sqs', state: 'failed', tries: 1 });
      expect(queue?.error).toContain('QueueDoesNotExist');
    });
  });

  it('keeps the newest 500, and what is still on its way', async () => {
    const store = here.store();
    const message = { topic, subject: null, forms: { default: 'x' }, attributes: {}, at: '2026-11-21T12:00:00.000Z' };
    store.putMessage({ id: 'waits', ...message });
    const delivery = { message: 'waits', subscription: 's', protocol: 'sqs', endpoint: 'e', tries: 1, error: null };
    store.putDelivery({ ...delivery, due: Number.MAX_SAFE_INTEGER, state: 'pending', at: message.at });
    for (let n = 1; n < 600; n += 1) store.putMessage({ id: `m${n}`, ...message });
    expect(store.messages(1_000)).toHaveLength(501);
    expect(store.message('waits')).not.toBeNull();
    expect([store.message('m99'), store.message('m100')?.id]).toEqual([null, 'm100']);
  });

  it('answers what it is asked for, and refuses what it does not know', async () => {
    await tell('production.shop.5', 'smoke failing');
    await tell('production.cart.2', 'node failing');
    expect((await inbox('?limit=1')).map(({ key }) => key)).toEqual(['production.cart.2']);
    expect((await page.request('/api/inbox?limit=none')).status).toBe(400);
    expect((await page.request('/api/inbox?who=me')).status).toBe(400);
  });
});
