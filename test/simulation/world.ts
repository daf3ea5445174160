import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { Order } from '../../shared/ladder/input.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import type { Chance } from './chance.ts';
import { answerPipeline, type Execution, newPipeline, type Pipeline } from './pipelines.ts';
import { buildNetwork, type Network, networkPipeline } from './network.ts';
import { type Alarm, answerService, look, lookSoon, networkAlarm, newService, type Service } from './services.ts';
import { answerStage } from './stage-acts.ts';
import type { VirtualTime } from './time.ts';

/**
 * What Escalator reads and acts on, as it really is: services with nodes and releases, their alarms, and CodePipeline.
 * It speaks the language of the SDK's commands, so that the code under test is all of ours.
 */
export type World = {
  time: VirtualTime;
  chance: Chance;
  account: string;
  region: string;
  services: Service[];
  pipelines: Pipeline[];
  alarms: Map<string, Alarm>;
  /** commits that do not work, by what they are or by what they contain */
  broken: Set<string>;
  /** child -> parent */
  parents: Map<string, string>;
  killSwitch: string;
  /** what its services stand on, where they share something */
  network: Network | null;
  /** topics that take nothing */
  topicsDown: Set<string>;
  /** CodePipeline takes no rollback at all */
  refusesRollback: boolean;
  /** entries that the reactor cannot take in, and after how many more that it comes to there will be another; null where none */
  poison: Set<number>;
  poisonIn: number | null;
  isPoison(entry: Entry): boolean;
  /** something goes on, or is over, `ms` from now */
  later(ms: number, what: () => void): void;
  /** when the last of that will be */
  calmAt(): number;
  service(name: string): Service;
  pipeline(name: string | undefined): Pipeline;
  /** somebody tells a ladder what to do */
  order(service: string, order: Order): void;
  /** somebody says that they know of all that is told of a service */
  acknowledge(service: string): void;
  /** somebody changes the configuration */
  reconfigure(): void;
  /** a newer Escalator takes over: what it finds of its own making is as the older one left it */
  upgrade(): void;
  /** AWS says something */
  tell(event: object): void;
  released(pipeline: string, execution: Execution): void;
  /** a deployment stands still in the middle: a node has nothing to serve */
  halfReleased(pipeline: string): void;
  superseded(older: Execution, by: Execution): void;
  answer(command: unknown): object;
};

type Told = Pick<World, 'tell' | 'superseded' | 'order'> &
  Partial<Pick<World, 'reconfigure' | 'upgrade' | 'acknowledge'>>;

export const createWorld = (
  time: VirtualTime,
  chance: Chance,
  names: string[],
  { tell, superseded, order, acknowledge = () => {}, reconfigure = () => {}, upgrade = () => {} }: Told,
  shared = false,
): World => {
  let calmAt = time.now();
  const world: World = {
    time,
    chance,
    account: '111122223333',
    region: 'eu-west-1',
    services: [],
    pipelines: (shared ? [networkPipeline, ...names] : names).map(newPipeline),
    alarms: new Map(),
    broken: new Set(),
    parents: new Map(),
    killSwitch: 'allow',
    network: shared ? { up: true, built: 1 } : null,
    topicsDown: new Set(),
    refusesRollback: false,
    poison: new Set(),
    poisonIn: null,
    // Not what says so of another entry.
    isPoison: ({ kind, seq }) => {
      if (world.poisonIn !== null && kind !== 'reader.skipped') {
        world.poisonIn = world.poisonIn === 0 ? null : world.poisonIn - 1;
        if (world.poisonIn === null) world.poison.add(seq);
      }
      return world.poison.has(seq);
    },
    later: (ms, what) => {
      calmAt = Math.max(calmAt, time.now() + ms);
      time.at(time.now() + ms, what);
    },
    calmAt: () => calmAt,
    service: (name) => found(world.services, name),
    pipeline: (name) => found(world.pipelines, name ?? ''),
    order,
    acknowledge,
    reconfigure,
    upgrade,
    tell,
    superseded,
    released: (name, { commit }) => {
      if (world.network !== null && name === networkPipeline) return buildNetwork(world);
      const service = world.service(name);
      service.standsOn = world.network?.built ?? 1;
      service.release = commit;
      for (const node of service.nodes) node.release = commit;
      lookSoon(world, service);
    },
    halfReleased: (name) => {
      const service = world.services.find((one) => one.name === name);
      const [node] = service?.nodes ?? [];
      if (node !== undefined) node.release = null;
      if (service !== undefined) lookSoon(world, service);
    },
    answer: (command) => {
      if (command instanceof GetParameterCommand) return { Parameter: { Value: world.killSwitch } };
      const answer = answerPipeline(world, command) ?? answerStage(world, command) ?? answerService(world, command);
      if (answer === null) throw new Error('the product asks something that the world does not know');
      return answer;
    },
  };
  world.services = names.map((name) => newService(world, name));
  const watched = names.flatMap((name) => [`${name}-node`, `${name}-smoke`]);
  for (const name of shared ? [networkAlarm, ...watched] : watched)
    world.alarms.set(name, { name, state: 'INSUFFICIENT_DATA', at: time.now(), blind: false });
  if (shared) time.at(time.now() + chance.spread(1_000, 60_000), () => look(world, networkAlarm));
  return world;
};

const found = <Named extends { name: string }>(all: Named[], name: string): Named => {
  const one = all.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`there is no ${name}`);
  return one;
};
