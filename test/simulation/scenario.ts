import type { Config, EnvironmentConfig, Mode, ServiceConfig } from '../../shared/config/config.ts';
import { level, shop } from '../harness/ladder.ts';
import { network } from '../harness/town.ts';
import type { Chance } from './chance.ts';
import { startExecution } from './pipelines.ts';
import { mendNetwork, networkAlarm, networkFails, networkPipeline } from './network.ts';
import { killNode, look, lookSoon, type Service } from './services.ts';
import type { World } from './world.ts';

export const minute = 60_000;

/** One service or two, with levels that mostly act; now and then two or three that share a network. */
export const someConfig = (chance: Chance): Config => {
  const shared = chance.is(0.1);
  const two = chance.is(0.3) ? ['shop', 'cart'] : ['shop'];
  const names = shared
    ? chance.of([
        ['shop', 'cart'],
        ['shop', 'cart', 'mail'],
      ] as const)
    : two;
  const services = names.map((name) => someService(name, chance));
  const below = services.map(({ ladder }) => ladder);
  return {
    digest: 'd',
    text: '',
    environments: shared ? [someEnvironment(below, chance)] : [],
    services: services.map((one) => ({ ...one, above: shared ? 'production' : null })),
    routes: [],
    topics: { sre: { sns: 'escalator-sre' } },
  };
};

const someEnvironment = (below: string[], chance: Chance): EnvironmentConfig =>
  network(below, {
    checks: { provider: { name: 'provider', alarm: networkAlarm, level: 'network' } },
    levels: [
      level('network', {
        do: { type: 'start-pipeline', pipeline: networkPipeline },
        mode: chance.is(0.9) ? 'act' : chance.of(['observe', 'ask'] as const),
        quiescence: 2 * minute,
      }),
    ],
  });

const someService = (name: string, chance: Chance): ServiceConfig => {
  const mode = (): Mode => (chance.is(0.9) ? 'act' : chance.of(['observe', 'ask'] as const));
  return shop({
    service: name,
    ladder: `production/${name}`,
    pipeline: name,
    repository: name,
    checks: {
      node: { name: 'node', alarm: `${name}-node`, level: 'node' },
      smoke: { name: 'smoke', alarm: `${name}-smoke`, level: 'deploy' },
    },
    levels: [
      level('node', {
        do: { type: 'replace-instances', group: `${name}-asg` },
        quiescence: 3 * minute,
        mode: mode(),
        drastic: chance.is(0.1),
      }),
      level('deploy', { mode: mode() }),
    ],
    bake: chance.of([10, 60]) * minute,
  });
};

/** Pushes a commit on top of another: one that works, or one that does not; what contains a broken one is broken. */
const push = (world: World, service: Service, broken: boolean, parent = service.release): void => {
  const commit = world.chance.id();
  if (parent !== null) world.parents.set(commit, parent);
  if (broken || (parent !== null && world.broken.has(parent) && world.chance.is(0.5))) world.broken.add(commit);
  startExecution(world, world.pipeline(service.name), commit);
};

