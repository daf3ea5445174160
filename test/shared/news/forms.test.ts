import { describe, expect, it } from 'vitest';
import { chatOf } from '../../../shared/alert/chat.ts';
import { formsOf } from '../../../shared/alert/forms.ts';
import { emptyGroup } from '../../../shared/alert/group.ts';
import { type Message, messageOf } from '../../../shared/alert/message.ts';
import { takeIn } from '../../../shared/alert/group.ts';
import { newsGroup, newsNotice } from '../../../shared/news/notice.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { entryOf, newsItem, rulesOf } from '../../harness/news.ts';

const now = '2026-11-21T12:00:00.000Z';
const hostile = '<!channel> [approve](http://evil.example) @all\r\nBcc: x@evil.example \u202e\u001b[31m evil.example';

const messageFor = (over: Partial<Draft>, set = 'security'): Message => {
  const entry = entryOf(over);
  const [rule] = rulesOf(entry, [newsItem({ name: set })]);
  if (rule === undefined) throw new Error('it is nobody’s news');
  const input = { type: 'notice', seq: entry.seq, notice: newsNotice(rule, entry) } as const;
  return messageOf({ group: newsGroup(rule, entry), state: takeIn(emptyGroup, input, now), why: 'first', to: [], now });
};

const signIn: Partial<Draft> = {
  kind: 'sign-in',
  source: { name: 'aws.signin', account: '111122223333', region: 'eu-west-1', id: null, digest: null },
  actor: { type: 'person', id: `arn:aws:iam::111122223333:user/${hostile}`, name: hostile, verified: true },
  detail: { mfa: false, sourceIp: hostile },
};
const deployed: Partial<Draft> = {
  kind: 'release.reached',
  source: { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null },
  environment: 'production',
  service: 'shop',
  change: { repository: 'shop', commit: 'a'.repeat(40) },
  detail: { incident: null, release: { byRollback: false, commit: 'a'.repeat(40), subject: hostile, author: hostile } },
};

describe.each([
  ['who signed in', messageFor(signIn)],
  ['a commit message', messageFor(deployed, 'community')],
])('what others wrote into %s', (_, message) => {
  const { subject, structure } = formsOf(message, false);

  it('makes no title that SNS refuses', () => {
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
  });

  it('leads nowhere in mail, in a text message or in a chat', () => {
    const { content } = chatOf(message);
    for (const form of [structure['email'], structure['sms'], content.title, content.description])
      expect(form).not.toMatch(/https?:\/\/|\bevil\.example|\w@evil/);
  });

  it('calls nobody and marks nothing up in a chat', () => {
    const { content } = chatOf(message);
    expect(content.title + content.description).not.toMatch(/<!channel>|@all|\]\(/);
  });

  it('adds no line and no control character', () => {
    expect(structure['email']).not.toMatch(/^Bcc/m);
    expect(`${structure['email']}${structure['sms']}`).not.toMatch(/[\u202a-\u202e]|(?!\n)\p{Cc}/u);
  });
});

describe('news in a chat', () => {
  it('say who, when, where, and how to see all of it', () => {
    const actor = { type: 'person', id: 'arn:aws:iam::111122223333:user/mia', name: 'mia', verified: true } as const;
    const { description } = chatOf(messageFor({ ...signIn, actor, detail: { mfa: false } })).content;
    expect(description.replaceAll('\u200b', '')).toBe(
      [
        '*who* arn:aws:iam::111122223333:user/mia',
        '*when* 2026-11-21 12:00:05 UTC, account 111122223333, eu-west-1',
        '*entry* escalator entry 7',
      ].join('\n'),
    );
  });
});
