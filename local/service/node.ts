import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Transaction, World } from '../world.ts';
import { ask, type HttpAnswer, untilAnswers } from './ask.ts';
import type { CurrentRelease, FleetStore, Instance } from './fleet-store.ts';
import { activityEvent, type Group } from './group-events.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { keepFiles, pruneFiles } from './release-files.ts';
import { type ReleaseProcess, startRelease } from './release-process.ts';

/** What a deployment is asked to put there. */
export type Deployment = Omit<CurrentRelease, 'dir'> & {
  /** folder with the files */
  from: string;
  /** by when it must answer */
  deadlineMs: number;
  signal: AbortSignal;
};

export type NodeOptions = {
  world: World;
  transaction: Transaction;
  store: FleetStore;
  /** folder of this service's releases */
  dir: string;
  name: string;
  environment: string;
  group: Group;
  balancer: LoadBalancer;
  log: (line: string) => void;
};

/** How long a release may take to leave when asked to (ms). */
const graceMs = 2_000;
/** How long a node may take to answer before it is called in service all the same: then the alarms have the word (ms). */
const launchWithin = 10_000;

export type Node = ReturnType<typeof createNode>;

/**
 * The one node of a service: the process that runs its current release. One thing happens to it at a time. A process
 * that dies stays dead: who brings it back is the ladder, and not two robots on one target.
 */
export const createNode = (options: NodeOptions) => {
  const { store, name, dir, balancer, log } = options;
  let running: ReleaseProcess | null = null;
  let resumed = false;
  let stopped = false;
  const leaving = new Set<Promise<void>>();
  let lane: Promise<unknown> = Promise.resolve();

  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const result = lane.then(work);
    lane = result.catch(() => undefined);
    return result;
  };
  const launch = ({ dir: files, commit, execution }: CurrentRelease): Promise<ReleaseProcess> =>
    startRelease({
      file: join(files, 'server.js'),
      commit,
      release: `${options.environment}/${name}@${execution}`,
      graceMs,
    });
  const leave = (release: ReleaseProcess | null): void => {
    if (release === null) return;
    const gone: Promise<void> = release.stop().finally(() => leaving.delete(gone));
    leaving.add(gone);
  };
  /** From now on traffic goes to this one; the one before serves what it has begun, and leaves. */
  const switchTo = (release: ReleaseProcess | null): void => {
    const before = running;
    running = release;
    balancer.point(release?.port ?? null);
    leave(before);
  };
  const startCurrent = async (): Promise<void> => {
    const current = store.current(name);
    if (current === null || stopped) return;
    const release = await launch(current);
    switchTo(release); // what is launched is in service; whether it answers, the alarms find out
    const trouble = await untilAnswers(release, launchWithin);
    if (trouble !== null) log(`${name}: ${trouble}`);
  };

  const deploy = async ({ from, deadlineMs, signal, ...asked }: Deployment): Promise<string | null> => {
    // the run came again after a restart, and had done its work
    if (store.current(name)?.actionExecution === asked.actionExecution && running?.ended() === null) return null;
    const files = join(dir, `${asked.execution}.${asked.actionExecution}`);
    await keepFiles(files, from);
    if (!existsSync(join(files, 'server.js'))) return `the release has no server.js at its top`;
    const current = { ...asked, dir: files };
    const release = await launch(current);
    try {
      const trouble = await untilAnswers(release, deadlineMs, signal);
      if (trouble !== null) {
        await release.stop();
        return withTail(trouble, release);
      }
    } catch (error) {
      await release.stop();
      throw error;
    }
    store.setCurrent(name, current);
    switchTo(release);
    await pruneFiles(dir, files).catch((error: unknown) => log(`${name}: old releases stay: ${String(error)}`));
    return null;
  };

  /** Brings every instance to where it is on its way to. */
  const carryOut = async (): Promise<void> => {
    if (stopped) return;
    for (const instance of store.instances(name).filter(({ lifecycle }) => lifecycle === 'Terminating')) {
      const startedAt = options.world.now();
      switchTo(null);
      await Promise.all(leaving);
      tell(options, 'terminate', instance, startedAt);
    }
    for (const instance of store.instances(name).filter(({ lifecycle }) => lifecycle === 'Pending')) {
      const startedAt = options.world.now();
      if (running === null) await startCurrent();
      if (stopped) return; // the next start brings it to its end
      tell(options, 'launch', instance, startedAt);
    }
  };

  return {
    deploy: (deployment: Deployment): Promise<string | null> => alone(() => deploy(deployment)),
    /** Carries out, soon, what was recorded of the instances. */
    carryOut: (): void => void alone(carryOut).catch((error: unknown) => log(`${name}: ${String(error)}`)),
    /** Starts the current release again after a restart of the product. */
    resume: (): void =>
      void alone(async () => {
        if (store.instances(name).some(({ lifecycle }) => lifecycle === 'InService')) await startCurrent();
        await carryOut();
      })
        .catch((error: unknown) => log(`${name}: ${String(error)}`))
        .finally(() => (resumed = true)),
    /** Asks the node itself; null while there is nothing to ask: nothing deployed, or not yet started again. */
    probe: async (path: string, timeoutMs: number): Promise<HttpAnswer | string | null> => {
      if (!resumed || stopped || store.current(name) === null) return null;
      return running === null ? 'no process' : ask(`http://127.0.0.1:${running.port}${path}`, timeoutMs);
    },
    stop: async (): Promise<void> => {
      stopped = true;
      switchTo(null);
      await lane;
      switchTo(null);
      await Promise.all(leaving);
    },
  };
};

const withTail = (trouble: string, release: ReleaseProcess): string => {
  const tail = release.tail();
  return tail === '' ? trouble : `${trouble}; its last words:\n${tail.slice(-1_000)}`;
};

/** An instance has gone or come: the record of it and the event, in one transaction. */
const tell = (
  { world, transaction, store, group }: NodeOptions,
  kind: 'terminate' | 'launch',
  instance: Instance,
  startedAt: Date,
): void =>
  transaction(() => {
    if (kind === 'terminate') store.removeInstance(instance.id);
    else store.putInstance({ ...instance, lifecycle: 'InService' });
    const activity = { id: world.newId(), request: world.newId(), instance: instance.id, startedAt };
    world.emit(activityEvent(kind, group, { ...activity, endedAt: world.now() }));
  });

/** A new instance of a service, under an id as EC2 gives them. */
export const newInstance = (world: World, service: string, lifecycle: Instance['lifecycle']): Instance => ({
  id: `i-${createHash('sha256').update(world.newId()).digest('hex').slice(0, 17)}`,
  service,
  lifecycle,
  health: 'Healthy',
  launchedAt: world.now().getTime(),
});
