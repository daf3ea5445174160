import { mkdir } from 'node:fs/promises';
import type { Transaction, World } from '../world.ts';
import type { HttpAnswer } from './ask.ts';
import type { FleetStore, Instance } from './fleet-store.ts';
import type { Group } from './group-events.ts';
import { startLoadBalancer } from './load-balancer.ts';
import { createNode, type Deployment, newInstance } from './node.ts';

export type ServiceOptions = {
  world: World;
  transaction: Transaction;
  store: FleetStore;
  /** folder of this service's releases */
  dir: string;
  name: string;
  environment: string;
  log: (line: string) => void;
};

/** A service: a load balancer, and behind it an Auto Scaling group of one node that runs the current release. */
export type Service = {
  name: string;
  environment: string;
  /** where its users find it, e.g. `http://127.0.0.1:40123` */
  url: string;
  group: Group;
  /** Starts the current release again, and goes on with what was under way. */
  start: () => void;
  stop: () => Promise<void>;
  /** @returns null when the release serves, else why it does not; the one before goes on then */
  deploy: (deployment: Deployment) => Promise<string | null>;
  /** Gives up an instance: it is terminated and a new one launched, soon after. Doing so again changes nothing. */
  giveUp: (instance: Instance) => void;
  /** Asks the node itself by GET; null while there is nothing to ask, a text when it does not answer. */
  probe: (path: string, timeoutMs: number) => Promise<HttpAnswer | string | null>;
};

/** Makes or finds again a service; its load balancer listens when this resolves, on the port it had before if free. */
export const createService = async (options: ServiceOptions): Promise<Service> => {
  const { world, transaction, store, name, environment, dir } = options;
  await mkdir(dir, { recursive: true });
  store.add(name, world.newId(), world.now());
  const { port, group_id: id } = store.service(name);
  const balancer = await startLoadBalancer(port);
  store.setPort(name, balancer.port);
  if (store.instances(name).length === 0) store.putInstance(newInstance(world, name, 'InService'));
  const { account, region } = world;
  const group: Group = { account, region, name: `${name}-asg`, id };
  const node = createNode({ ...options, group, balancer });
  return {
    name,
    environment,
    url: `http://127.0.0.1:${balancer.port}`,
    group,
    start: node.resume,
    stop: async () => {
      await node.stop();
      await balancer.close();
    },
    deploy: node.deploy,
    giveUp: (instance) => {
      transaction(() => {
        if (instance.lifecycle === 'Terminating') return;
        store.putInstance({ ...instance, lifecycle: 'Terminating', health: 'Unhealthy' });
        store.putInstance(newInstance(world, name, 'Pending'));
      });
      node.carryOut();
    },
    probe: node.probe,
  };
};
