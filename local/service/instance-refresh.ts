import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';
import type { FleetStore } from './fleet-store.ts';
import type { Service } from './service.ts';

type Refresh = { id: string; group: string; old: string[]; startedAt: number; endedAt: number | null };
type Row = { id: string; group_name: string; old: string; started_at: number; ended_at: number | null };

/**
 * Instance refreshes of the groups on this machine. A refresh gives up the group's one instance, which a new one
 * replaces: it is over when the new one serves, for real.
 */
export const refreshOperations = (
  { db, now, newId }: World,
  transaction: Transaction,
  services: Map<string, Service>,
  store: FleetStore,
): Operations => {
  db.exec(`CREATE TABLE IF NOT EXISTS refreshes (n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL,
    group_name TEXT NOT NULL, old TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER)`);
  const begin = db.prepare('INSERT INTO refreshes (id, group_name, old, started_at) VALUES (?, ?, ?, ?)');
  const end = db.prepare('UPDATE refreshes SET ended_at = ? WHERE id = ?');
  const newest = db.prepare('SELECT * FROM refreshes WHERE group_name = ? ORDER BY n DESC LIMIT 100');

  const serving = ({ name }: Service): string[] =>
    store.instances(name).flatMap(({ id, lifecycle }) => (lifecycle === 'InService' ? [id] : []));

  /** The group's refreshes, newest first; that one is over is written when it is first seen. */
  const refreshesOf = (service: Service): Refresh[] =>
    (newest.all(service.group.name) as Row[]).map((row) => {
      const refresh = refreshOf(row);
      if (refresh.endedAt !== null || !isReplaced(refresh, serving(service))) return refresh;
      end.run(now().getTime(), refresh.id);
      return { ...refresh, endedAt: now().getTime() };
    });

  return {
    StartInstanceRefresh: (input) =>
      transaction(() => {
        const service = serviceOf(services, input);
        if (refreshesOf(service).some(({ endedAt }) => endedAt === null))
          throw new AwsError(
            'InstanceRefreshInProgress',
            'An Instance Refresh is already in progress and blocks this.',
          );
        const id = newId();
        const old = serving(service);
        begin.run(id, service.group.name, JSON.stringify(old), now().getTime());
        for (const instance of store.instances(service.name)) if (old.includes(instance.id)) service.giveUp(instance);
        return { InstanceRefreshId: id };
      }),
    DescribeInstanceRefreshes: (input) =>
      transaction(() => {
        const service = serviceOf(services, input);
        const asked: unknown = input.InstanceRefreshIds;
        const found = refreshesOf(service).filter(({ id }) => !Array.isArray(asked) || asked.includes(id));
        return { InstanceRefreshes: found.map((refresh) => refreshView(refresh, serving(service))) };
      }),
  };
};

const refreshOf = ({ id, group_name: group, old, started_at: startedAt, ended_at: endedAt }: Row): Refresh => ({
  id,
  group,
  old: JSON.parse(old) as string[],
  startedAt,
  endedAt,
});

const isReplaced = ({ old }: Refresh, serving: string[]): boolean =>
  old.length === 0 || (serving.length > 0 && !serving.some((id) => old.includes(id)));

const refreshView = (refresh: Refresh, serving: string[]) => {
  const isOver = refresh.endedAt !== null;
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: refresh.group,
    Status: isOver ? 'Successful' : 'InProgress',
    StartTime: new Date(refresh.startedAt),
    EndTime: refresh.endedAt === null ? undefined : new Date(refresh.endedAt),
    PercentageComplete: isOver ? 100 : 0,
    InstancesToUpdate: isOver ? 0 : Math.max(refresh.old.length, serving.length),
  };
};

const serviceOf = (services: Map<string, Service>, { AutoScalingGroupName: name }: Members): Service => {
  const service = [...services.values()].find(({ group }) => group.name === name);
  if (service !== undefined) return service;
  throw new AwsError('ValidationError', `AutoScalingGroup name not found - AutoScalingGroup ${String(name)} not found`);
};
