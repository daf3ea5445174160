import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';
import { commentOperations } from './comments.ts';
import { type Commit, parseCommit } from './commits.ts';
import { type Difference, isUnder, parseDifferences } from './differences.ts';
import { git, gitOrNull } from './git.ts';
import { createPulls } from './pull-requests.ts';
import { gitDirOf, gitSource, hasRepository, isCommitId, isRepositoryName, listRepositories } from './repositories.ts';
import type { RepositoryRow } from './told.ts';

export type CodecommitOptions = {
  dir: string;
  world: World;
  transaction: Transaction;
  about: (repository: string) => RepositoryRow;
  url: (repository: string) => string;
};

/**
 * The CodeCommit calls that the product makes, with AWS's member names and exceptions.
 * Source: the CodeCommit API Reference and the SDK's model of it.
 */
export const codecommitOperations = (options: CodecommitOptions): Operations => {
  const gitDir = (input: Members): string => gitDirOf(options.dir, repositoryIn(options.dir, input));
  const here = { ...options, repositoryIn: (input: Members) => repositoryIn(options.dir, input) };
  const pulls = createPulls({
    ...here,
    headOf: (repository, branch) => gitSource(options.dir).head(repository, branch),
  });
  return {
    ...commentOperations({
      ...here,
      commitIn: (repository, commitId) => resolveCommit(gitDirOf(options.dir, repository), commitIdIn({ commitId })),
      pullIn: pulls.pullIn,
    }),
    ...pulls.operations,
    GetCommit: async (input) => ({ commit: await readCommit(gitDir(input), commitIdIn(input)) }),
    BatchGetCommits: (input) => batchGetCommits(gitDir(input), input),
    GetDifferences: (input) => getDifferences(gitDir(input), input),
    GetBranch: (input) => getBranch(gitDir(input), input),
    ListBranches: (input) => listBranches(gitDir(input), input),
    GetRepository: async (input) => ({
      repositoryMetadata: await metadata(options, repositoryIn(options.dir, input)),
    }),
    ListRepositories: async () => ({
      repositories: (await listRepositories(options.dir)).map((repositoryName) => ({
        repositoryName,
        repositoryId: options.about(repositoryName).id,
      })),
    }),
  };
};

const repositoryIn = (dir: string, { repositoryName: name }: Members): string => {
  if (name === undefined || name === '') {
    throw new AwsError('RepositoryNameRequiredException', 'A repository name is required.');
  }
  if (typeof name !== 'string' || !isRepositoryName(name)) {
    throw new AwsError('InvalidRepositoryNameException', 'The repository name is not valid: letters, digits, . _ -');
  }
  if (!hasRepository(dir, name)) throw new AwsError('RepositoryDoesNotExistException', `${name} does not exist`);
  return name;
};

const commitIdIn = ({ commitId }: Members): string => {
  if (commitId === undefined || commitId === '') {
    throw new AwsError('CommitIdRequiredException', 'A commit ID is required.');
  }
  if (typeof commitId !== 'string' || !isCommitId(commitId)) {
    throw new AwsError('InvalidCommitIdException', 'The commit ID is not valid: 40 hexadecimal digits are wanted.');
  }
  return commitId;
};

const readCommit = async (gitDir: string, commitId: string): Promise<Commit> => {
  const text = await gitOrNull(['--git-dir', gitDir, 'cat-file', 'commit', commitId]);
  if (text === null) throw new AwsError('CommitIdDoesNotExistException', `${commitId} does not exist`);
  return parseCommit(commitId, text);
};

/** CodeCommit takes this many ids a call. */
const commitsAtOnce = 100;

/** A commit that cannot be read is an error in the list, not a failed call. */
const batchGetCommits = async (gitDir: string, { commitIds }: Members) => {
  if (!Array.isArray(commitIds) || commitIds.length === 0) {
    throw new AwsError('CommitIdsListRequiredException', 'A list of commit IDs is required.');
  }
  if (commitIds.length > commitsAtOnce) {
    throw new AwsError('CommitIdsLimitExceededException', `At most ${commitsAtOnce} commit IDs are taken at once.`);
  }
  const commits: Commit[] = [];
  const errors: { commitId: string; errorCode: string; errorMessage: string }[] = [];
  for (const commitId of commitIds) {
    try {
      commits.push(await readCommit(gitDir, commitIdIn({ commitId })));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ commitId: String(commitId), errorCode: error.code, errorMessage: error.message });
    }
  }
  return { commits, errors };
};

