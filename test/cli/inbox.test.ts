import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostile } from './answers.ts';
import { startWorld, type World } from './harness.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const letter = (over: object = {}) => ({
  id: 'm-1',
  at: '2026-11-21T12:04:00.000Z',
  topic: 'escalator-sre',
  subject: '[page] shop in production: smoke failing',
  alert: { headline: `smoke failing ${hostile}`, incident: 'production.shop.5', action: 'trigger', why: 'page' },
  forms: [
    { protocols: ['email'], text: `service: shop\ncommit:  ${hostile}` },
    { protocols: ['sms'], text: '[page] smoke failing' },
  ],
  attributes: {},
  deliveries: [
    { protocol: 'sqs', endpoint: 'arn:q', state: 'delivered', tries: 0, error: null, at: '' },
    { protocol: 'http', endpoint: 'http://127.0.0.1:1/', state: 'failed', tries: 4, error: 'it answered 500', at: '' },
  ],
  ...over,
});
const holds = (...letters: object[]): void => {
  world.answers['/api/inbox'] = { items: letters.length === 0 ? [] : [{ key: 'production.shop.5', letters }] };
};

describe('escalator inbox', () => {
  it('lists messages by incident: when, why then, by which topic, who has it, and how to acknowledge', async () => {
    holds(letter());
    const { code, out } = await world.run('inbox');
    expect(code).toBe(0);
    expect(out[0]).toContain('smoke failing');
    expect(out[1]).toMatch(/ page +escalator-sre +taken by 1 of 2, never by http:\/\/127\.0\.0\.1:1\/ +\[page\] shop/);
    expect(out[2]).toBe('  escalator ack production.shop.5 --why TEXT');
  });

  it('prints the whole text as a protocol gets it, and nothing that a terminal would act on', async () => {
    holds(letter());
    const mail = (await world.run('inbox', '--as', 'email')).out.join('\n');
    expect(mail).toContain('  service: shop\n  commit:  ');
    expect(mail).not.toContain('\u001b');
    expect((await world.run('inbox', '--as', 'sms')).out.join('\n')).toContain('  [page] smoke failing');
    const { code, err } = await world.run('inbox', '--as', 'fax');
    expect([code, err.join()]).toEqual([2, expect.stringContaining('wanted: one of email, sms')]);
  });

  it('offers no acknowledgement of what is over', async () => {
    holds(letter({ alert: { headline: 'converged', incident: 'production.shop.5', action: 'resolve', why: 'over' } }));
    expect((await world.run('inbox')).out.join()).not.toContain('ack');
  });

  it('says in words that there is nothing', async () => {
    holds();
    expect((await world.run('inbox')).out).toEqual(['nothing was published so far']);
  });
});
