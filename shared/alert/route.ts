import type { Config } from '../config/config.ts';
import type { Alert } from '../ladder/events.ts';
import { compilePattern, matches } from '../pattern/pattern.ts';

/**
 * The topics (by the name that routes use) an alert goes to: of every route whose pattern matches it. An alert that
 * no route wants goes to all topics there are: one that nobody gets must not be.
 */
export const topicsFor = (alert: Alert, config: Pick<Config, 'routes' | 'topics'>): string[] => {
  const wanted = config.routes.filter(({ match }) => matches(compilePattern(match), alert)).map(({ to }) => to);
  return wanted.length > 0 ? [...new Set(wanted)] : Object.keys(config.topics);
};
