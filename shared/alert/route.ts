import type { Config } from '../config/config.ts';
import type { Alert } from '../ladder/events.ts';
import { compilePattern, type Matcher, matches } from '../pattern/pattern.ts';
import { newsNamed } from '../news/notice.ts';
import { type ReadyNews, readyNews } from '../news/ready.ts';
import { defaultTiming, type Timing } from './timing.ts';

/** What a configuration says about telling, its patterns ready to be matched. */
export type Tellers = {
  timing: Timing;
  routes: ReadyRoute[];
  topics: string[];
  news: ReadyNews;
  /** who hears of which news, by its name */
  newsTo: ReadonlyMap<string, ReadyRoute[]>;
  /** the roles that Escalator itself acts in, whose calls are nobody's */
  own: readonly string[];
};

type ReadyRoute = { match: Matcher; to: string; escalate: Contact[] };

/** Who is told of a page that nobody acknowledged for so long (ms). */
export type Contact = { to: string; after: number };

type Telling = Pick<Config, 'timing' | 'routes' | 'topics' | 'developers' | 'news'>;

export const tellersOf = (config: Telling, own: readonly string[] = []): Tellers => {
  const { timing, routes, news = [] } = config;
  return {
    timing: timing ?? defaultTiming,
    routes: routes.map(({ match, to, escalate = [] }) => ({ match: compilePattern(match), to, escalate })),
    topics: everybody(config),
    news: readyNews(news),
    newsTo: new Map(news.map(({ name, to, escalate }) => [name, to.map((one) => ({ match: all, to: one, escalate }))])),
    own,
  };
};

const all = compilePattern({ id: [{ exists: true }] });

/** What no route wants goes to everybody; to whom only news or their own changes are told only where there is nobody else. */
const everybody = ({ topics, routes, developers, news = [] }: Telling): string[] => {
  const routed = new Set(routes.map(({ to }) => to));
  const apart = new Set([developers?.to ?? '', ...news.flatMap(({ to }) => to)].filter((one) => !routed.has(one)));
  const names = Object.keys(topics);
  const others = names.filter((topic) => !apart.has(topic));
  return others.length > 0 ? others : names;
};

/**
 * The same as it holds for one group: news go where the configuration sends them, whatever the routes say, and a storm
 * of pages of one sort is one in an interval. Null for news that nobody wants any more.
 */
export const tellersOfGroup = (tellers: Tellers, group: string): Tellers | null => {
  const name = newsNamed(group);
  if (name === null) return tellers;
  const routes = tellers.newsTo.get(name);
  const { timing } = tellers;
  return routes === undefined ? null : { ...tellers, routes, timing: { ...timing, pagesApart: timing.interval } };
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
