import { describe, expect, it } from 'vitest';
import { eventOf, factOf, fixture, locate } from '../harness.ts';

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

describe('a pull request', () => {
  it('is a subject of its own in its repository', () => {
    expect(fixture('codecommit/pull-request-approved.json')).toMatchObject({
      subject: `${repository}/pull-request/7`,
      occurredAt: '2026-11-20T08:45:10.000Z',
      detail: { pullRequest: '7', title: 'Show prices with tax' },
    });
  });

  it('that was approved is another fact than the same approval taken back', () => {
    const keys = ['approved', 'approval-revoked'].map((name) => fixture(`codecommit/pull-request-${name}.json`).key);
    expect(new Set(keys).size).toBe(2);
  });
});
