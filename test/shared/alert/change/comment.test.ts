import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentOn } from '../../../../shared/alert/change/comment.ts';
import { formsOf } from '../../../../shared/alert/forms.ts';
import type { News, Tracked } from '../../../../shared/alert/change/state.ts';
import { newTracked } from '../../../../shared/alert/change/state.ts';
import { changesOf, commit, described, pushed } from '../../../harness/changes.ts';

const news = (says: string): News => ({
  name: 'stopped',
  key: 'stopped',
  at: '2026-11-21T12:00:00.000Z',
  says,
  next: 'nothing to do',
  where: null,
  incident: null,
  ready: '2026-11-21T12:00:00.000Z',
  to: { topic: true, comment: true },
});
const change: Tracked = newTracked(commit('a'), 'shop');
const textOf = (says: string): string => commentOn({ id: '', change, news: news(says), whose: '' }, 'group#1/1').text;

/** The line that holds other people's text. */
const said = (says: string): string => textOf(says).split('\n')[0] ?? '';

describe('a comment on a commit', () => {
  it('says in few words what happened, what comes next, and where more stands', () => {
    expect(textOf('stopped: Test in stage Build failed')).toBe(
      [
        '**Escalator:** aaaaaaa stopped: Test in stage Build failed (2026-11-21 12:00:00 UTC)',
        'Next: nothing to do.',
        '`escalator change aaaaaaa` shows more.',
      ].join('\n\n'),
    );
  });

  it.each([
    ['HTML', '<img src=x onerror=alert(1)>', /<|>/],
    ['an entity', '&lt;b&gt;', /&lt;b/],
    ['a link', '[approve](http://evil.example)', /(?<!\\)\]\(|:\/\//],
    ['a picture', '![x](http://evil.example/p.png)', /(?<!\\)!|:\/\//],
    ['a mention', '<!channel> @ada', /<|@/],
    ['code', '`rm -rf`', /(?<!\\)`/],
    ['emphasis', '**bold** _it_ ~~gone~~', /(?<!\\)[_~]|bold\*\*/],
    ['a table', 'a | b', /(?<!\\)\|/],
    ['an escape', '\u001b[2Jgone', /\p{Cc}/u],
    ['line breaks', 'one\n\n# two\r\n> three\u2028four', /\n|\r|\u2028/],
    ['bidi and invisible marks', 'a\u202eb\u2066c\u200bd\ufeffe', /[\u202a-\u202e\u2066-\u2069\u200b\ufeff]/],
  ])('marks up nothing, leads nowhere and calls nobody by %s', (_, hostile, found) => {
    expect(said(hostile).replace('**Escalator:**', '')).not.toMatch(found);
  });

  it('is one line of other people’s text, and shorter than CodeCommit takes, whatever they write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(textOf(text).split('\n\n')).toHaveLength(3);
        expect(textOf(text).length).toBeLessThan(10_240);
        expect(said(text)).not.toMatch(/[\p{Cc}<>@]/u);
      }),
    );
  });
});

describe('a change of which others wrote the texts', () => {
  it('is told with names that make no line and no attribute of their own', () => {
    const changes = changesOf();
    changes.at(0, pushed('a', { by: 'mia\n"quoted"' }));
    changes.at(1, described('a', 'Ada\r\nBcc: all "L"', 'a\nb'));
    changes.until(60);
    const [message] = changes.decisions.flatMap(({ messages }) => messages);
    if (message === undefined) throw new Error('nothing was told');
    const { attributes, subject } = formsOf(message, false);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(attributes['author']).toEqual(['Ada Bcc: all "L"', 'ada bcc: all "l"@example.com']);
    expect(attributes['pusher']).toBe('mia "quoted"');
  });
});
