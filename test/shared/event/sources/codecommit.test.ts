import { describe, expect, it } from 'vitest';
import { bodyOf, eventOf, factOf, fixture, groupsOf, locate } from '../harness.ts';

const old = '3f1c0de4b5a69788796a5b4c3d2e1f0011223344';
const commit = '9c8b7a6f5e4d3c2b1a09f8e7d6c5b4a392817263';
const repository = 'arn:aws:codecommit:eu-west-1:111122223333:shop';
const ada = 'arn:aws:sts::111122223333:assumed-role/Developer/ada';

describe('a reference that moved', () => {
  it('names the repository, both commits and the authenticated pusher', () => {
    expect(fixture('codecommit/reference-updated.json', { locate })).toMatchObject({
      kind: 'reference.updated',
      subject: repository,
      environment: 'production',
      service: 'shop',
      change: { repository: 'shop', commit },
      actor: { type: 'role-session', id: ada, role: 'arn:aws:iam::111122223333:role/Developer', session: 'ada' },
      detail: {
        repository: 'shop',
        ref: 'refs/heads/main',
        refType: 'branch',
        branch: 'main',
        old,
        new: commit,
        pusher: ada,
      },
    });
  });

  it('is one fact by repository, reference, commits and time', () => {
    const { key } = fixture('codecommit/reference-updated.json');
    expect(key).toBe(`${repository}#refs/heads/main,${old},${commit},2026-11-20T09:12:31Z`);
  });

  it('is a new fact when it moves away, back, and again', () => {
    const again = { ...eventOf('codecommit/reference-updated.json'), time: '2026-11-20T10:12:31Z' };
    expect(factOf(again).key).not.toBe(fixture('codecommit/reference-updated.json').key);
  });

  it('is the same fact through SNS, through SQS, through both, and replayed', () => {
    const wrapped = ['sns-of-reference-updated', 'sqs-of-sns-of-reference-updated', 'lambda-of-sns', 'replayed'];
    const keys = wrapped.map((name) => fixture(`odd/${name}.json`).key);
    expect(new Set(keys)).toEqual(new Set([fixture('codecommit/reference-updated.json').key]));
  });

  it('has no old commit when it is new, and no change when it is gone', () => {
    expect(fixture('codecommit/reference-created.json').detail).toMatchObject({ old: null, new: old });
    expect(fixture('codecommit/reference-deleted.json')).toMatchObject({
      change: null,
      detail: { old: commit, new: null },
    });
  });

  it('that is a tag has no branch', () => {
    const { detail } = fixture('codecommit/reference-updated-tag.json');
    expect(detail).toMatchObject({ refType: 'tag', ref: 'refs/tags/v2' });
    expect(detail).not.toHaveProperty('branch');
  });

  it('names a person as verified only where somebody vouches for it', () => {
    const name = 'codecommit/reference-created.json';
    expect(fixture(name).actor).toMatchObject({ type: 'person', name: 'mia', verified: true });
    expect(fixture(name, { identitiesVerified: false }).actor).toMatchObject({ name: 'mia', verified: false });
  });
});

describe('a merge by CodeCommit', () => {
  it('says how, and what was merged into what', () => {
    expect(fixture('codecommit/reference-updated-by-merge.json').detail).toMatchObject({
      merge: { option: 'three-way-merge', base: old, source: commit, onto: old },
    });
  });

  it('is no part of a push', () => {
    expect(fixture('codecommit/reference-updated.json').detail).not.toHaveProperty('merge');
  });

  it('that no reference points to is a commit by itself', () => {
    expect(fixture('codecommit/merge-commit-created.json', { locate })).toMatchObject({
      service: 'shop',
      change: { repository: 'shop', commit },
      actor: { session: 'ada' },
    });
  });
});

describe('a caller', () => {
  it('whom the event does not name is unknown', () => {
    expect(fixture('codecommit/reference-updated-without-caller.json')).toMatchObject({
      actor: { type: 'unknown' },
      detail: { pusher: null },
    });
  });
});

describe('a notification about a repository', () => {
  it.each(['reference-updated', 'pull-request-approved'])('of %s is the same fact as the event', (name) => {
    const notified = fixture(`codecommit/notified-${name}.json`);
    const { key, kind, actor } = fixture(`codecommit/${name}.json`);
    expect(notified).toMatchObject({ key, kind, actor });
  });
});

