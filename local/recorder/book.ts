import type { DatabaseSync } from 'node:sqlite';

/** What the recorder keeps, durable in the store of the stand-ins: things by kind and name, in the order they came. */
export type Book = {
  /** @returns the thing of that name, or null */
  get: <T>(kind: Kind, name: string) => T | null;
  /** everything of a kind, oldest first */
  all: <T>(kind: Kind) => T[];
  /** writes a thing, or writes it anew in its old place */
  put: (kind: Kind, name: string, thing: object) => void;
};

export type Kind =
  | 'cluster'
  | 'task-definition'
  | 'service'
  | 'service-deployment'
  | 'application'
  | 'deployment-group'
  | 'deployment'
  | 'function'
  | 'alias'
  | 'document'
  | 'automation'
  | 'stack'
  | 'call'
  | 'secret';

export const openBook = (db: DatabaseSync): Book => {
  db.exec(`CREATE TABLE IF NOT EXISTS recorded (n INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, name TEXT NOT NULL, thing TEXT NOT NULL, UNIQUE (kind, name))`);
  const one = db.prepare('SELECT thing FROM recorded WHERE kind = ? AND name = ?');
  const many = db.prepare('SELECT thing FROM recorded WHERE kind = ? ORDER BY n');
  const write = db.prepare(`INSERT INTO recorded (kind, name, thing) VALUES (?, ?, ?)
    ON CONFLICT (kind, name) DO UPDATE SET thing = excluded.thing`);
  const read = <T>(row: unknown): T => JSON.parse((row as { thing: string }).thing) as T;
  return {
    get: <T>(kind: Kind, name: string) => {
      const row = one.get(kind, name);
      return row === undefined ? null : read<T>(row);
    },
    all: <T>(kind: Kind) => many.all(kind).map((row) => read<T>(row)),
    put: (kind, name, thing) => void write.run(kind, name, JSON.stringify(thing)),
  };
};
