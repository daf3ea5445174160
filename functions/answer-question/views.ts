import type { Clock, Row, Rows } from '../../shared/ports.ts';
import type {
  AlertAnswer,
  IncidentAnswer,
  Page,
  QuarantineAnswer,
  ReleaseAnswer,
  ReleasesAnswer,
} from '../../shared/question/answers.ts';
import { type Cursor, isAt, readCursor, refusedCursor, writeCursor } from '../../shared/question/cursor.ts';
import type { Filters, Query } from '../../shared/question/filters.ts';
import { incidentOf } from '../../shared/question/incidents.ts';
import { quarantineAnswers, releaseAnswers, type ReleasesView } from '../../shared/question/releases.ts';
import { atPlace } from '../../shared/question/rows.ts';
import type { Instant } from '../../shared/trail/entry.ts';
import { pad } from '../../shared/trail/keys.ts';
import type { QuestionPorts } from './entries.ts';

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

export const machineClock: Clock = () => new Date();

/** A page of the releases that may still matter, newest first, and all that is quarantined in these places. */
export const listReleases = async (
  { rows, now = machineClock }: QuestionPorts,
  { filters, paging: { limit, cursor } }: Query,
): Promise<ReleasesAnswer> => {
  const asked = `releases?${JSON.stringify(filters)}`;
  const { all, quarantined } = await releasesOf(rows, filters, now().toISOString());
  const start = cursor === undefined ? 0 : behind(all, readCursor(cursor, asked));
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  if (last === undefined || start + limit >= all.length) return { items, next: null, quarantined };
  return { items, next: writeCursor({ segment: 0, seq: 0 }, asked, last.id), quarantined };
};

/** A release is found again by its mark: newer ones come before it, and its own service may reach it again. */
const behind = (all: ReleaseAnswer[], cursor: Cursor): number => {
  const index = all.findIndex(({ id }) => isAt(cursor, id));
  if (index === -1) throw refusedCursor();
  return index + 1;
};

type Listed = { all: ReleaseAnswer[]; quarantined: QuarantineAnswer[] };

const releasesOf = async (rows: Rows, { environment, service }: Filters, now: Instant): Promise<Listed> => {
  const services = (await rows.newest('services', servicesAtMost)).filter(
    ({ sort }) =>
      (environment === undefined || sort.startsWith(`${environment}/`)) &&
      (service === undefined || sort.endsWith(`/${service}`)),
  );
  const views = (await rows.states(services.map(({ sort }) => `${list}${sort}`))).toSorted((a, b) =>
    a.question < b.question ? -1 : 1,
  );
  const isAsked = (item: { environment: string; service: string }): boolean =>
    (environment ?? item.environment) === item.environment && (service ?? item.service) === item.service;
  return {
    all: views
      .flatMap(({ body }) => releaseAnswers(body as ReleasesView, now))
      .filter(isAsked)
      .toSorted((a, b) => b.reachedAt.localeCompare(a.reachedAt)),
    quarantined: views
      .flatMap(({ question, body }) => quarantineAnswers(body as ReleasesView, question.slice(list.length)))
      .filter(isAsked),
  };
};

const list = 'releases:';
