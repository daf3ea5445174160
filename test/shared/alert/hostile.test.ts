import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Forms, formsOf, publishAtMost, sizeOf } from '../../../shared/alert/forms.ts';
import type { MachineAlert } from '../../../shared/alert/machine.ts';
import { machineSchema } from '../../../shared/alert/machine-schema.ts';
import { type Message, messageAsRaised } from '../../../shared/alert/message.ts';
import { alertOf, backgroundOf } from '../../harness/alert.ts';

const at = '2026-11-21T12:01:00.000Z';
const commit = 'a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4';

/** A page in which everything that other people write says this. */
const saying = (text: string): Message => {
  const [suspect] = backgroundOf().suspects;
  const [check] = backgroundOf().failing;
  const release = backgroundOf().running;
  return {
    ...messageAsRaised(
      alertOf({
        severity: 'page',
        headline: text,
        change: { repository: 'shop', commit },
        author: text,
        subject: text,
        failing: ['smoke'],
        done: [text, text],
        next: text,
      }),
      ['sre'],
      at,
    ),
    also: [text],
    background: backgroundOf({
      failing: check === undefined ? [] : [{ ...check, reason: text, link: null }],
      suspects: suspect === undefined ? [] : [{ ...suspect, what: text, by: text, why: text }],
      failed: { what: text, at, execution: null, log: null },
      pull: { id: text, title: text, author: text, approvedBy: [text] },
      running: release && { ...release, author: text, subject: text },
      doing: text,
      links: { page: null, runbook: null },
      stop: [],
    }),
  };
};

/** Every text that is shown, in any form: what JSON holds is read first, as its receiver does. */
const shownIn = ({ subject, structure, attributes }: Forms): string[] => [
  subject,
  ...Object.values(attributes).flat(),
  ...Object.values(structure).flatMap((form) => (form.startsWith('{') ? textsIn(JSON.parse(form)) : form.split('\n'))),
];
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return value.split('\n');
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const both = (text: string): Forms[] => [true, false].map((chat) => formsOf(saying(text), chat));

const hostile: [string, string][] = [
  ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['Markdown', '# All is well\n[x](javascript:alert(1)) **bold** `code`'],
  ['a mention of everybody', '<!channel> <!here> @here @channel <@U123>'],
  ['a link that looks like an order', '[approve](http://evil.example/approve)'],
  ['a bare host', 'see evil.example or www.evil.example'],
  ['ANSI escapes', '\u001b[31mred\u001b[0m\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007'],
  ['marks of direction', 'abc\u202edcba\u2066x\u2069\u061c'],
  ['line ends of any kind', 'one\r\nnext: nothing\u2028more\u2029and\u0085more'],
  ['what nobody sees', 'a\u{e0041}\u{e007f}b\ufeffc'],
  ['what SNS does not take', 'a\u0000b\u0008c\ufffed\uffff'],
];

describe('other people’s text', () => {
  it.each(hostile)('has neither %s in any form', (_what, text) => {
    for (const forms of both(text))
      for (const shown of shownIn(forms)) {
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u);
        expect(shown).not.toMatch(/:\/\/|\bwww\./);
      }
  });

  it.each(hostile)('marks nothing up and calls nobody in a chat: %s', (_what, text) => {
    const { https = '' } = formsOf(saying(text), true).structure;
    for (const shown of textsIn(JSON.parse(https))) {
      expect(shown).not.toMatch(/[<>@]|\]\(/);
      expect(shown.replace(/^(?:•|\*[a-z 0-9]+\*|:rotating_light:) /, '')).not.toMatch(/(?<!\u200b)[*_~`]/);
    }
  });

  it.each(hostile)('becomes no link in a mail, and no line of its own: %s', (_what, text) => {
    const lines = (given: string): string[] => formsOf(saying(given), false).structure['email']?.split('\n') ?? [];
    expect(lines(text)).toHaveLength(lines('x').length);
    const said = lines(text).filter((line) => /^(?:commit|author|pull|runs|failed):/.test(line));
    expect(said.length).toBeGreaterThan(3);
    for (const line of said) expect(line).not.toMatch(/[\p{L}\d_-]\.\p{L}{2}|@(?!\u200b)/u);
  });

  it('of ten megabytes is cut in every form, and it is said where to read on', () => {
    for (const forms of both('long '.repeat(2_000_000))) {
      expect(sizeOf(forms)).toBeLessThanOrEqual(publishAtMost);
      expect(forms.structure['email']).toMatch(/This is cut\. All of it: escalator why production\.shop\.5$/);
      const machine = JSON.parse(forms.structure['sqs'] ?? '') as MachineAlert;
      expect(machine).toMatchObject({ cut: true, incident: 'production.shop.5', dedupKey: 'production.shop.5' });
      expect(machineSchema.parse(machine)).toEqual(machine);
    }
  });
});

describe('a title', () => {
  it('is fewer than 100 characters of printable ASCII, whatever happened', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (headline) => {
        const message = messageAsRaised(alertOf({ headline }), ['sre'], at);
        const { subject, structure } = formsOf(message, false);
        expect(subject).toMatch(/^\[ticket\][\x20-\x7e]{0,91}$/);
        expect((JSON.parse(structure['sqs'] ?? '') as MachineAlert).title).toMatch(/^[\x20-\x7e]{0,99}$/);
        expect(structure['sms']).toMatch(/^[\x20-\x7e]{1,140}$/);
      }),
    );
  });
});

describe('the size of a message', () => {
  const bytesOf = (forms: Forms): number => Buffer.byteLength(JSON.stringify(forms.structure));

  it('is what SNS counts: all forms as one JSON, the subject and the attributes with their types', () => {
    const forms: Forms = { subject: 'ab', structure: { default: 'é"' }, attributes: { author: ['Ann'], why: 'page' } };
    expect(sizeOf(forms)).toBe(
      2 +
        Buffer.byteLength('{"default":"é\\""}') +
        'author'.length +
        'String.Array'.length +
        '["Ann"]'.length +
        'whyStringpage'.length,
    );
  });

  it('never is more than SNS takes, whatever is in it and however JSON writes that', () => {
    const unit = fc.constantFrom('\\', '"', 'é', '🚨', 'x', ' ', '\u0001', 'www.');
    const parts = fc.array(fc.string({ unit, minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 4_000 }), fc.boolean(), (texts, times, chat) => {
        const forms = formsOf(saying(texts.join('').repeat(times).slice(0, 60_000)), chat);
        expect(sizeOf(forms)).toBeLessThanOrEqual(publishAtMost);
        for (const [protocol, form] of Object.entries(forms.structure))
          if (form.startsWith('{') && !(chat && protocol === 'https')) machineSchema.parse(JSON.parse(form));
      }),
      { numRuns: 60 },
    );
  });

  it('is cut only where it must be: up to the limit everything is said', () => {
    const whole = formsOf(saying('x'.repeat(500)), false);
    expect(bytesOf(whole)).toBeLessThan(publishAtMost);
    expect(whole.structure['email']).not.toContain('This is cut');
    expect((JSON.parse(whole.structure['sqs'] ?? '') as MachineAlert).cut).toBe(false);
  });
});
