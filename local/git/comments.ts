import type { DatabaseSync } from 'node:sqlite';
import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';

/** A comment as it stands in the store; `pull_request` is empty for one on a commit. */
type CommentRow = {
  id: string;
  repository: string;
  pull_request: string;
  before_commit: string;
  after_commit: string;
  content: string;
  author: string;
  token: string | null;
  at: number;
};

const table = `
  CREATE TABLE IF NOT EXISTS comments (id TEXT PRIMARY KEY, repository TEXT NOT NULL, pull_request TEXT NOT NULL,
    before_commit TEXT NOT NULL, after_commit TEXT NOT NULL, content TEXT NOT NULL, author TEXT NOT NULL,
    token TEXT UNIQUE, at INTEGER NOT NULL) STRICT;`;

export type CommentsOptions = {
  world: World;
  transaction: Transaction;
  /** throws CodeCommit's exception where there is no such repository */
  repositoryIn: (input: Members) => string;
  /** throws CodeCommit's exception where it is no commit of the repository */
  commitIn: (repository: string, id: unknown) => Promise<string>;
  /** throws CodeCommit's exception where there is no such pull request */
  pullIn: (input: Members) => { id: string; repository: string };
};

/**
 * Comments on commits and pull requests, with AWS's member names, limits and exceptions, and the events that CodeCommit
 * tells of them. A token that comes again is answered with the comment that it made; they are kept for good.
 * Source: the CodeCommit API Reference and the SDK's model of it; User Guide, "Quotas" and "Monitoring CodeCommit events".
 */
export const commentOperations = (options: CommentsOptions): Operations => {
  options.world.db.exec(table);
  return {
    PostCommentForComparedCommit: async (input) => post(options, input, ''),
    PostCommentForPullRequest: async (input) => {
      const { id, repository } = options.pullIn(input);
      if (repository === options.repositoryIn(input)) return { ...(await post(options, input, id)), pullRequestId: id };
      throw new AwsError('RepositoryNotAssociatedWithPullRequestException', `${id} is not of that repository`);
    },
    GetCommentsForComparedCommit: async (input) => {
      const repository = options.repositoryIn(input);
      const after = await options.commitIn(repository, input['afterCommitId']);
      const rows = (await commentsOf(options, input, '')).filter((row) => row.after_commit === after);
      return { commentsForComparedCommitData: pairsOf(rows) };
    },
    GetCommentsForPullRequest: async (input) => {
      const { id, repository } = options.pullIn(input);
      const rows = await commentsOf(options, { ...input, repositoryName: repository }, id);
      return { commentsForPullRequestData: pairsOf(rows).map((pair) => ({ pullRequestId: id, ...pair })) };
    },
  };
};

const read = (db: DatabaseSync, sql: string, ...values: string[]): CommentRow[] =>
  db.prepare(sql).all(...values) as CommentRow[];

const commentsOf = async ({ world, repositoryIn }: CommentsOptions, input: Members, pull: string) =>
  read(
    world.db,
    'SELECT * FROM comments WHERE repository = ? AND pull_request = ? ORDER BY at, id',
    repositoryIn(input),
    pull,
  ).filter((row) => input['beforeCommitId'] === undefined || row.before_commit === input['beforeCommitId']);

/** As CodeCommit lists them: those between the same two commits together. */
const pairsOf = (rows: CommentRow[]) =>
  [...Map.groupBy(rows, (row) => `${row.before_commit} ${row.after_commit}`).values()].map((own) => ({
    ...betweenOf(own[0]),
    comments: own.map(commentOf),
  }));

const betweenOf = (row: CommentRow | undefined) => ({
  repositoryName: row?.repository,
  ...(row?.before_commit !== '' && { beforeCommitId: row?.before_commit }),
  afterCommitId: row?.after_commit,
});

const commentOf = ({ id, content, author, token, at }: CommentRow) => ({
  commentId: id,
  content,
  creationDate: new Date(at),
  lastModifiedDate: new Date(at),
  authorArn: author,
  deleted: false,
  ...(token !== null && { clientRequestToken: token }),
  callerReactions: [],
  reactionCounts: {},
});

const contentAtMost = 10_240;

const contentIn = ({ content }: Members): string => {
  if (typeof content !== 'string' || content === '')
    throw new AwsError('CommentContentRequiredException', 'The comment is empty.');
  if (content.length > contentAtMost)
    throw new AwsError('CommentContentSizeLimitExceededException', `At most ${contentAtMost} characters are taken.`);
  return content;
};

const post = async (options: CommentsOptions, input: Members, pull: string) => {
  const { world, transaction, repositoryIn, commitIn } = options;
  const repository = repositoryIn(input);
  const after = await commitIn(repository, input['afterCommitId']);
  const before = input['beforeCommitId'] === undefined ? '' : await commitIn(repository, input['beforeCommitId']);
  if (before === after)
    throw new AwsError('BeforeCommitIdAndAfterCommitIdAreSameException', 'A commit is not compared with itself.');
  const wanted = {
    repository,
    pull_request: pull,
    before_commit: before,
    after_commit: after,
    content: contentIn(input),
    token: typeof input['clientRequestToken'] === 'string' ? input['clientRequestToken'] : null,
  };
  const row = transaction(() => madeBefore(world.db, wanted) ?? make(world, wanted));
  return { ...betweenOf(row), comment: commentOf(row) };
};

type Wanted = Omit<CommentRow, 'id' | 'author' | 'at'>;

const madeBefore = (db: DatabaseSync, wanted: Wanted): CommentRow | null => {
  if (wanted.token === null) return null;
  const [row] = read(db, 'SELECT * FROM comments WHERE token = ?', wanted.token);
  if (row === undefined) return null;
  if (Object.entries(wanted).every(([name, value]) => row[name as keyof Wanted] === value)) return row;
  throw new AwsError('IdempotencyParameterMismatchException', 'The token was used for another comment.');
};

const make = (world: World, wanted: Wanted): CommentRow => {
  const { db, account, newId, now } = world;
  const author = `arn:aws:iam::${account}:user/local`;
  const row: CommentRow = { id: `${newId()}:${newId()}`, ...wanted, author, at: now().getTime() };
  db.prepare('INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    row.id,
    row.repository,
    row.pull_request,
    row.before_commit,
    row.after_commit,
    row.content,
    row.author,
    row.token,
    row.at,
  );
  world.emit(eventOf(world, row));
  return row;
};

const eventOf = ({ account, region }: World, row: CommentRow) => {
  const isOnPull = row.pull_request !== '';
  return {
    source: 'aws.codecommit',
    detailType: isOnPull ? 'CodeCommit Comment on Pull Request' : 'CodeCommit Comment on Commit',
    resources: [`arn:aws:codecommit:${region}:${account}:${row.repository}`],
    detail: {
      event: isOnPull ? 'commentOnPullRequestCreated' : 'commentOnCommitCreated',
      repositoryId: row.repository,
      ...(isOnPull && { pullRequestId: row.pull_request }),
      commentId: row.id,
      ...(row.before_commit !== '' && { beforeCommitId: row.before_commit }),
      afterCommitId: row.after_commit,
      callerUserArn: row.author,
    },
  };
};
