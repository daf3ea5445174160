import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Transaction, World } from '../world.ts';
import { ask, type HttpAnswer, untilAnswers } from './ask.ts';
import type { CurrentRelease, FleetStore, Instance } from './fleet-store.ts';
import { activityEvent, type Group } from './group-events.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { createProcesses } from './processes.ts';
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

export type NodesOptions = {
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

/** What a node answered, or in words why it did not. */
export type NodeAnswer = { instance: string; answer: HttpAnswer | string };

/** How long a release may take to leave when asked to (ms). */
const graceMs = 2_000;
/** How long a node may take to answer before it is called in service all the same: then the alarms have the word (ms). */
const launchWithin = 10_000;

/**
 * The nodes of a service: for each instance of its group a process that runs the current release. One thing happens to
 * them at a time. A process that dies stays dead: who brings it back is the ladder, and not two robots on one target.
 */
export const createNodes = (options: NodesOptions) => {
  const { store, name, dir, balancer, log } = options;
  const processes = createProcesses(balancer);
  let resumed = false;
  let stopped = false;
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
  const inLifecycle = (lifecycle: Instance['lifecycle']): Instance[] =>
    store.instances(name).filter((instance) => instance.lifecycle === lifecycle);
  const startCurrent = async ({ id }: Instance): Promise<void> => {
    const current = store.current(name);
    if (current === null || stopped) return;
    const release = await launch(current);
    processes.put(id, release); // what is launched is in service; whether it answers, the alarms find out
    const trouble = await untilAnswers(release, launchWithin);
    if (trouble !== null) log(`${name}: ${trouble}`);
  };

  /** A release for each of so many nodes that answers; or in words why one does not, and then none of them runs. */
  const launched = async (
    current: CurrentRelease,
    count: number,
    { deadlineMs, signal }: Pick<Deployment, 'deadlineMs' | 'signal'>,
  ): Promise<ReleaseProcess[] | string> => {
    const releases: ReleaseProcess[] = [];
    const end = () => Promise.all(releases.map((release) => release.stop()));
    try {
      for (let n = 0; n < count; n += 1) releases.push(await launch(current));
      const troubles = await Promise.all(releases.map((release) => untilAnswers(release, deadlineMs, signal)));
      const at = troubles.findIndex((trouble) => trouble !== null);
      if (at === -1) return releases;
      await end();
      return withTail(troubles[at] ?? '', releases[at]);
    } catch (error) {
      await end();
      throw error;
    }
  };

  const deploy = async ({ from, deadlineMs, signal, ...asked }: Deployment): Promise<string | null> => {
    // the run came again after a restart, and had done its work
    if (store.current(name)?.actionExecution === asked.actionExecution && processes.allRun()) return null;
    const files = join(dir, `${asked.execution}.${asked.actionExecution}`);
    await keepFiles(files, from);
    if (!existsSync(join(files, 'server.js'))) return `the release has no server.js at its top`;
    const current = { ...asked, dir: files };
    const instances = store.instances(name).filter(({ lifecycle }) => lifecycle !== 'Terminating');
    const releases = await launched(current, instances.length, { deadlineMs, signal });
    if (typeof releases === 'string') return releases;
    store.setCurrent(name, current);
    processes.putAll(instances.flatMap(({ id }, n) => (releases[n] === undefined ? [] : [[id, releases[n]]])));
    await pruneFiles(dir, files).catch((error: unknown) => log(`${name}: old releases stay: ${String(error)}`));
    return null;
  };

  /** Brings every instance to where it is on its way to. */
  const carryOut = async (): Promise<void> => {
    if (stopped) return;
    for (const instance of inLifecycle('Terminating')) {
      const startedAt = options.world.now();
      processes.put(instance.id, null);
      await processes.gone();
      tell(options, 'terminate', instance, startedAt);
    }
    for (const instance of inLifecycle('Pending')) {
      const startedAt = options.world.now();
      if (!processes.has(instance.id)) await startCurrent(instance);
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
        await Promise.all(inLifecycle('InService').map(startCurrent));
        await carryOut();
      })
        .catch((error: unknown) => log(`${name}: ${String(error)}`))
        .finally(() => (resumed = true)),
    /** Asks each node in service itself; none while there is nothing to ask: nothing deployed, or not yet started again. */
    probe: (path: string, timeoutMs: number): Promise<NodeAnswer[]> => {
      const asked = !resumed || stopped || store.current(name) === null ? [] : inLifecycle('InService');
      return Promise.all(
        asked.map(async ({ id }): Promise<NodeAnswer> => {
          const port = processes.port(id);
          return {
            instance: id,
            answer: port === null ? 'no process' : await ask(`http://127.0.0.1:${port}${path}`, timeoutMs),
          };
        }),
      );
    },
    stop: async (): Promise<void> => {
      stopped = true;
      processes.clear();
      await lane;
      processes.clear();
      await processes.gone();
    },
  };
};

const withTail = (trouble: string, release: ReleaseProcess | undefined): string => {
  const tail = release?.tail() ?? '';
  return tail === '' ? trouble : `${trouble}; its last words:\n${tail.slice(-1_000)}`;
};

/** An instance has gone or come: the record of it and the event, in one transaction. */
const tell = (
  { world, transaction, store, group }: NodesOptions,
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
