import { beforeEach, describe, expect, it } from 'vitest';
import { livesAtMostMs, sendAlert } from '../../../functions/send-alert/send-alert.ts';
import type { AlertMessage } from '../../../shared/ports.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryTrail, memoryTries } from '../../harness/memory-trail.ts';
import { alertOf, raiseOn } from '../../harness/alert.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const topics = { sre: { sns: 'escalator-sre' }, team: { sns: 'shop-team' } };
const routes = [
  { match: { service: ['shop'] }, to: 'sre' },
  { match: { service: ['shop'] }, to: 'team' },
];
const alert = alertOf();

let trail: ReturnType<typeof memoryTrail>;
let message: AlertMessage;
let published: string[];
let broken: Set<string>;
let tries: ReturnType<typeof memoryTries>;
let now: number;

beforeEach(async () => {
  trail = memoryTrail();
  published = [];
  broken = new Set();
  tries = memoryTries();
  now = Date.parse('2026-11-21T12:00:00.000Z');
  message = await raiseOn(trail, alert);
});

const send = () =>
  sendAlert({
    trail,
    tries,
    config: { routes, topics },
    source,
    now: () => new Date(now),
    publish: (topic, { subject }) => {
      if (broken.has(topic)) return Promise.reject(new Error(`${topic} does not answer`));
      published.push(`${topic}: ${subject}`);
      return Promise.resolve(`id-${published.length}`);
    },
  })(message);

const timesTo = (topic: string): number => published.filter((line) => line.startsWith(`${topic}:`)).length;
const kinds = (): string[] => trail.entries.map(({ kind }) => kind);

const sent = () => trail.entries.filter(({ kind }) => kind === 'alert.sent').map(({ detail }) => detail);

describe('send-alert', () => {
  it('publishes the alert at its place on the trail to each topic, and records each', async () => {
    await send();
    const subject = '[ticket] shop in production: smoke failing';
    expect(published).toEqual([`sre: ${subject}`, `team: ${subject}`]);
    const about = { alert: 'production/shop#5', incident: 'production.shop.5' };
    expect(sent()).toEqual([
      { ...about, topic: 'sre', messageId: 'id-1' },
      { ...about, topic: 'team', messageId: 'id-2' },
    ]);
  });

  it('publishes nothing when the message comes again', async () => {
    await send();
    await send();
    expect(published).toHaveLength(2);
    expect(sent()).toHaveLength(2);
  });

  it('comes back when a topic did not take it, and then sends only what is left', async () => {
    broken.add('sre');
    await expect(send()).rejects.toThrow('sre does not answer');
    expect(published.map((line) => line.split(':')[0])).toEqual(['team']);
    broken.clear();
    await send();
    expect(published.map((line) => line.split(':')[0])).toEqual(['team', 'sre']);
  });

  it('sends again what was sent and not recorded: a duplicate beats a missed alert', async () => {
    const { append } = trail;
    trail.append = () => Promise.reject(new Error('the table does not answer'));
    await expect(send()).rejects.toThrow('the table does not answer');
    trail.append = append;
    await send();
    expect(published).toHaveLength(4);
    expect(sent()).toHaveLength(2);
  });

  it('publishes nothing while the record cannot be read: it may have been sent', async () => {
    trail.find = () => Promise.reject(new Error('the table does not answer'));
    await expect(send()).rejects.toThrow('the table does not answer');
    expect(published).toEqual([]);
  });

  it('comes back when there is nothing at the place it was given', async () => {
    message = { segment: 7, seq: 70 };
    await expect(send()).rejects.toThrow('no entry 70 in segment 7');
  });
});

describe('an alert whose sender dies again and again between the topic and the record', () => {
  const comesBackMs = livesAtMostMs + 60_000;
  const appends = { works: (): void => {}, breaks: (): void => {} };

  beforeEach(() => {
    const { append } = trail;
    appends.works = () => (trail.append = append);
    appends.breaks = () => (trail.append = () => Promise.reject(new Error('the table does not answer')));
  });

  const receives = async (times: number): Promise<void> => {
    for (let receive = 0; receive < times; receive += 1) {
      await send().catch(() => {});
      now += comesBackMs;
    }
  };

  it('is published three times at most, at five receives and at fifty', async () => {
    appends.breaks();
    await receives(5);
    expect([timesTo('sre'), timesTo('team')]).toEqual([3, 3]);
    await receives(45);
    expect([timesTo('sre'), timesTo('team')]).toEqual([3, 3]);
  });

  it('is then put on record as one that nobody is sure of, and people are told so by an alert of its own', async () => {
    appends.breaks();
    await receives(3);
    appends.works();
    await receives(2);
    expect(kinds()).toEqual(['alert.raised', 'alert.unsure', 'alert.raised', 'alert.unsure', 'alert.raised']);
    const [, unsure, raised] = trail.entries;
    expect(unsure?.detail).toMatchObject({ alert: 'production/shop#5', topic: 'sre', tries: 3 });
    expect(raised?.detail['alert']).toMatchObject({
      id: 'production/shop#5/sre/again',
      severity: 'page',
      headline: 'perhaps nobody was told: shop in production: smoke failing',
    });
    expect(published).toHaveLength(6);
  });

  it('does not breed: of the alert that tells of it nothing more is told', async () => {
    const again = { ...alert, id: 'production/shop#5/again' };
    const raised = draftOf({
      kind: 'alert.raised',
      environment: 'production',
      service: 'shop',
      detail: { alert: again },
    });
    const [recorded] = await trail.append([{ key: 'again', entries: [raised] }]);
    message = { segment: recorded?.place.segment ?? -1, seq: recorded?.place.seq ?? -1 };
    appends.breaks();
    await receives(3);
    appends.works();
    await receives(1);
    expect(kinds()).toEqual(['alert.raised', 'alert.raised', 'alert.unsure', 'alert.unsure']);
  });

  it('is not given up while the last sender may live: it comes back', async () => {
    appends.breaks();
    await receives(2);
    await send().catch(() => {});
    appends.works();
    now += livesAtMostMs;
    await expect(send()).rejects.toThrow('being given to sre by others');
    expect(kinds()).toEqual(['alert.raised']);
  });

  it('is sent as soon as a topic takes it again, however often it refused', async () => {
    broken.add('sre').add('team');
    await receives(20);
    broken.clear();
    await receives(1);
    expect([timesTo('sre'), timesTo('team')]).toEqual([1, 1]);
    expect(sent()).toHaveLength(2);
  });

  it('is published three times at most by five senders at once', async () => {
    await Promise.allSettled([send(), send(), send(), send(), send()]);
    expect([timesTo('sre'), timesTo('team')]).toEqual([3, 3]);
    expect(sent()).toHaveLength(2);
  });

  it('is not published where it cannot be counted', async () => {
    tries.begin = () => Promise.reject(new Error('the table does not answer'));
    await expect(send()).rejects.toThrow('the table does not answer');
    expect(published).toEqual([]);
  });
});