describe('a trigger of a repository', () => {
  it('tells of each reference, and never counts as a move: it does not say where the reference stood', () => {
    const facts = groupsOf(bodyOf('codecommit/trigger.json'), { locate }).flatMap(({ entries }) => entries);
    expect(facts.map(({ kind, outcome, change }) => [kind, outcome, change?.commit])).toEqual([
      ['repository-trigger.fired', 'updated', commit],
      ['repository-trigger.fired', 'created', old],
      ['repository-trigger.fired', 'deleted', undefined],
    ]);
    expect(facts[0]).toMatchObject({
      subject: repository,
      service: 'shop',
      occurredAt: '2026-11-20T09:12:32.475Z',
      actor: { type: 'role-session', session: 'ada' },
      source: { name: 'aws.codecommit', account: '111122223333', region: 'eu-west-1' },
      detail: { trigger: 'build', ref: 'refs/heads/main', new: commit, event: { customData: 'shop' } },
    });
  });

  it('that is tested carries no change: nobody pushed', () => {
    for (const name of ['trigger-test', 'trigger-test-without-reference'])
      expect(fixture(`codecommit/${name}.json`)).toMatchObject({ outcome: 'tested', change: null });
  });
});

describe('a comment', () => {
  it('on a pull request is about that, and about the commit it was made on', () => {
    expect(fixture('codecommit/comment-on-pull-request-deleted.json')).toMatchObject({
      subject: `${repository}/pull-request/7`,
      actor: { type: 'person', name: 'mia' },
      change: { repository: 'shop', commit },
    });
  });

  it('on a commit is about the repository, by its name and not by its id', () => {
    const event = eventOf('codecommit/comment-on-commit.json');
    const detail = { ...event.detail, repositoryId: '5a0c2f0e-2d5b-4c57-9a7e-1f2e3d4c5b6a' };
    expect(factOf({ ...event, detail }).change).toEqual({ repository: 'shop', commit });
  });

  it('may be reacted to', () => {
    expect(fixture('codecommit/comment-reaction.json').detail).toMatchObject({ reactions: [':thumbsup:'] });
  });
});

describe('a template of approval rules', () => {
  it('belongs where the one repository does that it was tied to', () => {
    const fact = fixture('codecommit/approval-rule-template-associated.json', { locate });
    expect(fact).toMatchObject({ service: 'shop', actor: { name: 'mia' }, detail: { repositories: ['shop'] } });
    expect(fixture('codecommit/approval-rule-template.json', { locate }).service).toBeNull();
  });
});

describe('a pull request', () => {
  it('is a subject of its own in its repository', () => {
    expect(fixture('codecommit/pull-request-approved.json')).toMatchObject({
      subject: `${repository}/pull-request/7`,
      actor: { type: 'role-session', session: 'ada' },
      occurredAt: '2026-11-20T08:46:11.000Z', // its own time, not that of the last modification
      change: { repository: 'shop', commit },
      detail: { pullRequest: '7', title: 'Show prices with tax' },
    });
  });

  it('is another fact at another time, and where no time is told by all that is', () => {
    const event = eventOf('codecommit/pull-request-approved.json');
    const later = factOf({ ...event, time: '2026-11-20T08:46:12Z' });
    expect(later.key).not.toBe(factOf(event).key);
    const [one, other] = ['one', 'other'].map((title) => ({ ...event, time: '', detail: { ...event.detail, title } }));
    expect(factOf(one ?? {}).key).not.toBe(factOf(other ?? {}).key);
  });

  it('that was approved is another fact than the same approval taken back', () => {
    const keys = ['approved', 'approval-revoked'].map((name) => fixture(`codecommit/pull-request-${name}.json`).key);
    expect(new Set(keys).size).toBe(2);
  });

  it('that was merged says how, and what came of it', () => {
    expect(fixture('codecommit/pull-request-merged.json').detail).toMatchObject({
      mergeOption: 'SQUASH_MERGE',
      mergeCommit: commit,
      sourceRef: 'refs/heads/tax',
      destinationRef: 'refs/heads/main',
      destinationCommit: old,
    });
  });

  it('that was merged once is one fact, though its status is said to have changed too', () => {
    const merged = fixture('codecommit/pull-request-merged.json');
    expect(fixture('codecommit/pull-request-status-changed-merged.json').key).toBe(merged.key);
  });

  it('whose state changed while it is open was neither merged nor closed', () => {
    const event = eventOf('codecommit/pull-request-merged.json');
    const open = { ...event.detail, isMerged: 'False', pullRequestStatus: 'Open' };
    expect(factOf({ ...event, detail: open }).kind).toBe('pull-request.updated');
  });

  it('may have for an author only the id of a principal; who opened it is told by their ARN', () => {
    expect(fixture('codecommit/pull-request-author-is-principal-id.json')).toMatchObject({
      actor: { type: 'role-session', session: 'ada' },
      detail: { author: 'AIDAI2Y6GR62QVEXAMPLE' },
    });
  });

  it('whose rules were set aside, and put back, says both', () => {
    const outcomes = ['rules-overridden', 'override-revoked'].map(
      (name) => fixture(`codecommit/pull-request-${name}.json`).outcome,
    );
    expect(outcomes).toEqual(['approval-rules-overridden', 'override-revoked']);
  });

  it('names the rule that was made or deleted', () => {
    expect(fixture('codecommit/pull-request-approval-rule-deleted.json')).toMatchObject({
      outcome: 'deleted',
      detail: { approvalRule: 'two eyes' },
    });
  });
});
