import { alarmsOf } from '../config/checks.ts';
import { type Config, type LadderConfig, laddersOf } from '../config/config.ts';

/** Where something belongs. The service is null where several of one environment share it. */
export type Located = { environment: string; service: string | null };

/** Looks up what the configuration says about a name; null where it says nothing, or names several environments. */
export type Locate = {
  /** a pipeline may deliver to several environments, a stage each; without the stage it may be undecided */
  pipeline: (name: string, stage?: string) => Located | null;
  alarm: (name: string) => Located | null;
  repository: (name: string) => Located | null;
  /** a CloudFormation stack, by its name */
  stack: (name: string) => Located | null;
  /** an Auto Scaling group that a level replaces the instances of */
  group: (name: string) => Located | null;
};

/** @param config the configuration whose names are looked up */
export const locateIn = (config: Config): Locate => {
  const { services } = config;
  const ladders = laddersOf(config);
  return {
    pipeline: (name, stage) => {
      const delivered = services.filter(({ pipeline }) => pipeline === name);
      return common(delivered.filter((service) => service.stage === stage)) ?? common(delivered);
    },
    alarm: (name) => common(ladders.filter((ladder) => alarmsOf(ladder).includes(name))),
    repository: (name) => common(services.filter(({ repository }) => repository === name)),
    stack: (name) => common(services.filter(({ stacks }) => stacks?.includes(name) ?? false)),
    group: (name) =>
      common(ladders.filter(({ levels }) => levels.some((level) => 'group' in level.do && level.do.group === name))),
  };
};

/** What all of them have in common. */
const common = (services: Pick<LadderConfig, 'environment' | 'service'>[]): Located | null => {
  const [first] = services;
  if (first === undefined || services.some(({ environment }) => environment !== first.environment)) return null;
  const shared = services.every(({ service }) => service === first.service);
  return { environment: first.environment, service: shared ? first.service : null };
};

/** For where there is no configuration: nothing belongs anywhere. */
export const nowhere: Locate = {
  pipeline: () => null,
  alarm: () => null,
  repository: () => null,
  stack: () => null,
  group: () => null,
};

/** Where all of them belong; null where one belongs elsewhere, or nowhere, or there are none. */
export const together = (places: (Located | null)[]): Located | null => {
  const [first] = places;
  if (first == null || places.some((place) => place?.environment !== first.environment)) return null;
  const shared = places.every((place) => place?.service === first.service);
  return { environment: first.environment, service: shared ? first.service : null };
};
