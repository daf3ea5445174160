import { alarmsOf, pipelinesChecked } from '../config/checks.ts';
import type { Config } from '../config/config.ts';
import { laddersAtHome } from '../config/member.ts';

/** Something that a service can be asked about. */
export type Target =
  | { of: 'pipeline'; pipeline: string }
  | { of: 'alarm'; alarm: string }
  | { of: 'deployments'; application: string; group: string }
  | { of: 'branches'; repository: string };

/** What the configuration names here and AWS keeps a past of, each once. Pipelines first: most depends on them. */
export const targetsOf = (config: Config): Target[] => {
  const ladders = laddersAtHome(config);
  const services = ladders.filter((ladder) => ladder.service !== null);
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
export const targetName = (target: Target): string => {
  switch (target.of) {
    case 'pipeline':
      return `pipeline:${target.pipeline}`;
    case 'alarm':
      return `alarm:${target.alarm}`;
    case 'deployments':
      return `deployments:${target.application}/${target.group}`;
    case 'branches':
      return `branches:${target.repository}`;
  }
};