/** What can happen to a service, and how likely; `calm` is what makes it whole again. */
const happenings: { [what: string]: (world: World, service: Service) => void } = {
  'a broken change is pushed': (world, service) => push(world, service, true),
  'a change is pushed': (world, service) => push(world, service, false),
  'the broken change is pushed again': (world, service) => {
    const broken = [...world.broken].at(-1);
    push(world, service, true, broken ?? service.release);
  },
  'somebody runs the pipeline again': (world, service) => {
    const last = world.pipeline(service.name).executions.find(({ rollbackTo }) => rollbackTo === null);
    if (last !== undefined) startExecution(world, world.pipeline(service.name), last.commit);
  },
  'a node goes down': killNode,
  'both nodes go down': (world, service) => {
    killNode(world, service);
    killNode(world, service);
  },
  'there is no capacity for a while': (world, service) => {
    service.capacity = false;
    world.later(world.chance.between(minute, 40 * minute), () => {
      service.capacity = true;
      mend(world, service);
    });
    killNode(world, service);
  },
  'the alarm is blind for a while': (world, service) => {
    const alarm = world.alarms.get(`${service.name}-${world.chance.of(['node', 'smoke'])}`);
    if (alarm === undefined) return;
    alarm.blind = true;
    look(world, alarm.name);
    world.later(world.chance.between(minute, 90 * minute), () => {
      alarm.blind = false;
      look(world, alarm.name);
    });
  },
  'the smoke check flaps': (world, service) => {
    const period = world.chance.between(10_000, 90_000);
    for (let time = 0; time < 10; time += 1)
      world.later(time * period, () => {
        for (const node of service.nodes.slice(0, 1)) node.up = time % 2 === 1;
        look(world, `${service.name}-node`);
        look(world, `${service.name}-smoke`);
      });
  },
  'somebody throws the kill switch': (world, service) => {
    const some = [`production/${service.name}`, 'production', 'redeploy', 'replace-instances, start-pipeline'];
    const stopping = [
      'stop',
      'thrown by Ada',
      '',
      'allow except nothing-known',
      ...some.map((one) => `allow except ${one}`),
    ];
    world.killSwitch = world.chance.of(stopping);
    world.later(world.chance.between(minute, 60 * minute), () => {
      world.killSwitch = 'allow';
    });
  },
  'somebody mends it': (world, service) => mend(world, service),
  'somebody holds it, and resumes later': (world, service) => {
    world.order(service.name, { name: 'hold' });
    world.later(world.chance.between(minute, 60 * minute), () => world.order(service.name, { name: 'resume' }));
  },
  'somebody claims it': (world, service) => {
    const until = new Date(world.time.now() + world.chance.between(minute, 60 * minute)).toISOString();
    world.order(service.name, { name: 'claim', until });
  },
  'somebody quarantines what runs': (world, service) => quarantine(world, service, service.release),
  'somebody quarantines what ran before': (world, service) => {
    const before = world.pipeline(service.name).executions.map(({ commit }) => commit);
    quarantine(world, service, before.findLast((commit) => commit !== service.release) ?? null);
  },
  'somebody quarantines a commit that never came': (world, service) => quarantine(world, service, world.chance.id()),
  'somebody releases what was bad': (world, service) => {
    const commit = [...world.broken].at(-1);
    if (commit !== undefined) world.order(service.name, { name: 'release', of: { commit } });
  },
  'somebody forces a level': (world, service) =>
    world.order(service.name, { name: 'force', level: world.chance.of(['node', 'deploy']) }),
};

/** Some take it back later, and some do not. */
const quarantine = (world: World, service: Service, commit: string | null): void => {
  if (commit === null) return;
  world.order(service.name, { name: 'quarantine', of: { commit } });
  if (world.chance.is(0.5))
    world.later(world.chance.spread(10_000, 60 * minute), () =>
      world.order(service.name, { name: 'release', of: { commit } }),
    );
};

/** A person makes it whole: nodes up, and a release that works. */
export const mend = (world: World, service: Service): void => {
  for (const node of service.nodes) node.up = true;
  while (service.nodes.length < 2) service.nodes.push({ id: `i-${world.chance.id()}`, up: true, release: null });
  if (service.release !== null && world.broken.has(service.release))
    startExecution(world, world.pipeline(service.name), world.chance.id());
  else for (const node of service.nodes) node.release = service.release;
  lookSoon(world, service);
};

/** A good release first, baked; then trouble within two hours; some time later everything is mended. Answers when it is. */
export const play = (world: World, say: (what: string) => void): number => {
  const { time, chance } = world;
  for (const service of world.services) startExecution(world, world.pipeline(service.name), chance.id());
  const trouble = time.now() + chance.between(20, 90) * minute;
  const moments = Array.from({ length: chance.between(1, 7) }, () => trouble + chance.spread(1_000, 120 * minute));
  for (const moment of moments)
    time.at(moment, () => {
      if (world.network !== null && chance.is(0.4)) {
        say('the network fails');
        return networkFails(world);
      }
      const what = chance.of(Object.keys(happenings));
      const service = chance.of(world.services);
      say(`${what} (${service.name})`);
      happenings[what]?.(world, service);
    });
  const mended = Math.max(...moments) + chance.between(5, 60) * minute;
  time.at(mended, () => {
    say('everything is mended');
    mendNetwork(world);
    for (const service of world.services) {
      service.capacity = true;
      mend(world, service);
    }
  });
  return mended;
};
