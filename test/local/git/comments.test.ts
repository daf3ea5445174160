import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Members } from '../../../local/endpoint/operations.ts';
import { git } from '../../../local/git/git.ts';
import { codecommitOperations } from '../../../local/git/operations.ts';
import { seedRepository } from '../../../local/git/repositories.ts';
import { createTold } from '../../../local/git/told.ts';
import { openStore, type Store } from '../../../local/store.ts';

let place: string;
let store: Store;
let ids: number;
let commits: string[];
let emitted: { detailType: string; detail: { [field: string]: unknown } }[];
let operations: ReturnType<typeof codecommitOperations>;

const openIn = (dir: string) => {
  store = openStore({
    dataDir: join(place, 'data'),
    account: '000000000000',
    region: 'us-east-1',
    now: () => new Date('2026-11-21T04:05:06.000Z'),
    newId: () => `id-${(ids += 1)}`,
    log: () => undefined,
  });
  const { transaction } = store;
  const world = { ...store.world, emit: (event: (typeof emitted)[number]) => void emitted.push(event) };
  const { about } = createTold(world, transaction);
  operations = codecommitOperations({ dir, world, transaction, about, url: (name) => name });
};

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'comments-'));
  ids = 0;
  emitted = [];
  const from = join(place, 'from');
  const dir = join(place, 'git');
  await git(['init', '-q', from]);
  writeFileSync(join(from, 'a'), 'one\n');
  await seedRepository({ dir, name: 'shop', from, message: 'One' });
  const clone = join(place, 'clone');
  await git(['clone', '-q', join(dir, 'shop.git'), clone]);
  const env = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
  await git(['checkout', '-q', '-b', 'next'], { cwd: clone });
  await git(['commit', '-q', '--allow-empty', '-m', 'Two'], { cwd: clone, env });
  await git(['push', '-q', 'origin', 'next'], { cwd: clone });
  commits = (await git(['log', '--format=%H', 'next'], { cwd: clone })).trim().split('\n');
  openIn(dir);
});

afterEach(async () => {
  await store.close();
  rmSync(place, { recursive: true });
});

const call = async (name: string, input: Members): Promise<Members> => (await operations[name]?.(input)) as Members;
const [two, one] = [() => commits[0], () => commits[1]];
const posted = (over: Members = {}) =>
  call('PostCommentForComparedCommit', {
    repositoryName: 'shop',
    beforeCommitId: one(),
    afterCommitId: two(),
    content: 'It stopped',
    clientRequestToken: 't-1',
    ...over,
  });
const contentsOn = async (commit: string | undefined): Promise<string[]> => {
  const answer = await call('GetCommentsForComparedCommit', { repositoryName: 'shop', afterCommitId: commit });
  const pairs = answer['commentsForComparedCommitData'] as { comments: { content: string }[] }[];
  return pairs.flatMap(({ comments }) => comments.map(({ content }) => content));
};

describe('a comment on a commit', () => {
  it('is read where it was made, and told by an event', async () => {
    await posted();
    expect([await contentsOn(two()), await contentsOn(one())]).toEqual([['It stopped'], []]);
    expect(emitted).toMatchObject([
      {
        detailType: 'CodeCommit Comment on Commit',
        detail: { event: 'commentOnCommitCreated', afterCommitId: two(), beforeCommitId: one() },
      },
    ]);
  });

  it('is made once by one token, also when the product was started anew between', async () => {
    const { comment } = await posted();
    await store.close();
    openIn(join(place, 'git'));
    expect((await posted())['comment']).toEqual(comment);
    expect(await contentsOn(two())).toEqual(['It stopped']);
    expect(emitted).toHaveLength(1);
  });

  it.each([
    [{ content: 'Another' }, 'IdempotencyParameterMismatchException'],
    [{ content: '', clientRequestToken: 't-2' }, 'CommentContentRequiredException'],
    [{ content: 'x'.repeat(10_241), clientRequestToken: 't-2' }, 'CommentContentSizeLimitExceededException'],
    [{ afterCommitId: 'f'.repeat(40) }, 'CommitDoesNotExistException'],
    [{ repositoryName: 'till' }, 'RepositoryDoesNotExistException'],
  ])('is refused as CodeCommit does: %o', async (over, code) => {
    await posted();
    await expect(posted(over)).rejects.toMatchObject({ code });
    await expect(posted({ beforeCommitId: two() })).rejects.toMatchObject({
      code: 'BeforeCommitIdAndAfterCommitIdAreSameException',
    });
    expect(await contentsOn(two())).toEqual(['It stopped']);
  });
});

describe('a comment on a pull request', () => {
  const opened = async (): Promise<string> => {
    const targets = [{ repositoryName: 'shop', sourceReference: 'next', destinationReference: 'main' }];
    const { pullRequest } = await call('CreatePullRequest', { title: 'Next', targets, clientRequestToken: 'p-1' });
    return (pullRequest as { pullRequestId: string }).pullRequestId;
  };

  it('stands there and not on the commit', async () => {
    const id = await opened();
    const on = { repositoryName: 'shop', beforeCommitId: one(), afterCommitId: two(), content: 'It waits' };
    await call('PostCommentForPullRequest', { pullRequestId: id, ...on });
    const answer = await call('GetCommentsForPullRequest', { pullRequestId: id });
    expect(answer).toMatchObject({
      commentsForPullRequestData: [{ pullRequestId: id, comments: [{ content: 'It waits' }] }],
    });
    expect(await contentsOn(two())).toEqual([]);
    expect(emitted.map(({ detail }) => detail['event'])).toEqual(['pullRequestCreated', 'commentOnPullRequestCreated']);
  });

  it('is refused where there is no such pull request, which is opened once by one token', async () => {
    expect(await opened()).toBe(await opened());
    const on = { repositoryName: 'shop', beforeCommitId: one(), afterCommitId: two(), content: 'It waits' };
    for (const name of ['PostCommentForPullRequest', 'GetCommentsForPullRequest', 'GetPullRequest'])
      await expect(call(name, { pullRequestId: '99', ...on })).rejects.toMatchObject({
        code: 'PullRequestDoesNotExistException',
      });
  });
});
