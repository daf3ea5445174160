import type { DatabaseSync } from 'node:sqlite';

/** What a service runs, or will run again after a restart. */
export type CurrentRelease = {
  execution: string;
  /** the run of the deploy action that put it there */
  actionExecution: string;
  commit: string;
  /** folder of its files */
  dir: string;
};

/** An instance of the Auto Scaling group of a service, in the API's words. */
export type Instance = {
  id: string;
  service: string;
  lifecycle: 'Pending' | 'InService' | 'Terminating';
  health: 'Healthy' | 'Unhealthy';
  /** ms */
  launchedAt: number;
};

/** The durable side of the services: ports, current releases, groups and their instances. */
export type FleetStore = ReturnType<typeof createFleetStore>;

export const createFleetStore = (db: DatabaseSync) => {
  db.exec(tables);
  const service = (name: string): ServiceRow =>
    db.prepare('SELECT * FROM services WHERE name = ?').get(name) as ServiceRow;
  return {
    add: (name: string, group: string, at: Date): void =>
      void db
        .prepare('INSERT OR IGNORE INTO services (name, port, group_id, created_at) VALUES (?, 0, ?, ?)')
        .run(name, group, at.getTime()),
    service,
    current: (name: string): CurrentRelease | null => {
      const { current } = service(name);
      return current === null ? null : (JSON.parse(current) as CurrentRelease);
    },
    setCurrent: (name: string, release: CurrentRelease): void =>
      void db.prepare('UPDATE services SET current = ? WHERE name = ?').run(JSON.stringify(release), name),
    setPort: (name: string, port: number): void =>
      void db.prepare('UPDATE services SET port = ? WHERE name = ?').run(port, name),
    instances: (name: string): Instance[] =>
      db
        .prepare('SELECT id, service, lifecycle, health, launched_at AS "launchedAt" FROM instances WHERE service = ?')
        .all(name) as Instance[],
    putInstance: ({ id, service: of, lifecycle, health, launchedAt }: Instance): void =>
      void db
        .prepare('INSERT OR REPLACE INTO instances VALUES (?, ?, ?, ?, ?)')
        .run(id, of, lifecycle, health, launchedAt),
    removeInstance: (id: string): void => void db.prepare('DELETE FROM instances WHERE id = ?').run(id),
  };
};

type ServiceRow = { name: string; port: number; group_id: string; created_at: number; current: string | null };

const tables = `
  CREATE TABLE IF NOT EXISTS services (name TEXT PRIMARY KEY, port INTEGER NOT NULL, group_id TEXT NOT NULL,
    created_at INTEGER NOT NULL, current TEXT);
  CREATE TABLE IF NOT EXISTS instances (id TEXT PRIMARY KEY, service TEXT NOT NULL, lifecycle TEXT NOT NULL,
    health TEXT NOT NULL, launched_at INTEGER NOT NULL);`;
