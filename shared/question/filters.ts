import * as z from 'zod/mini';
import { EscalatorError } from '../errors.ts';
import type { Entry } from '../trail/entry.ts';
import { whenOf } from './things.ts';
import { instantOf, readTime } from './times.ts';

const text = z.string().check(z.minLength(1, 'not empty'), z.maxLength(2_048, 'at most 2048 characters'));

/** Normalised, so that one time is one question however it is written. */
const instant = (ofDay: 'first' | 'last') =>
  z.pipe(
    z.string(),
    z.transform((value: string, context) => {
      const written = readTime(value);
      if (written !== null) return instantOf(written, ofDay);
      const message = 'a time such as 2026-11-21T04:05:06Z, or a day such as 2026-11-21';
      context.issues.push({ code: 'custom', message, input: value });
      return z.NEVER;
    }),
  );

/** What a list of entries can be asked for; filters combine. */
export const Filters = z.strictObject({
  change: z.optional(
    z.string().check(z.regex(/^[0-9a-f]{7,64}$/i, 'a commit, at least 7 characters of it'), z.toLowerCase()),
  ),
  execution: z.optional(text),
  incident: z.optional(text),
  subject: z.optional(text),
  kind: z.optional(text),
  actor: z.optional(text),
  service: z.optional(text),
  environment: z.optional(text),
  release: z.optional(text),
  since: z.optional(instant('first')),
  until: z.optional(instant('last')),
});
export type Filters = z.infer<typeof Filters>;

export const pageSize = { usual: 50, most: 500 };

const isPage = (count: number): boolean => count >= 1 && count <= pageSize.most;
const wholeNumber = `a whole number from 1 to ${pageSize.most}`;

const Paging = z.strictObject({
  limit: z.optional(
    z.pipe(
      z.string().check(z.regex(/^\d{1,9}$/, wholeNumber)),
      z.pipe(z.transform(Number), z.number().check(z.refine(isPage, wholeNumber))),
    ),
  ),
  cursor: z.optional(z.string().check(z.maxLength(4_000, 'longer than a cursor is'))),
});
export type Paging = { limit: number; cursor?: string | undefined };

export type FilterName = keyof Filters;
const allFilters = Object.keys(Filters.shape) as FilterName[];
const pagers = Object.keys(Paging.shape);

/** What a list can be asked by, and how many items a page of it has where nobody says. */
export type Asking = { filters: readonly FilterName[]; usual: number };
export const entriesAsking: Asking = { filters: allFilters, usual: pageSize.usual };

export type Query = { filters: Filters; paging: Paging };

/**
 * Reads the query of a list, each parameter with all its values. What would not be heeded is refused, not passed by.
 *
 * @throws EscalatorError ESC-012, naming each parameter that is wrong
 */
export const readQuery = (query: { [name: string]: string[] }, { filters: names, usual } = entriesAsking): Query => {
  const given = onceEach(query);
  const refused = (said: string[]): EscalatorError =>
    new EscalatorError('ESC-012', said.join('; '), `filters are ${names.join(', ')}; limit and cursor page`);
  const unknown = given.filter(([name]) => ![...names, ...pagers].includes(name));
  if (unknown.length > 0) throw refused(unknown.map(([name]) => `${JSON.stringify(name)} is no filter here`));
  const [pages, asks] = [true, false].map((wanted) =>
    Object.fromEntries(given.filter(([name]) => pagers.includes(name) === wanted)),
  );
  const [filters, paging] = [Filters.safeParse(asks), Paging.safeParse(pages)];
  if (!filters.success || !paging.success) throw refused([...mistakesIn(filters), ...mistakesIn(paging)]);
  return { filters: inOrder(filters.data), paging: { ...paging.data, limit: paging.data.limit ?? usual } };
};

const onceEach = (query: { [name: string]: string[] }): [string, string | undefined][] => {
  const twice = Object.keys(query).filter((name) => (query[name]?.length ?? 0) > 1);
  if (twice.length === 0) return Object.entries(query).map(([name, [value]]) => [name, value]);
  throw new EscalatorError('ESC-012', `${twice.join(', ')}: given more than once`, 'give it once');
};

const mistakesIn = ({ error }: { error?: z.core.$ZodError }): string[] =>
  (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

const inOrder = (filters: Filters): Filters => {
  const { since, until } = filters;
  if (since === undefined || until === undefined || since <= until) return filters;
  throw new EscalatorError('ESC-012', `since ${since} is after until ${until}`, 'give the earlier time as since');
};

/** Whether an entry happened in the time asked for. */
export const isWithin = (entry: Pick<Entry, 'occurredAt' | 'observedAt'>, { since, until }: Filters): boolean => {
  const at = Date.parse(whenOf(entry));
  return (since === undefined || at >= Date.parse(since)) && (until === undefined || at <= Date.parse(until));
};
