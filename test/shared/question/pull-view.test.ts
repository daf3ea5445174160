import { describe, expect, it } from 'vitest';
import { evolvePull, type PullView } from '../../../shared/question/pull-view.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';

const person = (name: string) => ({ type: 'person', id: `arn:aws:iam::1:user/${name}`, name, verified: true }) as const;

/** What happens to a pull request, oldest first, as its view. */
const after = (...happened: [kind: string, who: string, detail?: Entry['detail']][]): PullView | null =>
  happened.reduce<PullView | null>((view, [kind, who, detail = {}], seq) => {
    const draft = draftOf({
      kind: `pull-request.${kind}`,
      actor: person(who),
      detail: { pullRequest: '12', ...detail },
    });
    return evolvePull(view, { ...draft, seq } as Entry);
  }, null);

const pushed = { event: { event: 'pullRequestSourceBranchUpdated' } };

describe('a pull request in short', () => {
  it('names who opened it and who approved it', () => {
    const opened = { title: 'Faster', author: 'arn:aws:iam::1:user/ann' };
    expect(
      after(['created', 'ann', opened], ['approved', 'bob'], ['approved', 'eve'], ['merged', 'ann']),
    ).toMatchObject({
      id: '12',
      title: 'Faster',
      author: 'ann',
      approvedBy: ['bob', 'eve'],
    });
  });

  it('forgets an approval that was taken back, and one that was given before another commit came', () => {
    expect(after(['approved', 'bob'], ['approved', 'eve'], ['approval-revoked', 'bob'])?.approvedBy).toEqual(['eve']);
    expect(after(['approved', 'bob'], ['updated', 'ann', pushed], ['approved', 'eve'])?.approvedBy).toEqual(['eve']);
  });

  it('is the same when an entry comes again', () => {
    const once = after(['approved', 'bob']);
    const again = draftOf({
      kind: 'pull-request.approval-revoked',
      actor: person('bob'),
      detail: { pullRequest: '12' },
    });
    expect(evolvePull(once, { ...again, seq: 0 } as Entry)).toEqual(once);
  });

  it('is not told of by a comment on it', () => {
    const comment = draftOf({ kind: 'comment.created', detail: { pullRequest: '12' } });
    expect(evolvePull(null, { ...comment, seq: 1 } as Entry)).toBeNull();
  });
});