/** git knows the tree without files under this name, in every repository. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

const getDifferences = async (gitDir: string, input: Members) => {
  const after = await resolveCommit(gitDir, input['afterCommitSpecifier']);
  const given = input['beforeCommitSpecifier'];
  const before = given === undefined ? emptyTree : await resolveCommit(gitDir, given);
  const args = ['--git-dir', gitDir, 'diff-tree', '-r', '-z', '--raw', '--no-renames', before, after];
  const differences = parseDifferences(await git(args)).filter((difference) =>
    isUnder(difference, String(input['beforePath'] ?? ''), String(input['afterPath'] ?? '')),
  );
  return page(differences, input, `${before}.${after}`);
};

/** A branch, a tag, HEAD or a full commit id; nothing of git's richer language. */
const resolveCommit = async (gitDir: string, specifier: unknown): Promise<string> => {
  if (specifier === undefined || specifier === '')
    throw new AwsError('CommitRequiredException', 'A commit is required.');
  if (typeof specifier !== 'string' || !/^[\w][\w./+-]{0,255}$/.test(specifier) || specifier.includes('..')) {
    throw new AwsError('InvalidCommitException', 'The commit specifier is not valid.');
  }
  const found = await gitOrNull(['--git-dir', gitDir, 'rev-parse', '--verify', '--quiet', `${specifier}^{commit}`]);
  if (found === null) throw new AwsError('CommitDoesNotExistException', `${specifier} does not exist`);
  return found.trim();
};

const differencesAtOnce = 400;

/** The token says where to go on, and for which two commits: a branch may move between two pages. */
const page = (differences: Difference[], { MaxResults, NextToken }: Members, commits: string) => {
  const limit = MaxResults ?? differencesAtOnce;
  if (!Number.isInteger(limit) || limit < 1 || limit > differencesAtOnce) {
    throw new AwsError('InvalidMaxResultsException', `MaxResults is a whole number from 1 to ${differencesAtOnce}.`);
  }
  const start = NextToken === undefined ? 0 : startIn(String(NextToken), commits);
  const end = start + limit;
  const next = end < differences.length ? Buffer.from(`${commits}.${end}`).toString('base64url') : undefined;
  return { differences: differences.slice(start, end), ...(next !== undefined && { NextToken: next }) };
};

const startIn = (token: string, commits: string): number => {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const start = text.startsWith(`${commits}.`) ? Number(text.slice(commits.length + 1)) : Number.NaN;
  if (Number.isSafeInteger(start) && start > 0) return start;
  throw new AwsError('InvalidContinuationTokenException', 'The continuation token is not of this question.');
};

const getBranch = async (gitDir: string, { branchName }: Members) => {
  if (branchName === undefined || branchName === '') {
    throw new AwsError('BranchNameRequiredException', 'A branch name is required.');
  }
  const ref = `refs/heads/${String(branchName)}`;
  const valid = await gitOrNull(['check-ref-format', ref]);
  if (valid === null) throw new AwsError('InvalidBranchNameException', 'The branch name is not valid.');
  const found = await gitOrNull(['--git-dir', gitDir, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  if (found === null) throw new AwsError('BranchDoesNotExistException', `${String(branchName)} does not exist`);
  return { branch: { branchName, commitId: found.trim() } };
};

/** CodeCommit gives as many names at once as it likes: here a hundred, in their order. */
const branchesAtOnce = 100;

const listBranches = async (gitDir: string, { nextToken }: Members) => {
  const listed = await git(['--git-dir', gitDir, 'for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/']);
  const names = listed.split('\n').filter((name) => name !== '');
  const start = nextToken === undefined ? 0 : branchStart(String(nextToken));
  const end = start + branchesAtOnce;
  const next = end < names.length ? Buffer.from(`branches.${end}`).toString('base64url') : undefined;
  return { branches: names.slice(start, end), ...(next !== undefined && { nextToken: next }) };
};

const branchStart = (token: string): number => {
  const start = /^branches\.(\d{1,6})$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (start !== undefined) return Number(start);
  throw new AwsError('InvalidContinuationTokenException', 'The continuation token is not of this question.');
};

const metadata = async ({ dir, world, about, url }: CodecommitOptions, repositoryName: string) => {
  const { id, created_at: created } = about(repositoryName);
  const head = await gitOrNull(['--git-dir', gitDirOf(dir, repositoryName), 'symbolic-ref', '--short', 'HEAD']);
  return {
    accountId: world.account,
    repositoryId: id,
    repositoryName,
    ...(head !== null && { defaultBranch: head.trim() }),
    creationDate: new Date(created),
    lastModifiedDate: new Date(created),
    cloneUrlHttp: url(repositoryName),
    Arn: `arn:aws:codecommit:${world.region}:${world.account}:${repositoryName}`,
  };
};
