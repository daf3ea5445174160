import { pipelinesChecked } from '../config/checks.ts';
import { type Config, laddersOf } from '../config/config.ts';

/** What a configuration names in the account: the pipelines, and by two names each what its levels act on. */
export type NamedInConfig = {
  pipelines: string[];
  ecsServices: [string, string][];
  deploymentGroups: [string, string][];
};

export const namedIn = (config: Config): NamedInConfig => {
  const acts = laddersOf(config).flatMap(({ levels }) => levels.map((level) => level.do));
  const pipelines = [
    ...config.services.map(({ pipeline }) => pipeline),
    ...laddersOf(config).flatMap(pipelinesChecked),
    ...acts.flatMap((act) => (act.type === 'start-pipeline' ? [act.pipeline] : [])),
  ];
  return {
    pipelines: [...new Set(pipelines)],
    ecsServices: acts.flatMap((act): [string, string][] => ('cluster' in act ? [[act.cluster, act.service]] : [])),
    deploymentGroups: acts.flatMap((act): [string, string][] =>
      act.type === 'stop-deployment' ? [[act.application, act.group]] : [],
    ),
  };
};
