import type { Config } from '../config/config.ts';
import type { Alert } from '../ladder/events.ts';
import { compilePattern, type Matcher, matches } from '../pattern/pattern.ts';
import { defaultTiming, type Timing } from './timing.ts';

/** What a configuration says about telling, its patterns ready to be matched. */
export type Tellers = { timing: Timing; routes: ReadyRoute[]; topics: string[] };

type ReadyRoute = { match: Matcher; to: string; escalate: Contact[] };

/** Who is told of a page that nobody acknowledged for so long (ms). */
export type Contact = { to: string; after: number };

export const tellersOf = ({
  timing,
  routes,
  topics,
  developers,
}: Pick<Config, 'timing' | 'routes' | 'topics' | 'developers'>): Tellers => ({
  timing: timing ?? defaultTiming,
  routes: routes.map(({ match, to, escalate = [] }) => ({ match: compilePattern(match), to, escalate })),
  topics: allTopics(Object.keys(topics), developers?.to ?? null),
});

/** What no route wants goes to everybody; to whom only their own changes are told only where there is nobody else. */
const allTopics = (topics: string[], developers: string | null): string[] => {
  const others = topics.filter((topic) => topic !== developers);
  return others.length > 0 ? others : topics;
};

/**
 * The topics (by the name that routes use) an alert goes to: of every route whose pattern matches it. An alert that
 * no route wants goes to all topics there are: one that nobody gets must not be.
 */
export const topicsOf = (alert: Alert, { routes, topics }: Tellers): string[] => {
  const wanted = routesOf(alert, routes).map(({ to }) => to);
  return wanted.length > 0 ? [...new Set(wanted)] : topics;
};

/** Who is told of a page that nobody acknowledges, soonest first: of every route whose pattern matches it. */
export const contactsOf = (alert: Alert, { routes }: Tellers): Contact[] =>
  routesOf(alert, routes)
    .flatMap(({ escalate }) => escalate)
    .toSorted((one, other) => one.after - other.after);

const routesOf = (alert: Alert, routes: ReadyRoute[]): ReadyRoute[] => {
  const views = viewsOf(alert);
  return routes.filter(({ match }) => views.some((view) => matches(match, view)));
};

/** An alert as patterns see it. People say `ticket` where a ladder says `warning`: a pattern may name either. */
export const viewsOf = (alert: Alert): object[] =>
  alert.severity === 'warning' ? [alert, { ...alert, severity: 'ticket' }] : [alert];
