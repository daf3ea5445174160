import { join } from 'node:path';
import type { Operations } from '../endpoint/operations.ts';
import type { ActionProvider } from '../pipeline/provider.ts';
import type { Transaction, World } from '../world.ts';
import { type Alarms, createAlarms } from './alarms.ts';
import { autoScalingOperations } from './auto-scaling.ts';
import { createFleetStore } from './fleet-store.ts';
import { refreshOperations } from './instance-refresh.ts';
import { monitoringOperations } from './monitoring.ts';
import { type Probe, repeatProbe, runProbe } from './probes.ts';
import { type Admit, deployProvider, smokeProvider } from './providers.ts';
import { belongToNoPackage } from './release-files.ts';
import { createService, type Service } from './service.ts';
import { readWatchFile, type WatchFile } from './watch-file.ts';

export type ServicesOptions = {
  world: World;
  transaction: Transaction;
  /** folder for the files of the releases */
  dir: string;
  /** the services there are, each in its environment */
  services: { service: string; environment: string }[];
  /** path of the file that says which alarms, probes and groups there are; none when absent, and groups of one instance */
  alarmsFile?: string;
  /** asked before a release is deployed or tried; everything is admitted when absent */
  admit?: Admit;
  log: (line: string) => void;
};

/** The services that run on this machine, and what keeps and watches them. */
export type Services = {
  /** where users find a service; undefined for one that is not there */
  url: (service: string) => string | undefined;
  urls: () => { [service: string]: string };
  /** Starts the current releases again, and the probes. */
  start: () => void;
  stop: () => Promise<void>;
  /** providers of the pipeline's custom actions */
  providers: { EscalatorDeploy: ActionProvider; EscalatorSmoke: ActionProvider };
  operations: { autoscaling: Operations; monitoring: Operations };
};

const nothing: WatchFile = { alarms: [], probes: [], groups: [] };
const everything: Admit = () => Promise.resolve({ admitted: true });

/**
 * Makes or finds again the services; their load balancers listen when this resolves.
 *
 * @throws EscalatorError ESC-005 or ESC-006 when the file of alarms cannot be used
 */
export const createServices = async (options: ServicesOptions): Promise<Services> => {
  const { world, transaction, dir, admit = everything, log } = options;
  const watch = options.alarmsFile === undefined ? nothing : readWatchFile(options.alarmsFile);
  await belongToNoPackage(world.dataDir);
  const store = createFleetStore(world.db);
  const services = new Map<string, Service>();
  for (const { service: name, environment } of options.services) {
    const releases = join(dir, 'releases', name);
    const desired = watch.groups.find(({ Service: of }) => of === name)?.DesiredCapacity ?? 1;
    const own = { dir: releases, name, environment, desired };
    services.set(name, await createService({ world, transaction, store, log, ...own }));
  }
  const alarms = createAlarms(world, transaction);
  for (const definition of watch.alarms) alarms.put(definition);
  let probes: (() => Promise<void>)[] = [];
  return {
    url: (service) => services.get(service)?.url,
    urls: () => Object.fromEntries([...services].map(([name, { url }]) => [name, url])),
    start: () => {
      for (const service of services.values()) service.start();
      probes = startProbes(watch.probes, services, alarms, log);
    },
    stop: async () => {
      await Promise.all(probes.map((stop) => stop()));
      await Promise.all([...services.values()].map((service) => service.stop()));
    },
    providers: {
      EscalatorDeploy: deployProvider({ services, admit }),
      EscalatorSmoke: smokeProvider({ services, admit }),
    },
    operations: {
      autoscaling: {
        ...autoScalingOperations(services, store),
        ...refreshOperations(world, transaction, services, store),
      },
      monitoring: monitoringOperations(alarms, world),
    },
  };
};

const startProbes = (
  probes: Probe[],
  services: Map<string, Service>,
  alarms: Alarms,
  log: (line: string) => void,
): (() => Promise<void>)[] =>
  probes.flatMap((probe) => {
    const service = services.get(probe.Service);
    return service === undefined ? [] : [repeatProbe(probe, () => runProbe(probe, service, alarms), log)];
  });
