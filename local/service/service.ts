import { mkdir } from 'node:fs/promises';
import type { Transaction, World } from '../world.ts';
import type { FleetStore, Instance } from './fleet-store.ts';
import type { Group } from './group-events.ts';
import { startLoadBalancer } from './load-balancer.ts';
import { createNodes, type Deployment, newInstance, type NodeAnswer } from './nodes.ts';

export type ServiceOptions = {
  world: World;
  transaction: Transaction;
  store: FleetStore;
  /** folder of this service's releases */
  dir: string;
  name: string;
  environment: string;
  /** how many instances its group wants */
  desired: number;
  log: (line: string) => void;
};

/** A service: a load balancer, and behind it an Auto Scaling group whose nodes run the current release. */
export type Service = {
  name: string;
  environment: string;
  /** where its users find it, e.g. `http://127.0.0.1:40123` */
  url: string;
  group: Group;
  desired: number;
  /** Starts the current release again, and goes on with what was under way. */
  start: () => void;
  stop: () => Promise<void>;
  /** @returns null when the release serves, else why it does not; the one before goes on then */
  deploy: (deployment: Deployment) => Promise<string | null>;
  /** Gives up an instance: it is terminated and a new one launched, soon after. Doing so again changes nothing. */
  giveUp: (instance: Instance) => void;
  /** Asks each node in service itself by GET; none while there is nothing to ask. */
  probe: (path: string, timeoutMs: number) => Promise<NodeAnswer[]>;
};

/** Makes or finds again a service; its load balancer listens when this resolves, on the port it had before if free. */
export const createService = async (options: ServiceOptions): Promise<Service> => {
  const { world, transaction, store, name, environment, dir, desired } = options;
  await mkdir(dir, { recursive: true });
  store.add(name, world.newId(), world.now());
  const { port, group_id: id } = store.service(name);
  const balancer = await startLoadBalancer(port);
  store.setPort(name, balancer.port);
  fill(options);
  const { account, region } = world;
  const group: Group = { account, region, name: `${name}-asg`, id };
  const nodes = createNodes({ ...options, group, balancer });
  return {
    name,
    environment,
    url: `http://127.0.0.1:${balancer.port}`,
    group,
    desired,
    start: nodes.resume,
    stop: async () => {
      await nodes.stop();
      await balancer.close();
    },
    deploy: nodes.deploy,
    giveUp: (instance) => {
      transaction(() => {
        if (instance.lifecycle === 'Terminating') return;
        store.putInstance({ ...instance, lifecycle: 'Terminating', health: 'Unhealthy' });
        store.putInstance(newInstance(world, name, 'Pending'));
      });
      nodes.carryOut();
    },
    probe: nodes.probe,
  };
};

/** As many instances as are wanted, before any of them runs; those that are too many are the newest. */
const fill = ({ world, store, name, desired }: ServiceOptions): void => {
  const there = store.instances(name).filter(({ lifecycle }) => lifecycle !== 'Terminating');
  for (let count = there.length; count < desired; count += 1) store.putInstance(newInstance(world, name, 'InService'));
  for (const { id } of there.slice(desired)) store.removeInstance(id);
};
