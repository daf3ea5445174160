import type { Row, Rows } from '../../shared/ports.ts';
import type { AlertAnswer, IncidentAnswer, Page, ReleaseAnswer } from '../../shared/question/answers.ts';
import { type Cursor, isAt, readCursor, refusedCursor, writeCursor } from '../../shared/question/cursor.ts';
import type { Filters, Query } from '../../shared/question/filters.ts';
import { incidentOf } from '../../shared/question/incidents.ts';
import { releaseAnswers, type ReleasesView } from '../../shared/question/releases.ts';
import { atPlace } from '../../shared/question/rows.ts';
import { pad } from '../../shared/trail/keys.ts';

/** Views that are listed: in which list they all stand, under which question each stands alone, how one is told. */
export type Views<Item> = { list: string; one: string; itemOf: (row: Row) => Item };

export const incidentViews: Views<IncidentAnswer> = { list: 'incidents', one: 'incident-view', itemOf: incidentOf };
export const alertViews: Views<AlertAnswer> = {
  list: 'alerts',
  one: 'alert',
  itemOf: ({ body }) => body as AlertAnswer,
};

/** A page of incidents or alerts, newest first: it reads as many as it shows, however many there are. */
export const listViews = async <Item>(
  rows: Rows,
  views: Views<Item>,
  { filters, paging: { limit, cursor } }: Query,
): Promise<Page<Item>> => {
  const asked = `${views.list}?${JSON.stringify(filters)}`;
  const { environment, service } = filters;
  const everywhere = environment === undefined && service === undefined;
  const question = everywhere ? views.list : atPlace(views.list, environment ?? null, service ?? null);
  const after = cursor === undefined ? undefined : await placeOf(rows, question, readCursor(cursor, asked));
  const listed = await rows.newest(question, limit, after);
  const last = listed.at(-1);
  const items = (everywhere ? listed : await eachOf(rows, views, listed)).map(views.itemOf);
  if (last === undefined || listed.length < limit) return { items, next: null };
  return { items, next: writeCursor({ segment: 0, seq: Number(last.sort) }, asked, nameOf(last)) };
};

/** The list of one place only names what it lists. */
const eachOf = async (rows: Rows, { one }: Views<unknown>, listed: Row[]): Promise<Row[]> => {
  const questions = listed.map(({ body }) => `${one}:${String(body['id'])}`);
  const found = new Map((await rows.states(questions)).map((row) => [row.question, row]));
  return questions.flatMap((question) => found.get(question) ?? []);
};

/** What tells a row of a list from every other. */
const nameOf = (row: Row): string => `${row.sort} ${String(row.body['id'])}`;

const placeOf = async (rows: Rows, question: string, cursor: Cursor): Promise<string> => {
  const sort = pad(cursor.seq);
  const [row] = await rows.newest(question, 1, `${sort}~`);
  if (row === undefined || !isAt(cursor, nameOf(row))) throw refusedCursor();
  return sort;
};

/** Services whose releases are listed, at most; each keeps the newest of them. */
const servicesAtMost = 500;

/** A page of the releases that may still matter, newest first. */
export const listReleases = async (
  rows: Rows,
  { filters, paging: { limit, cursor } }: Query,
): Promise<Page<ReleaseAnswer>> => {
  const asked = `releases?${JSON.stringify(filters)}`;
  const all = await releasesOf(rows, filters);
  const start = cursor === undefined ? 0 : behind(all, readCursor(cursor, asked));
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  if (last === undefined || start + limit >= all.length) return { items, next: null };
  return { items, next: writeCursor({ segment: 0, seq: 0 }, asked, last.id) };
};

/** A release is found again by its mark: newer ones come before it, and its own service may reach it again. */
const behind = (all: ReleaseAnswer[], cursor: Cursor): number => {
  const index = all.findIndex(({ id }) => isAt(cursor, id));
  if (index === -1) throw refusedCursor();
  return index + 1;
};

const releasesOf = async (rows: Rows, { environment, service }: Filters): Promise<ReleaseAnswer[]> => {
  const services = (await rows.newest('services', servicesAtMost)).filter(
    ({ sort }) =>
      (environment === undefined || sort.startsWith(`${environment}/`)) &&
      (service === undefined || sort.endsWith(`/${service}`)),
  );
  const views = await rows.states(services.map(({ sort }) => `releases:${sort}`));
  return views
    .toSorted((a, b) => (a.question < b.question ? -1 : 1))
    .flatMap(({ body }) => releaseAnswers(body as ReleasesView))
    .filter(
      (item) => (environment ?? item.environment) === item.environment && (service ?? item.service) === item.service,
    )
    .toSorted((a, b) => b.reachedAt.localeCompare(a.reachedAt));
};
