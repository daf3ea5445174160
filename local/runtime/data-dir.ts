import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EscalatorError } from '../../shared/errors.ts';

/** The version of what stands in a data directory; a newer one is not touched. */
export const dataVersion = 1;

export type DataDir = {
  dir: string;
  digestKeyFile: string;
  /** what seals are signed with; made at the first seal */
  sealKeyFile: string;
  /** where seals are kept */
  archiveDir: string;
  close: () => void;
};

/**
 * Opens a data directory for this process alone. The lock is a write lock of SQLite: the operating system gives it
 * back when the process ends, however it ends. Throws ESC-002 when another process has it, ESC-003 when a newer
 * version wrote it, ESC-006 when it cannot be written to; nothing in it is changed then.
 */
export const openDataDir = (dir: string): DataDir => {
  makeDir(dir);
  refuseNewer(dir);
  const close = lock(dir);
  const digestKeyFile = join(dir, 'digest.key');
  writeOnce(join(dir, 'version'), `${dataVersion}\n`);
  writeOnce(digestKeyFile, randomBytes(32));
  return { dir, digestKeyFile, sealKeyFile: join(dir, 'seal.key'), archiveDir: join(dir, 'archive'), close };
};

const makeDir = (dir: string): void => {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(dir, cause);
  }
};

const unusable = (dir: string, cause: unknown): EscalatorError => {
  const why = cause instanceof Error ? cause.message : String(cause);
  const todo = 'pass another --data DIR, a directory that may be written to';
  return new EscalatorError('ESC-006', `the data directory ${dir} cannot be used: ${why}`, todo, { cause });
};

const refuseNewer = (dir: string): void => {
  const file = join(dir, 'version');
  const version = existsSync(file) ? Number(readFileSync(file, 'utf8')) : dataVersion;
  if (version > dataVersion || Number.isNaN(version))
    throw new EscalatorError(
      'ESC-003',
      `the data directory ${dir} has version ${version}; this Escalator knows ${dataVersion}`,
      'start the newer Escalator, or pass another --data DIR',
    );
};

/** The file names who holds the lock; the lock itself is the open transaction. */
const lock = (dir: string): (() => void) => {
  const holder = join(dir, 'lock.pid');
  const db = openLock(dir);
  try {
    db.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    if (!isLocked(cause)) throw unusable(dir, cause);
    const pid = existsSync(holder) ? readFileSync(holder, 'utf8').trim() : 'unknown';
    const message = `the data directory ${dir} is in use by process ${pid}`;
    throw new EscalatorError('ESC-002', message, 'stop that process, or pass another --data DIR', { cause });
  }
  writeFileSync(holder, `${process.pid}\n`);
  return () => db.close();
};

const openLock = (dir: string): DatabaseSync => {
  try {
    return new DatabaseSync(join(dir, 'lock.db'));
  } catch (cause) {
    throw unusable(dir, cause);
  }
};

/** SQLite's SQLITE_BUSY. */
const isLocked = (error: unknown): boolean => (error as { errcode?: number }).errcode === 5;

/** Written aside and renamed: a process killed in between must not leave half a key behind for ever. */
const writeOnce = (file: string, content: string | Uint8Array): void => {
  if (existsSync(file)) return;
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
