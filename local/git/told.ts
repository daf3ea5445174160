import type { DatabaseSync } from 'node:sqlite';
import type { Transaction, World } from '../world.ts';
import { eventOf, isBranch, type Movement, movementsBetween, shortName } from './movements.ts';
import type { Reference } from './repositories.ts';

/** A branch that moved to a commit. `id` is unique to this movement, and the same when it is told again. */
export type Push = { repository: string; branch: string; commit: string; id: string };

/**
 * What has been told of each repository: the durable side of the git remote. The reference as last told stands in
 * the same transaction as its event, so that comparing it with git finds what a killed process did not get to tell,
 * and nothing that it did.
 */
export type Told = ReturnType<typeof createTold>;

export const createTold = (world: World, transaction: Transaction) => {
  const { db } = world;
  db.exec(tables);
  const add = db.prepare('INSERT OR IGNORE INTO git_repositories (name, id, created_at) VALUES (?, ?, ?)');
  const about = (repository: string): RepositoryRow => {
    add.run(repository, world.newId(), world.now().getTime());
    return db.prepare('SELECT * FROM git_repositories WHERE name = ?').get(repository) as RepositoryRow;
  };
  return {
    about,
    /** Remembers who is pushing, so that a movement found after a crash is still theirs. */
    pushing: (repository: string, user: string): void => {
      about(repository);
      db.prepare('UPDATE git_repositories SET pusher = ? WHERE name = ?').run(user, repository);
    },
    /** Compares with what is there now, and tells what moved; in one transaction. */
    compare: (repository: string, actual: Reference[]): void =>
      transaction(() => {
        const { id: repositoryId, pusher } = about(repository);
        const user = pusher ?? 'local';
        const { account, region } = world;
        for (const movement of movementsBetween(lastTold(db, repository), actual)) {
          world.emit(eventOf(movement, { account, region, repository, repositoryId, user }));
          remember(db, repository, movement);
        }
        db.prepare('UPDATE git_repositories SET pusher = NULL WHERE name = ?').run(repository);
      }),
    /** Pushes not yet handed on, oldest first. */
    waiting: (): (Push & { seq: number })[] =>
      db
        .prepare('SELECT seq, repository, branch, commit_id AS "commit", id FROM git_pushes ORDER BY seq')
        .all() as (Push & {
        seq: number;
      })[],
    handedOn: (seq: number): void => void db.prepare('DELETE FROM git_pushes WHERE seq = ?').run(seq),
  };
};

export type RepositoryRow = { name: string; id: string; created_at: number; pusher: string | null };

const tables = `
  CREATE TABLE IF NOT EXISTS git_repositories
    (name TEXT PRIMARY KEY, id TEXT NOT NULL, created_at INTEGER NOT NULL, pusher TEXT);
  CREATE TABLE IF NOT EXISTS refs (repository TEXT NOT NULL, ref TEXT NOT NULL, object TEXT NOT NULL,
    commit_id TEXT NOT NULL, PRIMARY KEY (repository, ref));
  CREATE TABLE IF NOT EXISTS git_pushes (seq INTEGER PRIMARY KEY AUTOINCREMENT, repository TEXT NOT NULL,
    branch TEXT NOT NULL, commit_id TEXT NOT NULL, id TEXT NOT NULL);`;

const lastTold = (db: DatabaseSync, repository: string): Reference[] =>
  db.prepare('SELECT ref, object, commit_id AS "commit" FROM refs WHERE repository = ?').all(repository) as Reference[];

const remember = (db: DatabaseSync, repository: string, { ref, from, to }: Movement): void => {
  if (to === null) {
    db.prepare('DELETE FROM refs WHERE repository = ? AND ref = ?').run(repository, ref);
    return;
  }
  db.prepare('INSERT OR REPLACE INTO refs VALUES (?, ?, ?, ?)').run(repository, ref, to.object, to.commit);
  if (!isBranch(ref)) return;
  const { lastInsertRowid } = db
    .prepare('INSERT INTO git_pushes (repository, branch, commit_id, id) VALUES (?, ?, ?, ?)')
    .run(repository, shortName(ref), to.commit, '');
  // a branch can go back to where it was: only the number makes the movement one of its kind
  const id = `${lastInsertRowid}-${from?.commit.slice(0, 12) ?? 'new'}-${to.commit.slice(0, 12)}`;
  db.prepare('UPDATE git_pushes SET id = ? WHERE seq = ?').run(id, lastInsertRowid);
};
