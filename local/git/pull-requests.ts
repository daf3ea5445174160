import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';

/** A pull request that is open: here it can be opened, looked at and commented on. It is merged by git. */
type PullRow = {
  id: number;
  repository: string;
  title: string;
  source_ref: string;
  source: string;
  destination_ref: string;
  destination: string;
  revision: string;
  token: string | null;
  at: number;
};

const table = `
  CREATE TABLE IF NOT EXISTS pull_requests (id INTEGER PRIMARY KEY AUTOINCREMENT, repository TEXT NOT NULL,
    title TEXT NOT NULL, source_ref TEXT NOT NULL, source TEXT NOT NULL, destination_ref TEXT NOT NULL,
    destination TEXT NOT NULL, revision TEXT NOT NULL, token TEXT UNIQUE, at INTEGER NOT NULL) STRICT;`;

export type PullsOptions = {
  world: World;
  transaction: Transaction;
  /** throws CodeCommit's exception where there is no such repository */
  repositoryIn: (input: Members) => string;
  /** the commit that a branch is at; null where there is none */
  headOf: (repository: string, ref: string) => Promise<string | null>;
};

export type Pulls = {
  operations: Operations;
  /** throws CodeCommit's exception where there is no such pull request */
  pullIn: (input: Members) => { id: string; repository: string };
};

/**
 * Pull requests of one target, with AWS's member names and exceptions, and the event of their opening.
 * Source: the CodeCommit API Reference and the SDK's model of it; User Guide, "Monitoring CodeCommit events".
 */
export const createPulls = (options: PullsOptions): Pulls => {
  const { world, transaction } = options;
  world.db.exec(table);
  return {
    pullIn: (input) => {
      const { id, repository } = find(world.db, input);
      return { id: String(id), repository };
    },
    operations: {
      GetPullRequest: async (input) => ({ pullRequest: pullOf(world, find(world.db, input)) }),
      CreatePullRequest: async (input) => {
        const wanted = await wantedIn(options, input);
        return {
          pullRequest: pullOf(
            world,
            transaction(() => openedBefore(world.db, wanted) ?? open(world, wanted)),
          ),
        };
      },
    },
  };
};

const find = (db: DatabaseSync, { pullRequestId }: Members): PullRow => {
  if (typeof pullRequestId !== 'string' || pullRequestId === '')
    throw new AwsError('PullRequestIdRequiredException', 'The id of a pull request is required.');
  if (!/^\d{1,15}$/.test(pullRequestId))
    throw new AwsError('InvalidPullRequestIdException', 'The id of a pull request is a number.');
  const row = db.prepare('SELECT * FROM pull_requests WHERE id = ?').get(Number(pullRequestId));
  if (row === undefined) throw new AwsError('PullRequestDoesNotExistException', `${pullRequestId} does not exist`);
  return row as PullRow;
};

type Wanted = Omit<PullRow, 'id' | 'revision' | 'at'>;

const titleAtMost = 150;

const wantedIn = async ({ repositoryIn, headOf }: PullsOptions, input: Members): Promise<Wanted> => {
  const { title, targets, clientRequestToken: token } = input;
  if (typeof title !== 'string' || title === '') throw new AwsError('TitleRequiredException', 'A title is required.');
  if (title.length > titleAtMost) throw new AwsError('InvalidTitleException', `At most ${titleAtMost} characters.`);
  const target = (Array.isArray(targets) ? targets[0] : undefined) as Members | undefined;
  if (target === undefined) throw new AwsError('TargetsRequiredException', 'Targets are required.');
  const repository = repositoryIn(target);
  const source = await branchOf(headOf, repository, target['sourceReference']);
  const destination = await branchOf(headOf, repository, target['destinationReference'] ?? 'main');
  if (source.ref === destination.ref)
    throw new AwsError('SourceAndDestinationAreSameException', 'A branch is not merged into itself.');
  return {
    repository,
    title,
    source_ref: source.ref,
    source: source.commit,
    destination_ref: destination.ref,
    destination: destination.commit,
    token: typeof token === 'string' ? token : null,
  };
};

const branchOf = async (headOf: PullsOptions['headOf'], repository: string, name: unknown) => {
  const branch = typeof name === 'string' ? name.replace(/^refs\/heads\//, '') : '';
  if (branch === '') throw new AwsError('ReferenceNameRequiredException', 'A branch is required.');
  const commit = await headOf(repository, branch);
  if (commit === null) throw new AwsError('ReferenceDoesNotExistException', `${branch} does not exist`);
  return { ref: `refs/heads/${branch}`, commit };
};

const openedBefore = (db: DatabaseSync, { token, title, repository }: Wanted): PullRow | null => {
  if (token === null) return null;
  const row = db.prepare('SELECT * FROM pull_requests WHERE token = ?').get(token) as PullRow | undefined;
  if (row === undefined) return null;
  if (row.title === title && row.repository === repository) return row;
  throw new AwsError('IdempotencyParameterMismatchException', 'The token was used for another pull request.');
};

const open = (world: World, wanted: Wanted): PullRow => {
  const fresh = { ...wanted, revision: randomBytes(32).toString('hex'), at: world.now().getTime() };
  const names = Object.keys(fresh);
  const insert = `INSERT INTO pull_requests (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  const { lastInsertRowid } = world.db.prepare(insert).run(...Object.values(fresh));
  const row = { id: Number(lastInsertRowid), ...fresh };
  world.emit(eventOf(world, row));
  return row;
};

const authorOf = ({ account }: World): string => `arn:aws:iam::${account}:user/local`;

const pullOf = (world: World, row: PullRow) => ({
  pullRequestId: String(row.id),
  title: row.title,
  pullRequestStatus: 'OPEN',
  authorArn: authorOf(world),
  creationDate: new Date(row.at),
  lastActivityDate: new Date(row.at),
  revisionId: row.revision,
  pullRequestTargets: [
    {
      repositoryName: row.repository,
      sourceReference: row.source_ref,
      sourceCommit: row.source,
      destinationReference: row.destination_ref,
      destinationCommit: row.destination,
      mergeBase: row.destination,
      mergeMetadata: { isMerged: false },
    },
  ],
});

const eventOf = (world: World, row: PullRow) => ({
  source: 'aws.codecommit',
  detailType: 'CodeCommit Pull Request State Change',
  resources: [`arn:aws:codecommit:${world.region}:${world.account}:${row.repository}`],
  detail: {
    event: 'pullRequestCreated',
    pullRequestId: String(row.id),
    pullRequestStatus: 'Open',
    title: row.title,
    author: authorOf(world),
    callerUserArn: authorOf(world),
    isMerged: 'False',
    repositoryNames: [row.repository],
    sourceCommit: row.source,
    sourceReference: row.source_ref,
    destinationCommit: row.destination,
    destinationReference: row.destination_ref,
    revisionId: row.revision,
  },
});
