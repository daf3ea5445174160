import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { git, gitOrNull } from './git.ts';

/** CodeCommit's names: letters, digits, `.`, `_`, `-`, at most 100; never one that git reads as an option or a path. */
export const isRepositoryName = (name: string): boolean =>
  /^[A-Za-z0-9_][\w.-]{0,99}$/.test(name) && !name.endsWith('.git') && !name.includes('..');

/** Where a repository stands in the folder of all repositories. */
export const gitDirOf = (dir: string, repository: string): string => join(dir, `${repository}.git`);

export const isCommitId = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);

/** Names of the repositories that are there, in order. */
export const listRepositories = async (dir: string): Promise<string[]> => {
  const entries = await readdir(dir).catch(() => []);
  return entries
    .filter((entry) => entry.endsWith('.git'))
    .map((entry) => entry.slice(0, -'.git'.length))
    .filter(isRepositoryName)
    .toSorted();
};

export const hasRepository = (dir: string, repository: string): boolean =>
  isRepositoryName(repository) && existsSync(gitDirOf(dir, repository));

/** A full reference name, the object it names, and the commit that is: for an annotated tag the two differ. */
export type Reference = { ref: string; object: string; commit: string };

/** The branches and tags of a repository as they are now. */
export const readReferences = async (dir: string, repository: string): Promise<Reference[]> => {
  const format = '%(refname) %(objectname) %(*objectname)';
  const listed = await git([
    '--git-dir',
    gitDirOf(dir, repository),
    'for-each-ref',
    `--format=${format}`,
    'refs/heads',
    'refs/tags',
  ]);
  return listed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [ref = '', object = '', peeled = ''] = line.split(' ');
      return { ref, object, commit: peeled === '' ? object : peeled };
    });
};

/** What a pipeline asks of a repository. */
export type GitSource = {
  /** the commit a branch is at; null when there is no such branch or repository */
  head(repository: string, branch: string): Promise<string | null>;
  /** writes the files of a commit into an empty directory, without `.git` */
  checkout(repository: string, commit: string, into: string): Promise<void>;
};

/** Reads the repositories in `dir`; needs no server to be running. */
export const gitSource = (dir: string): GitSource => ({
  head: async (repository, branch) => {
    if (!hasRepository(dir, repository)) return null;
    const args = ['--git-dir', gitDirOf(dir, repository), 'rev-parse', '--verify', '--quiet'];
    return (await gitOrNull([...args, `refs/heads/${branch}^{commit}`]))?.trim() ?? null;
  },
  checkout: async (repository, commit, into) => {
    if (!hasRepository(dir, repository)) throw new Error(`there is no repository ${repository}`);
    if (!isCommitId(commit)) throw new Error(`"${commit}" is no commit id`);
    await checkOut(gitDirOf(dir, repository), commit, into);
  },
});

/** Over an index of its own: checkouts of one repository do not meet. */
const checkOut = async (gitDir: string, commit: string, into: string): Promise<void> => {
  await mkdir(into, { recursive: true });
  const scratch = await mkdtemp(join(gitDir, 'checkout-'));
  const env = { GIT_INDEX_FILE: join(scratch, 'index') };
  const base = ['--git-dir', gitDir, '--work-tree', into];
  try {
    await git([...base, 'read-tree', `${commit}^{commit}`], { env, cwd: into });
    await git([...base, 'checkout-index', '--all', '--force', `--prefix=${into}/`], { env, cwd: into });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/**
 * What every repository here is set to: CodeCommit takes non-fast-forward pushes and deletions (not that of the
 * default branch), and git must leave no housekeeping process behind. Broken or dangerous objects are refused.
 */
const settings: [string, string][] = [
  ['receive.denyNonFastForwards', 'false'],
  ['receive.denyDeletes', 'false'],
  ['receive.denyDeleteCurrent', 'refuse'],
  ['receive.fsckObjects', 'true'],
  ['receive.autogc', 'false'],
  ['gc.auto', '0'],
  ['uploadpack.allowFilter', 'true'],
];

export type Seed = {
  /** the folder of all repositories */
  dir: string;
  name: string;
  /** directory whose files are the first commit */
  from: string;
  /** message of the first commit */
  message: string;
  /** whom the first commit is by */
  author?: { name: string; email: string };
};

/**
 * Creates a bare repository whose `main` holds one commit with the files of a directory, unless it is there already.
 * It is built aside and renamed: killed half-way, nothing is there.
 *
 * @returns whether it was created now
 */
export const seedRepository = async (seed: Seed): Promise<boolean> => {
  if (!isRepositoryName(seed.name)) throw new Error(`"${seed.name}" is no name for a repository`);
  const gitDir = gitDirOf(seed.dir, seed.name);
  if (existsSync(gitDir)) return false;
  await mkdir(seed.dir, { recursive: true });
  const aside = await mkdtemp(join(seed.dir, `.${seed.name}-`));
  try {
    await initialise(aside);
    await commitDirectory(aside, seed);
    await rename(aside, gitDir);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return true;
};

const initialise = async (gitDir: string): Promise<void> => {
  await git(['init', '--quiet', '--bare', '--template=', gitDir]);
  await git(['--git-dir', gitDir, 'symbolic-ref', 'HEAD', 'refs/heads/main']); // init -b is younger than git 2.20
  for (const [name, value] of settings) await git(['--git-dir', gitDir, 'config', name, value]);
};

const commitDirectory = async (gitDir: string, seed: Seed): Promise<void> => {
  const author = seed.author ?? { name: 'Escalator', email: 'escalator@localhost' };
  const env = {
    GIT_INDEX_FILE: join(gitDir, 'seed-index'),
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
  await git(['--git-dir', gitDir, '--work-tree', seed.from, 'add', '--all', '--force', '.'], { env, cwd: seed.from });
  const tree = (await git(['--git-dir', gitDir, 'write-tree'], { env })).trim();
  const commit = (await git(['--git-dir', gitDir, 'commit-tree', tree, '-m', seed.message], { env })).trim();
  await git(['--git-dir', gitDir, 'update-ref', 'refs/heads/main', commit], { env });
  await rm(env.GIT_INDEX_FILE, { force: true });
};
