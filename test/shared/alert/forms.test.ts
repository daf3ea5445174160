import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { chatOf } from '../../../shared/alert/chat.ts';
import { formsOf } from '../../../shared/alert/forms.ts';
import { machineOf } from '../../../shared/alert/machine.ts';
import { machineSchema } from '../../../shared/alert/machine-schema.ts';
import { type Message, messageAsRaised } from '../../../shared/alert/message.ts';
import type { Alert } from '../../../shared/ladder/events.ts';
import { alertOf } from '../../harness/alert.ts';

const alert = alertOf({
  severity: 'page',
  headline: 'shop in production: a person is needed, attempts are used up',
  change: { repository: 'shop', commit: 'a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4' },
  author: 'Ann',
  subject: 'Sell faster',
  done: ['deploy: redeployed a1b2c3d (done)'],
  next: 'Escalator does nothing more here',
});
const message = (over: Partial<Alert> = {}, more: Partial<Message> = {}): Message => ({
  ...messageAsRaised({ ...alert, ...over }, ['sre'], '2026-11-21T14:01:19.000Z'),
  ...more,
});
const hostile = [
  '<script>alert(1)</script>',
  '<!channel> <@U123> @here',
  '[approve](http://evil.example)',
  '*bold* _x_ `code` ~s~',
  '\u001b[31mred\u001b[0m',
  'abc\u202edcba',
  'one\r\nnext: nothing to do',
];

describe('a message for machines', () => {
  it('has the same key from its beginning to its end, and says which of both it is', () => {
    const began = machineOf(message());
    const over = machineOf(message({ severity: 'info', over: true }, { number: 2 }));
    expect([began.action, over.action]).toEqual(['trigger', 'resolve']);
    expect(over.dedupKey).toBe(began.dedupKey);
  });

  it('is what its published schema says', async () => {
    for (const given of [
      message(),
      message({ change: null, author: null, subject: null, environment: '', service: '' }),
    ])
      expect(machineSchema.parse(machineOf(given))).toEqual(machineOf(given));
    const schema = `${JSON.stringify(z.toJSONSchema(machineSchema), null, 2)}\n`;
    await expect(schema).toMatchFileSnapshot('../../../docs/reference/alert.schema.json');
  });
});

describe('a message for a chat', () => {
  it('is a custom notification in the thread of its incident', () => {
    expect(chatOf(message())).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        nextSteps: ['Escalator does nothing more here', 'escalator ack production.shop.5 --why TEXT'],
      },
      metadata: { threadId: 'production.shop.5', eventType: 'page' },
    });
  });

  it('is for chat topics only: others give machines the same over HTTPS as by a queue', () => {
    const [chat, machines] = [formsOf(message(), true).structure, formsOf(message(), false).structure];
    expect(JSON.parse(chat['https'] ?? '')).toMatchObject({ source: 'custom' });
    expect(machines['https']).toBe(machines['sqs']);
  });

  it.each(hostile)('lets nothing of other people mark up, lead away or call anybody: %j', (text) => {
    const { content, metadata } = chatOf(
      message({ subject: text, author: text, headline: text, next: text, done: [text] }),
    );
    const shown = [content.title, content.description, ...content.nextSteps, metadata.summary].join('\n');
    for (const mark of ['<', '@', '](', '://', '\u001b', '\u202e', '\r']) expect(shown).not.toContain(mark);
    expect(shown.replaceAll(/^(?::rotating_light:|\*(?:failing|commit)\*) /gm, '')).not.toMatch(/(?<!\u200b)[*_~`]/);
  });
});

describe('a text message', () => {
  it('is at most 140 characters of ASCII', () => {
    const { structure } = formsOf(message({ headline: 'Größe 🚨'.repeat(100) }), false);
    expect(structure['sms']).toMatch(/^[\x20-\x7e]{1,140}$/);
  });
});

describe('an e-mail', () => {
  it.each(hostile)('has no link, no line and no mark of other people: %j', (text) => {
    const lines = (given: Message): string[] => formsOf(given, false).structure['email']?.split('\n') ?? [];
    const shown = lines(message({ subject: text, author: text }));
    expect(shown).toHaveLength(lines(message()).length);
    for (const mark of ['://', '\u001b', '\u202e', '\r']) expect(shown.join('\n')).not.toContain(mark);
  });

  it('of a page says how to answer it', () => {
    expect(formsOf(message(), false).structure['email']).toContain('escalator ack production.shop.5 --why TEXT');
    expect(formsOf(message({ severity: 'info', over: true }), false).structure['email']).not.toContain('escalator ack');
  });
});

describe('what filter policies match', () => {
  it('is severity, place, author and whether it is over; what is not known is not there', () => {
    expect(formsOf(message({ author: null }), false).attributes).toEqual({
      severity: 'page',
      state: 'open',
      why: 'page',
      environment: 'production',
      service: 'shop',
    });
    expect(formsOf(message(), false).attributes['author']).toBe('Ann');
  });
});
