import { alarmsOf, pipelinesChecked } from '../config/checks.ts';
import { type Config, type LadderConfig, laddersOf, type ServiceConfig } from '../config/config.ts';
import { type Home, laddersAtHome, type Member, membersOf } from '../config/member.ts';

/** Something that a service can be asked about; `at` the environment whose account and Region it is in, where that is elsewhere. */
export type Target = { at?: string } & (
  | { of: 'pipeline'; pipeline: string }
  | { of: 'alarm'; alarm: string }
  | { of: 'deployments'; application: string; group: string }
  | { of: 'branches'; repository: string }
  | { of: 'stack'; stack: string }
  | { of: 'calls' }
);

/** Everything that is read, here and where environments are elsewhere. */
export const allTargets = (config: Config, home: Home): Target[] => [
  ...targetsOf(laddersAtHome(config)),
  ...membersOf(config, home).flatMap((member) => targetsElsewhere(config, home, member)),
];

/** The calls of one account and Region are read once, in whichever environment's name. */
const targetsElsewhere = (config: Config, home: Home, { environment: at, ...place }: Member): Target[] => {
  const first = [{ ...home, environment: '' }, ...membersOf(config, home)].find((one) => isSame(one, place));
  return targetsOf(laddersOf(config).filter(({ environment }) => environment === at))
    .filter((target) => target.of !== 'calls' || first?.environment === at)
    .map((target) => ({ ...target, at }));
};

const isSame = (one: Home, other: Home): boolean => one.account === other.account && one.region === other.region;

/** What ladders of one place name and AWS keeps a past of, each once. Pipelines first: most depends on them. */
export const targetsOf = (ladders: LadderConfig[]): Target[] => {
  const services = ladders.filter((ladder): ladder is ServiceConfig => ladder.service !== null);
  const levels = ladders.flatMap((ladder) => ladder.levels.map((level) => level.do));
  const started = levels.flatMap((action) => (action.type === 'start-pipeline' ? action.pipeline : []));
  const delivered = services.map(({ pipeline }) => pipeline);
  const pipelines = [...delivered, ...ladders.flatMap(pipelinesChecked), ...started];
  return [
    ...unique(pipelines).map((pipeline): Target => ({ of: 'pipeline', pipeline })),
    ...unique(ladders.flatMap(alarmsOf)).map((alarm): Target => ({ of: 'alarm', alarm })),
    ...unique(services.map(({ repository }) => repository)).map((repository): Target => ({
      of: 'branches',
      repository,
    })),
    ...deploymentsIn(levels),
    ...unique(services.flatMap(({ stacks = [] }) => stacks)).map((stack): Target => ({ of: 'stack', stack })),
    { of: 'calls' },
  ];
};

const unique = (names: string[]): string[] => [...new Set(names)];

type Action = Config['services'][number]['levels'][number]['do'];

const deploymentsIn = (levels: Action[]): Target[] => {
  const groups = levels.flatMap((action): Target[] =>
    action.type === 'stop-deployment'
      ? [{ of: 'deployments', application: action.application, group: action.group }]
      : [],
  );
  return [...new Map(groups.map((group) => [targetName(group), group])).values()];
};

/** The name under which it is kept how far a target was read. */
export const targetName = (target: Target): string =>
  `${nameHere(target)}${target.at === undefined ? '' : ` at ${target.at}`}`;

const nameHere = (target: Target): string => {
  switch (target.of) {
    case 'pipeline':
      return `pipeline:${target.pipeline}`;
    case 'alarm':
      return `alarm:${target.alarm}`;
    case 'deployments':
      return `deployments:${target.application}/${target.group}`;
    case 'branches':
      return `branches:${target.repository}`;
    case 'stack':
      return `stack:${target.stack}`;
    case 'calls':
      return 'calls';
  }
};
