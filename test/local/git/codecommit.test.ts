import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError, type Members } from '../../../local/endpoint/operations.ts';
import { parseCommit } from '../../../local/git/commits.ts';
import { codecommitOperations } from '../../../local/git/operations.ts';
import { seedRepository } from '../../../local/git/repositories.ts';
import { createTold } from '../../../local/git/told.ts';
import { openStore, type Store } from '../../../local/store.ts';

const run = promisify(execFile);

describe('the CodeCommit calls', () => {
  const place = mkdtempSync(join(tmpdir(), 'codecommit-'));
  const dir = join(place, 'git');
  let store: Store;
  let operations: ReturnType<typeof codecommitOperations>;
  const commits: string[] = [];
  const repositoryName = 'shop';

  const call = async (operation: string, input: Members = {}): Promise<Members> =>
    (await operations[operation]?.({ repositoryName, ...input })) as Members;
  const refusal = async (operation: string, input: Members): Promise<string> => {
    try {
      await call(operation, input);
      return 'taken';
    } catch (error) {
      return error instanceof AwsError ? error.code : String(error);
    }
  };

  beforeAll(async () => {
    const from = join(place, 'example');
    mkdirSync(join(from, 'lib'), { recursive: true });
    for (const name of ['a', 'b', 'lib/c', 'lib/d']) writeFileSync(join(from, name), `${name}\n`);
    await seedRepository({ dir, name: 'shop', from, message: 'Begin' });
    const clone = join(place, 'clone');
    const git = async (...args: string[]): Promise<string> => {
      const env = {
        PATH: process.env['PATH'],
        HOME: place,
        GIT_AUTHOR_DATE: '1484167798 -0800',
        GIT_COMMITTER_DATE: '1484167799 +0100',
      };
      const who = ['-c', 'user.name=Ada <Lovelace', '-c', 'user.email=ada@example.com'];
      return (await run('git', ['-C', clone, ...who, ...args], { env })).stdout.trim();
    };
    await run('git', ['clone', '-q', join(dir, 'shop.git'), clone]);
    commits.push(await git('rev-parse', 'HEAD'));
    writeFileSync(join(clone, 'a'), 'changed\n');
    writeFileSync(join(clone, 'lib', 'ü "quoted"'), 'new\n');
    await git('rm', '-q', 'b');
    await git('add', '--all');
    await git('commit', '-q', '-m', 'Change a\n\nTwo lines\tand \u001b[31mmore');
    commits.push(await git('rev-parse', 'HEAD'));
    await git('push', '-q', 'origin', 'main');
    store = openStore({
      dataDir: join(place, 'data'),
      account: '000000000000',
      region: 'us-east-1',
      now: () => new Date('2026-11-21T04:05:06.000Z'),
      newId: () => '7a7d5c7e-0000-4000-8000-000000000001',
      log: () => undefined,
    });
    const { about } = createTold(store.world, store.transaction);
    operations = codecommitOperations({
      dir,
      world: store.world,
      transaction: store.transaction,
      about,
      url: (name) => `http://127.0.0.1:1/${name}`,
    });
  });
  afterAll(async () => {
    await store.close();
    rmSync(place, { recursive: true, force: true });
  });

  it('give a commit with its message as it was written, its parents, and dates as git has them', async () => {
    const { commit } = await call('GetCommit', { commitId: commits[1] });
    expect(commit).toEqual({
      commitId: commits[1],
      treeId: expect.stringMatching(/^[0-9a-f]{40}$/),
      parents: [commits[0]],
      message: 'Change a\n\nTwo lines\tand \u001b[31mmore\n',
      author: { name: expect.stringContaining('Ada'), email: 'ada@example.com', date: '1484167798 -0800' },
      committer: { name: expect.stringContaining('Ada'), email: 'ada@example.com', date: '1484167799 +0100' },
      additionalData: '',
    });
  });

  it('give many commits at once, and say of each that is not there that it is not', async () => {
    const unknown = 'f'.repeat(40);
    const answer = await call('BatchGetCommits', { commitIds: [commits[0], unknown, 'short'] });
    expect(answer['commits']).toMatchObject([{ commitId: commits[0], parents: [] }]);
    expect(answer['errors']).toMatchObject([
      { commitId: unknown, errorCode: 'CommitIdDoesNotExistException' },
      { commitId: 'short', errorCode: 'InvalidCommitIdException' },
    ]);
  });

  it('give what changed between two commits, file by file', async () => {
    const answer = await call('GetDifferences', {
      beforeCommitSpecifier: commits[0],
      afterCommitSpecifier: 'main',
    });
    const blobId = expect.stringMatching(/^[0-9a-f]{40}$/);
    const mode = '100644';
    expect(answer).toEqual({
      differences: [
        { changeType: 'M', beforeBlob: { blobId, path: 'a', mode }, afterBlob: { blobId, path: 'a', mode } },
        { changeType: 'D', beforeBlob: { blobId, path: 'b', mode } },
        { changeType: 'A', afterBlob: { blobId, path: 'lib/ü "quoted"', mode } },
      ],
    });
  });

  it('give everything as added where there is no commit before, in pages, and under a path', async () => {
    const paths = ({ differences }: Members): string[] =>
      (differences as Members[]).map(({ afterBlob }) => (afterBlob as Members)['path'] as string);
    const afterCommitSpecifier = commits[0];
    const first = await call('GetDifferences', { afterCommitSpecifier, MaxResults: 3 });
    const rest = await call('GetDifferences', { afterCommitSpecifier, MaxResults: 3, NextToken: first['NextToken'] });
    expect([paths(first), paths(rest)]).toEqual([['a', 'b', 'lib/c'], ['lib/d']]);
    expect(rest).not.toHaveProperty('NextToken');
    expect(paths(await call('GetDifferences', { afterCommitSpecifier, afterPath: 'lib' }))).toEqual(['lib/c', 'lib/d']);
    const other = { afterCommitSpecifier: 'main', NextToken: first['NextToken'] };
    expect(await refusal('GetDifferences', other)).toBe('InvalidContinuationTokenException');
  });

  it('give a branch, a repository and all repositories', async () => {
    expect(await call('GetBranch', { branchName: 'main' })).toEqual({
      branch: { branchName: 'main', commitId: commits[1] },
    });
    const repositoryId = '7a7d5c7e-0000-4000-8000-000000000001';
    expect(await call('GetRepository')).toMatchObject({
      repositoryMetadata: {
        repositoryId,
        defaultBranch: 'main',
        Arn: 'arn:aws:codecommit:us-east-1:000000000000:shop',
        creationDate: new Date('2026-11-21T04:05:06.000Z'),
      },
    });
    expect(await call('ListRepositories')).toEqual({ repositories: [{ repositoryName: 'shop', repositoryId }] });
  });

  it.each([
    ['GetCommit', { commitId: 'f'.repeat(40) }, 'CommitIdDoesNotExistException'],
    ['GetCommit', { commitId: '--help' }, 'InvalidCommitIdException'],
    ['GetCommit', {}, 'CommitIdRequiredException'],
    ['GetCommit', { repositoryName: 'nothing', commitId: 'f'.repeat(40) }, 'RepositoryDoesNotExistException'],
    ['GetCommit', { repositoryName: '../shop' }, 'InvalidRepositoryNameException'],
    ['GetCommit', { repositoryName: undefined }, 'RepositoryNameRequiredException'],
    ['BatchGetCommits', {}, 'CommitIdsListRequiredException'],
    ['BatchGetCommits', { commitIds: Array(101).fill('f'.repeat(40)) }, 'CommitIdsLimitExceededException'],
    ['GetDifferences', {}, 'CommitRequiredException'],
    ['GetDifferences', { afterCommitSpecifier: 'nothing' }, 'CommitDoesNotExistException'],
    ['GetDifferences', { afterCommitSpecifier: '--output=/tmp/x' }, 'InvalidCommitException'],
    ['GetDifferences', { afterCommitSpecifier: 'main', MaxResults: 0 }, 'InvalidMaxResultsException'],
    ['GetBranch', { branchName: 'nothing' }, 'BranchDoesNotExistException'],
    ['GetBranch', { branchName: 'a..b' }, 'InvalidBranchNameException'],
  ])('%s refuses %o with %s', async (operation, input, code) => {
    expect(await refusal(operation, input)).toBe(code);
  });
});

describe('a commit object', () => {
  it('of the strangest kind is read as far as it goes', () => {
    expect(parseCommit('c', 'tree t\nauthor nobody')).toMatchObject({
      treeId: 't',
      parents: [],
      message: '',
      author: { name: 'nobody', email: '', date: '' },
      committer: { name: '', email: '', date: '' },
    });
  });
});
