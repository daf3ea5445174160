import type { LoadBalancer } from './load-balancer.ts';
import type { ReleaseProcess } from './release-process.ts';

/** The processes of a service's nodes by instance, and the load balancer in front of them, which knows them all. */
export const createProcesses = (balancer: Pick<LoadBalancer, 'point'>) => {
  const running = new Map<string, ReleaseProcess>();
  const leaving = new Set<Promise<void>>();

  const leave = (release: ReleaseProcess): void => {
    const gone: Promise<void> = release.stop().finally(() => leaving.delete(gone));
    leaving.add(gone);
  };
  /** From now on traffic goes to these; those before serve what they have begun, and leave. */
  const putAll = (releases: [string, ReleaseProcess | null][]): void => {
    const before = releases.flatMap(([instance]) => running.get(instance) ?? []);
    for (const [instance, release] of releases) {
      if (release === null) running.delete(instance);
      else running.set(instance, release);
    }
    balancer.point([...running.values()].map(({ port }) => port));
    before.forEach(leave);
  };
  return {
    putAll,
    put: (instance: string, release: ReleaseProcess | null): void => putAll([[instance, release]]),
    clear: (): void => putAll([...running.keys()].map((instance) => [instance, null])),
    has: (instance: string): boolean => running.has(instance),
    port: (instance: string): number | null => running.get(instance)?.port ?? null,
    /** whether there is a node, and none has ended by itself */
    allRun: (): boolean => running.size > 0 && [...running.values()].every((release) => release.ended() === null),
    /** resolves when all that were asked to leave have gone */
    gone: async (): Promise<void> => void (await Promise.all(leaving)),
  };
};
