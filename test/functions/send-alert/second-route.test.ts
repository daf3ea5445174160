import { beforeEach, describe, expect, it } from 'vitest';
import { sendAlert } from '../../../functions/send-alert/send-alert.ts';
import type { AlertMessage } from '../../../shared/ports.ts';
import { memoryTrail, memoryTries } from '../../harness/memory-trail.ts';
import { alertOf, raiseOn } from '../../harness/alert.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const topics = { sre: { sns: 'escalator-sre' }, lead: { sns: 'escalator-lead' } };
const routes = [{ match: { service: ['shop'] }, to: 'sre', escalate: [{ to: 'lead', after: 900_000 }] }];
const begins = Date.parse('2026-11-21T12:00:00.000Z');
const minute = 60_000;

/** How SNS fails: each by the name and status of its own answer. */
const answers = {
  'topic deleted': Object.assign(new Error('Topic does not exist'), answered('NotFound', 404)),
  'key disabled': Object.assign(new Error('the key is disabled'), answered('KMSDisabled', 400)),
  'not allowed': Object.assign(new Error('is not authorized'), answered('AuthorizationError', 403)),
  throttled: Object.assign(new Error('Rate exceeded'), answered('Throttled', 429)),
  'nobody answers': Object.assign(new Error('no answer'), { name: 'TimeoutError' }),
  'out of order': Object.assign(new Error('internal'), answered('InternalError', 500)),
};
function answered(name: string, httpStatusCode: number) {
  return { name, $fault: httpStatusCode < 500 ? 'client' : 'server', $metadata: { httpStatusCode } };
}

let trail: ReturnType<typeof memoryTrail>;
let tries: ReturnType<typeof memoryTries>;
let message: AlertMessage;
let now: number;
let fails: { [topic: string]: Error };
let published: { topic: string; text: string }[];
beforeEach(async () => {
  trail = memoryTrail(() => new Date(now));
  tries = memoryTries();
  [now, fails, published] = [begins, {}, []];
  message = await raise();
});

const raise = (key = 'ladder/production/shop#5'): Promise<AlertMessage> =>
  raiseOn(trail, alertOf({ severity: 'page', id: key }), key);

/** A receive of the message; what comes of it is whether it comes back. */
const receive = async (one = message): Promise<'done' | 'comes back'> =>
  sendAlert({
    trail,
    tries,
    config: { routes, topics },
    source,
    now: () => new Date(now),
    publish: (topic, { structure }) => {
      if (fails[topic] !== undefined) return Promise.reject(fails[topic]);
      published.push({ topic, text: structure['default'] ?? '' });
      return Promise.resolve(`id-${published.length}`);
    },
  })(one).then(
    () => 'done',
    () => 'comes back',
  );

const to = (): string[] => published.map(({ topic }) => topic);
const sent = () => trail.entries.filter(({ kind }) => kind === 'alert.sent').map(({ detail }) => detail);

describe('a topic that does not take a message', () => {
  it.each(['topic deleted', 'key disabled', 'not allowed'] as const)(
    '%s: trying again does not help, so it goes by the second route at once',
    async (how) => {
      fails = { sre: answers[how] };
      expect(await receive()).toBe('comes back');
      expect(to()).toEqual(['lead']);
      expect(sent()).toMatchObject([{ topic: 'lead', insteadOf: 'sre', why: 'refused' }]);
      expect(published[0]?.text).toContain('you get this because topic sre refuses messages');
    },
  );

  it.each(['throttled', 'nobody answers', 'out of order'] as const)(
    '%s: it is tried again for a minute, and then goes by the second route',
    async (how) => {
      fails = { sre: answers[how] };
      expect(await receive()).toBe('comes back');
      now += minute - 1;
      expect(await receive()).toBe('comes back');
      expect(to()).toEqual([]);
      now += 1;
      expect(await receive()).toBe('comes back');
      expect(sent()).toMatchObject([{ topic: 'lead', insteadOf: 'sre', why: 'late' }]);
    },
  );

  it('is not left out: its own people are told as well once it takes messages again, and nobody twice', async () => {
    fails = { sre: answers.throttled };
    for (let receives = 0; receives < 20; receives += 1, now += 3 * minute) await receive();
    expect(to()).toEqual(['lead']);
    fails = {};
    expect([await receive(), await receive()]).toEqual(['done', 'done']);
    expect(to()).toEqual(['lead', 'sre']);
    expect(sent().map(({ topic }) => topic)).toEqual(['lead', 'sre']);
  });

  it('costs nobody else time: the second route is not asked where the topic takes it', async () => {
    expect(await receive()).toBe('done');
    expect(to()).toEqual(['sre']);
  });
});

describe('an hour in which no topic takes anything', () => {
  it('loses no message, and publishes none more than three times to a topic', async () => {
    const messages = [message];
    for (let n = 6; n < 30; n += 1) messages.push(await raise(`ladder/production/shop#${n}`));
    fails = { sre: answers['out of order'], lead: answers['out of order'] };
    for (; now < begins + 60 * minute; now += 3 * minute) for (const one of messages) await receive(one);
    expect(published).toEqual([]);
    fails = {};
    for (const one of messages) expect(await receive(one)).toBe('done');
    expect(sent()).toHaveLength(messages.length);
    expect(to()).toEqual(messages.map(() => 'sre'));
  });

  it('of its own topic only: everybody behind it is told within two minutes, by the other', async () => {
    fails = { sre: answers['out of order'] };
    await receive();
    now += 2 * minute;
    await receive();
    expect(to()).toEqual(['lead']);
  });
});

describe('a second route', () => {
  it('is counted like any other: three times at most, wherever its sender dies', async () => {
    fails = { sre: answers['topic deleted'] };
    const { append } = trail;
    trail.append = () => Promise.reject(new Error('the table does not answer'));
    for (let receives = 0; receives < 10; receives += 1, now += 5 * minute) await receive();
    expect(to()).toEqual(['lead', 'lead', 'lead']);
    trail.append = append;
    await receive();
    expect(trail.entries.map(({ kind }) => kind)).toEqual(['alert.raised', 'alert.unsure', 'alert.raised']);
  });

  it('has no third behind it', async () => {
    fails = { sre: answers['topic deleted'], lead: answers['topic deleted'] };
    expect(await receive()).toBe('comes back');
    expect(sent()).toEqual([]);
  });

  it('is not taken where nothing can be counted or put on record: that is not the topic that fails', async () => {
    tries.begin = () => Promise.reject(new Error('the table does not answer'));
    now += 10 * minute;
    expect(await receive()).toBe('comes back');
    expect(to()).toEqual([]);
  });
});
