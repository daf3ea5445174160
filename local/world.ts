import type { DatabaseSync } from 'node:sqlite';

/** An event as a service emits it; the bus adds version, id, account, region and, where absent, the time. */
export type EmittedEvent = {
  /** the envelope's id; the outbox gives one at emission, so that an event delivered twice is recognisably one */
  id?: string;
  source: string;
  detailType: string;
  detail: { [key: string]: unknown };
  resources?: string[];
  /** seconds resolution on the wire, as AWS sends it */
  time?: Date;
};

/**
 * What every stand-in is given. `db` is the one durable store of the stand-ins (SQLite, WAL): each makes its own
 * tables. `emit` writes to an outbox table in the caller's transaction; the event reaches the bus soon after, at
 * least once, in the order of emission, also when the process is killed in between.
 */
export type World = {
  db: DatabaseSync;
  /** the data directory; a stand-in keeps files in a folder of its own name */
  dataDir: string;
  account: string;
  region: string;
  now: () => Date;
  newId: () => string;
  emit: (event: EmittedEvent) => void;
  /** one line to standard error for what a person should know; never a secret */
  log: (line: string) => void;
};

/** Runs `work` in one transaction; nested calls join the outer one. */
export type Transaction = <T>(work: () => T) => T;
