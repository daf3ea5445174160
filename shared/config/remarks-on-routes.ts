import type { Alert } from '../ladder/events.ts';
import { type Config, laddersOf } from './config.ts';
import type { Finding } from './mistake.ts';
import { neverMatches } from './rules-of-matching.ts';

/** Every field of an alert that a pattern may ask for. */
const fields: { [field in keyof Required<Alert>]: true } = {
  id: true,
  incident: true,
  environment: true,
  service: true,
  severity: true,
  headline: true,
  change: true,
  author: true,
  subject: true,
  failing: true,
  targets: true,
  done: true,
  next: true,
  over: true,
  news: true,
};

/** What no alert has is asked for in vain. The alerts that such a route should take go to others, or to all topics. */
export const remarksOnRoutes = (config: Config): Finding[] => {
  const { routes } = config;
  const ladders = laddersOf(config);
  const known = {
    fields: Object.keys(fields),
    values: {
      severity: ['page', 'ticket', 'warning', 'info'],
      environment: ['', ...ladders.map(({ environment }) => environment)],
      service: ['', ownService, ...ladders.flatMap(({ service }) => service ?? [])],
    },
  };
  return routes.flatMap(({ match }, index) => neverMatches(match, ['alerts', 'routes', index, 'match'], known));
};

/** What is about Escalator itself says so. */
const ownService = 'escalator';
