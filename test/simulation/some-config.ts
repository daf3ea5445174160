import type {
  ActionConfig,
  CheckConfig,
  Config,
  EnvironmentConfig,
  Mode,
  ServiceConfig,
} from '../../shared/config/config.ts';
import { level, shop } from '../harness/ladder.ts';
import { network } from '../harness/town.ts';
import type { Chance } from './chance.ts';
import { networkPipeline } from './network.ts';
import { networkAlarm } from './services.ts';

export const minute = 60_000;

/** What stays when a configuration is changed: which services there are, and whether they share a network. */
type Town = { names: readonly string[]; shared: boolean };

/** One service or two, with levels that mostly act; now and then two or three that share a network. */
const someTown = (chance: Chance): Town => {
  const shared = chance.is(0.1);
  const two = chance.is(0.3) ? ['shop', 'cart'] : ['shop'];
  const names = shared
    ? chance.of([
        ['shop', 'cart'],
        ['shop', 'cart', 'mail'],
      ] as const)
    : two;
  return { names, shared };
};

export const someConfig = (chance: Chance, form: number, { names, shared } = someTown(chance)): Config => {
  const services = names.map((name) => someService(name, chance));
  const below = services.map(({ ladder }) => ladder);
  return {
    digest: `d${form}`,
    text: '',
    environments: shared ? [someEnvironment(below, chance)] : [],
    services: services.map((one) => ({ ...one, above: shared ? 'production' : null })),
    routes: [{ match: { environment: ['production'] }, to: 'sre' }],
    ...someOthersToTell(chance),
    topics: { sre: { sns: 'escalator-sre', second: 'lead' }, lead: { sns: 'escalator-lead' } },
  };
};

/** Most of what is told is of incidents: that others want to hear of each change is in one run of four. */
const someOthersToTell = (chance: Chance): Pick<Config, 'developers' | 'news'> => ({
  ...(chance.is(0.25) && { developers: { to: 'sre', comments: false } }),
  ...(chance.is(0.25) && { news: [{ name: 'community', match: null, to: ['sre'], escalate: [] }] }),
});

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

/**
 * The same services, whose levels have other modes and times; now and then they have lost their most drastic level, or one of
 * several is gone for good.
 */
export const anotherConfig = (before: Config, chance: Chance): Config => {
  const all = before.services.map(({ service }) => service);
  const names = all.length > 1 && chance.is(0.4) ? all.slice(0, -1) : all;
  const shared = before.environments.length > 0;
  const { developers, news } = before;
  const config = { ...someConfig(chance, Number(before.digest.slice(1)) + 1, { names, shared }), developers, news };
  return chance.is(0.3) ? { ...config, services: config.services.map(withoutNodes) } : config;
};

const withoutNodes = (service: ServiceConfig): ServiceConfig => {
  const { node: _node, ...checks } = service.checks;
  return { ...service, checks, levels: service.levels.slice(1) };
};

/** A level between, on what is in the stage; and the check that asks for it. */
type Between = { level: string; do: ActionConfig; smoke: string; checks: { [name: string]: CheckConfig } };

const someBetween = (name: string, chance: Chance): Between | null => {
  if (!chance.is(0.4)) return null;
  const delivery = { name: 'delivery', pipeline: name, stage: 'Deploy', level: 'retry' };
  return chance.is(0.5)
    ? { level: 'retry', do: { type: 'retry-stage' }, smoke: 'deploy', checks: { delivery } }
    : {
        level: 'stop',
        do: { type: 'stop-execution', abandon: chance.is(0.5) },
        smoke: 'stop',
        checks: {},
      };
};

const someService = (name: string, chance: Chance): ServiceConfig => {
  const mode = (): Mode => (chance.is(0.9) ? 'act' : chance.of(['observe', 'ask'] as const));
  const between = someBetween(name, chance);
  return shop({
    service: name,
    ladder: `production/${name}`,
    pipeline: name,
    repository: name,
    checks: {
      node: chance.is(0.4)
        ? { name: 'node', alarms: [`${name}-node`], per: 'InstanceId', level: 'node' }
        : { name: 'node', alarm: `${name}-node`, level: 'node' },
      smoke: { name: 'smoke', alarm: `${name}-smoke`, level: between?.smoke ?? 'deploy' },
      ...between?.checks,
    },
    levels: [
      level('node', {
        do: { type: 'replace-instances', group: `${name}-asg` },
        quiescence: 3 * minute,
        mode: mode(),
        drastic: chance.is(0.1),
        limit: chance.of([1, 2]),
      }),
      ...(between === null ? [] : [level(between.level, { do: between.do, mode: mode() })]),
      level('deploy', { mode: mode() }),
    ],
    bake: chance.of([10, 30]) * minute,
    quiescence: chance.of([10, 30, 60]) * 1_000,
    attempts: chance.of([2, 3]),
  });
};
