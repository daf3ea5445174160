import { beforeEach, describe, expect, it } from 'vitest';
import { sendAlert } from '../../../functions/send-alert/send-alert.ts';
import type { Alert } from '../../../shared/ladder/events.ts';
import type { AlertMessage } from '../../../shared/ports.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const topics = { sre: { sns: 'escalator-sre' }, team: { sns: 'shop-team' } };
const routes = [
  { match: { service: ['shop'] }, to: 'sre' },
  { match: { service: ['shop'] }, to: 'team' },
];
const alert: Alert = {
  id: 'production/shop#5',
  incident: 'production.shop.5',
  environment: 'production',
  service: 'shop',
  severity: 'warning',
  headline: 'shop in production: smoke failing',
  change: null,
  author: null,
  subject: null,
  failing: ['smoke'],
  done: [],
  next: 'nothing for 30 s',
};

let trail: ReturnType<typeof memoryTrail>;
let message: AlertMessage;
let published: string[];
let broken: Set<string>;

beforeEach(async () => {
  trail = memoryTrail();
  published = [];
  broken = new Set();
  const raised = draftOf({ kind: 'alert.raised', environment: 'production', service: 'shop', detail: { alert } });
  const [recorded] = await trail.append([{ key: 'ladder/production/shop#5', entries: [raised] }]);
  message = { segment: recorded?.place.segment ?? -1, seq: recorded?.place.seq ?? -1 };
});

const send = () =>
  sendAlert({
    trail,
    config: { routes, topics },
    source,
    publish: (topic, { subject }) => {
      if (broken.has(topic)) return Promise.reject(new Error(`${topic} does not answer`));
      published.push(`${topic}: ${subject}`);
      return Promise.resolve(`id-${published.length}`);
    },
  })(message);

const sent = () => trail.entries.filter(({ kind }) => kind === 'alert.sent').map(({ detail }) => detail);

describe('send-alert', () => {
  it('publishes the alert at its place on the trail to each topic, and records each', async () => {
    await send();
    const subject = '[warning] shop in production: smoke failing';
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
