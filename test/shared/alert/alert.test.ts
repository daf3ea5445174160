import { describe, expect, it } from 'vitest';
import { tellersOf, topicsOf } from '../../../shared/alert/route.ts';
import { formsOf } from '../../../shared/alert/forms.ts';
import { type Message, messageAsRaised } from '../../../shared/alert/message.ts';
import { textOf } from '../../../shared/alert/text.ts';
import type { Alert } from '../../../shared/ladder/events.ts';
import { alertOf } from '../../harness/alert.ts';

const rolledBack = alertOf({
  id: 'production/shop#9',
  headline: 'shop in production: level deploy, about to roll back to 9f8e7d6',
  change: { repository: 'shop', commit: 'a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4' },
  author: 'Ann',
  subject: 'Sell faster',
  done: ['deploy: redeployed a1b2c3d (done)'],
  next: 'carry it out, then do nothing for its quiescence',
});
const at = '2026-11-21T14:01:19.000Z';
const message = (given: Alert, over: Partial<Message> = {}): Message => ({
  ...messageAsRaised(given, ['sre'], at),
  ...over,
});
const alertText = (given: Alert) => textOf(message(given));
const alert = (over: Partial<Alert>): Alert => ({ ...rolledBack, ...over });

describe('the text of an alert', () => {
  it('says what happened, where, which commit of whom, what fails, what was done, what comes next, and how to ask why', () => {
    expect(alertText(rolledBack)).toMatchObject({
      subject: '[ticket] shop in production: level deploy, about to roll back to 9f8e7d6',
      body: [
        'shop in production: level deploy, about to roll back to 9f8e7d6',
        '',
        'service: shop in production',
        'since:   2026-11-21 14:01:19 UTC',
        'commit:  a1b2c3d Sell faster',
        'author:  Ann',
        'failing: smoke',
        '',
        'done:',
        '  deploy: redeployed a1b2c3d (done)',
        'next:    carry it out, then do nothing for its quiescence',
        '',
        'why:     escalator why production.shop.5',
      ].join('\n'),
    });
  });

  it('names no environment where it is about Escalator itself', () => {
    expect(alertText(alert({ environment: '', service: 'escalator' })).body).toContain('service: escalator\n');
  });

  it('leaves out what is not known, rather than to say null', () => {
    const { body } = alertText(
      alert({ change: null, author: null, subject: null, failing: [], done: [], incident: null }),
    );
    expect(body.split('\n').map((line) => line.split(':')[0])).toEqual([
      'shop in production',
      '',
      'service',
      'since',
      '',
      'next',
    ]);
  });

  it.each([
    ['a line break and a line that looks like ours', 'ok\nnext: nothing to do', 'ok next: nothing to do'],
    ['a carriage return', 'good\rbad', 'good bad'],
    ['terminal escapes', 'a\u001b[31mred\u001b[0m\u0007', 'a [31mred [0m'],
    ['marks that turn the writing direction', 'abc\u202edcba\u2066x', 'abc dcba x'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
  ])('lets nothing through that could pass for its own words: %s', (_what, subject, shown) => {
    expect(alertText(alert({ subject })).body.split('\n')).toContain(`commit:  a1b2c3d ${shown}`);
  });

  it.each([
    ['not ASCII', 'Größe überschritten 🚨'],
    ['over a hundred characters', 'x'.repeat(400)],
    ['broken into lines', 'one\ntwo\r\nthree'],
    ['empty', ''],
  ])('has a subject that SNS takes when the headline is %s', (_what, headline) => {
    expect(alertText(alert({ headline })).subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
  });

  it('is at most 256 KB in all its forms together, cut between characters', () => {
    const deeds = Array.from({ length: 3 }, () => '🚨'.repeat(50_000));
    const given = alert({ done: deeds, headline: '🚨'.repeat(9_000), author: '🚨'.repeat(9_000), failing: deeds });
    for (const chat of [true, false]) {
      const { structure, attributes } = formsOf(message(given, { also: deeds }), chat);
      expect(Buffer.byteLength(JSON.stringify({ structure, attributes }))).toBeLessThanOrEqual(256 * 1024);
      expect(JSON.stringify(structure)).not.toContain('\ufffd');
      for (const name of ['sqs', 'https']) expect(JSON.parse(structure[name] ?? '')).toBeTypeOf('object');
    }
  });
});

describe('the topics of an alert', () => {
  const topics = { sre: { sns: 'escalator-sre' }, shop_team: { sns: 'shop' } };
  const routed = (routes: { match: { [field: string]: unknown }; to: string }[], over: Partial<Alert> = {}) =>
    topicsOf(alert(over), tellersOf({ routes, topics }));

  it('are those of every route that matches it', () => {
    const routes = [
      { match: { environment: ['production'] }, to: 'sre' },
      { match: { service: [{ prefix: 'sh' }] }, to: 'shop_team' },
      { match: { severity: ['page'] }, to: 'shop_team' },
    ];
    expect(routed(routes)).toEqual(['sre', 'shop_team']);
    expect(routed(routes, { service: 'till' })).toEqual(['sre']);
  });

  it('are named once, however many routes lead there', () => {
    const routes = [
      { match: { environment: ['production'] }, to: 'sre' },
      { match: { service: ['shop'] }, to: 'sre' },
    ];
    expect(routed(routes)).toEqual(['sre']);
  });

  it('are all there are when no route wants it: an alert that nobody gets must not be', () => {
    expect(routed([{ match: { environment: ['staging'] }, to: 'sre' }])).toEqual(['sre', 'shop_team']);
    expect(routed([])).toEqual(['sre', 'shop_team']);
  });
});
