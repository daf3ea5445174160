import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EmittedEvent, Transaction, World } from './world.ts';
import { createPump, type Deliver } from './outbox.ts';

export type Store = {
  world: World;
  transaction: Transaction;
  /** Starts delivering what was emitted, leftovers of an earlier process first; may be called once. */
  pump: (deliver: Deliver, backoff?: (attempt: number) => number) => void;
  /** Waits for the delivery under way, then closes the database. */
  close: () => Promise<void>;
};

export type StoreOptions = {
  dataDir: string;
  account: string;
  region: string;
  now: () => Date;
  newId: () => string;
  log: (line: string) => void;
};

/**
 * Opens the one durable store of the stand-ins, `standins.db` in the data directory.
 *
 * A commit survives `kill -9` (it is in the write-ahead log before the call returns); `NORMAL` leaves out the fsync
 * per commit, so that a power cut may cost the last moments, but never consistency.
 */
export const openStore = ({ dataDir, account, region, now, newId, log }: StoreOptions): Store => {
  mkdirSync(dataDir, { recursive: true });
  const db = openDatabase(join(dataDir, 'standins.db'));
  const pump = createPump(db, log);
  const transaction = transactionOn(db, pump.wake);
  const insert = db.prepare('INSERT INTO outbox (event) VALUES (?)');
  const emit = (event: EmittedEvent): void => {
    // id and time are those of the emission, however late or often it is delivered
    insert.run(JSON.stringify({ ...event, id: event.id ?? newId(), time: event.time ?? now() }));
    if (!db.isTransaction) pump.wake();
  };
  return {
    world: { db, dataDir, account, region, now, newId, emit, log },
    transaction,
    pump: pump.start,
    close: async () => {
      await pump.stop();
      db.close();
    },
  };
};

const openDatabase = (file: string): DatabaseSync => {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  db.exec(`CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS outbox_dead (seq INTEGER PRIMARY KEY, event TEXT NOT NULL, reason TEXT NOT NULL);`);
  return db;
};

/** `afterCommit` is called when the outermost transaction has committed: only then may anything be delivered. */
const transactionOn =
  (db: DatabaseSync, afterCommit: () => void): Transaction =>
  (work) => {
    if (db.isTransaction) return refusePromise(work());
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = refusePromise(work());
      db.exec('COMMIT');
      afterCommit();
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };

/** Work that waits would let others write inside this transaction: a mistake of the program, found at its first use. */
const refusePromise = <T>(result: T): T => {
  if (result instanceof Promise) {
    result.catch(() => undefined); // its failure must not end the process beside the error thrown here
    throw new TypeError('the work of a transaction must not be asynchronous');
  }
  return result;
};
