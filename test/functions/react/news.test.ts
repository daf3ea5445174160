import { beforeEach, describe, expect, it } from 'vitest';
import { tellOf } from '../../../functions/react/tell.ts';
import { take, type TellPorts } from '../../../functions/support/tell.ts';
import type { Message } from '../../../shared/alert/message.ts';
import { textOf } from '../../../shared/alert/text.ts';
import type { Draft, Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';
import { newsItem } from '../../harness/news.ts';
import { tellPorts } from '../../harness/tell-ports.ts';

const begin = Date.parse('2026-11-21T12:00:00.000Z');
let now = begin;
let trail = memoryTrail();
let loads = 0;
let ports: TellPorts & { effects: { alerts: { send: () => Promise<void> } } };

const wanting = (news: ReturnType<typeof newsItem>[]): typeof ports => {
  const made = tellPorts(trail, { news, topics: { sre: { sns: 'sre' }, sec: { sns: 'sec' } } }, () => new Date(now));
  const load: typeof made.groups.load = (group) => {
    loads += 1;
    return made.groups.load(group);
  };
  return { ...made, groups: { ...made.groups, load }, effects: { alerts: { send: () => Promise.resolve() } } };
};

beforeEach(() => {
  now = begin;
  loads = 0;
  trail = memoryTrail(() => new Date(now));
  ports = wanting([newsItem()]);
});

const aws = { name: 'aws.signin', account: '111122223333', region: 'eu-west-1', id: null, digest: null };
const signIn = (name: string): Partial<Draft> => ({
  kind: 'sign-in',
  source: aws,
  actor: { type: 'person', id: `arn:aws:iam::111122223333:user/${name}`, name, verified: true },
  detail: { mfa: false, sourceIp: '203.0.113.7' },
});

const record = async (over: Partial<Draft>): Promise<Entry> => {
  await trail.append([{ key: `fact#${trail.entries.length}`, entries: [draftOf(over)] }]);
  return trail.entries.at(-1) as Entry;
};

const timerOf = async (group: string): Promise<string> => {
  const { timer } = await ports.groups.load(group);
  now = Math.max(now, Date.parse(timer?.due ?? ''));
  return take(ports, group, { type: 'timer', version: timer?.version ?? 0, due: timer?.due ?? '' });
};

const messages = (): Message[] =>
  trail.entries
    .filter(({ kind }) => kind === 'alert.told')
    .map(({ detail }) => detail['message'] as unknown as Message);

describe('an entry that is news', () => {
  it('is told with who, when, where, and how to see all of it', async () => {
    const entry = await record(signIn('mia'));
    await tellOf(ports, entry);
    expect(await timerOf('news:security/sign-in-without-mfa')).toBe('first');
    const [message] = messages();
    expect(message?.to).toEqual(['sec']);
    expect(message && textOf(message)).toMatchInlineSnapshot(`
      {
        "body": "mia signed in to the console without a second factor, from 203.0.113.7

      who:     arn:aws:iam::111122223333:user/mia
      when:    2026-11-21 12:00:00 UTC
      where:   account 111122223333, eu-west-1
      entry:   escalator entry 0
      since:   2026-11-21 12:00:00 UTC

      next:    ask who it was, and have a second factor set up",
        "short": "[ticket] mia signed in to the console without a second factor, from 203.0.113.7",
        "subject": "[ticket] mia signed in to the console without a second factor, from 203.0.113.7",
      }
    `);
  });

  it('is taken in once, however often it comes', async () => {
    const entry = await record(signIn('mia'));
    await tellOf(ports, entry);
    await tellOf(ports, entry);
    expect(trail.entries.filter(({ kind }) => kind === 'alert.decided')).toHaveLength(1);
  });

  it('of a thousand people at once is one message that names the newest, twenty, and how many more', async () => {
    for (let n = 0; n < 1_000; n += 1) await tellOf(ports, await record(signIn(`user-${n}`)));
    await timerOf('news:security/sign-in-without-mfa');
    const [message, ...more] = messages();
    expect(more).toEqual([]);
    expect(message?.alert.headline).toContain('user-999 signed in');
    expect([message?.also.length, message?.more]).toEqual([20, 979]);
    expect(JSON.stringify(await ports.groups.load('news:security/sign-in-without-mfa')).length).toBeLessThan(16_384);
  });

  it('stands on record where what it is about stands', async () => {
    ports = wanting([newsItem({ name: 'approvals', match: { kind: ['approval.requested'] } })]);
    await tellOf(ports, await record({ kind: 'approval.requested', environment: 'production', service: 'shop' }));
    expect(trail.entries.at(-1)).toMatchObject({
      kind: 'alert.decided',
      environment: 'production',
      service: 'shop',
      outcome: 'group-wait',
    });
  });
});

describe('an entry that is nobody’s news', () => {
  it('costs no read and no write', async () => {
    const entry = await record({ ...signIn('mia'), detail: { mfa: true } });
    const before = trail.entries.length;
    await tellOf(ports, entry);
    expect([loads, trail.entries.length - before]).toEqual([0, 0]);
  });
});

describe('news that were taken out of the configuration', () => {
  it('are told no more, also where they waited', async () => {
    await tellOf(ports, await record(signIn('mia')));
    ports = wanting([]);
    expect(await timerOf('news:security/sign-in-without-mfa')).toBe('nobody-wants-it');
    expect(messages()).toEqual([]);
  });
});

describe('where one of two groups cannot take an entry in', () => {
  it('the other does, and the entry comes back', async () => {
    ports = wanting([newsItem(), newsItem({ name: 'mine', match: { kind: ['sign-in'] } })]);
    const { load } = ports.groups;
    const broken = (group: string) =>
      group.startsWith('news:security') ? Promise.reject(new Error('no answer')) : load(group);
    const entry = await record(signIn('mia'));
    await expect(tellOf({ ...ports, groups: { ...ports.groups, load: broken } }, entry)).rejects.toThrow('no answer');
    expect(trail.entries.at(-1)?.detail).toMatchObject({ group: 'news:mine/sign-in/-/-' });
  });
});
