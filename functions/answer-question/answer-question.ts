import { type Context, Hono } from 'hono';
import { EscalatorError } from '../../shared/errors.ts';
import type { Row, Rows } from '../../shared/ports.ts';
import type { AlertAnswer, Page, ReleaseAnswer } from '../../shared/question/answers.ts';
import { checkCursor, type Cursor, readCursor, writeCursor } from '../../shared/question/cursor.ts';
import { readQuery } from '../../shared/question/filters.ts';
import { incidentOf } from '../../shared/question/incidents.ts';
import { releaseAnswers, type ReleasesView } from '../../shared/question/releases.ts';
import { pad } from '../../shared/trail/keys.ts';
import { oneChange } from './change.ts';
import { itemOf, listEntries, type QuestionPorts } from './entries.ts';
import { entryAt } from './one-entry.ts';

/** The query API: reads only. `about` says what runs here, as `GET /api/about` answers it. */
export const questionApi = (ports: QuestionPorts, about: () => { [field: string]: unknown }): Hono => {
  const api = new Hono();
  const list = (path: string, answer: (query: ReturnType<typeof readQuery>) => Promise<Page<unknown>>) =>
    api.get(path, async (context) => context.json(await answer(readQuery(context.req.queries()))));
  list('/api/entries', ({ filters, paging }) => listEntries(ports, filters, paging));
  list('/api/incidents', ({ filters, paging }) => listViews(ports, 'incidents', filters, paging, incidentOf));
  list('/api/alerts', ({ filters, paging }) => listViews(ports, 'alerts', filters, paging, alertOf));
  list('/api/releases', async ({ filters }) => {
    const items = (await allReleases(ports)).filter(
      (item) =>
        (filters.service ?? item.service) === item.service &&
        (filters.environment ?? item.environment) === item.environment,
    );
    return { items, next: null };
  });
  api.get('/api/entries/:seq', async (context) => context.json(itemOf(await entryAt(ports, context.req.param('seq')))));
  api.get('/api/incidents/:id', async (context) => context.json(await oneIncident(ports, context.req.param('id'))));
  api.get('/api/changes/:commit', async (context) => context.json(await oneChange(ports, context.req.param('commit'))));
  api.get('/api/about', (context) => context.json(about()));
  api.get('/api/*', (context) => refuse(context, unknownPath(context.req.path)));
  api.all('/api/*', (context) => {
    context.header('Allow', 'GET');
    return refuse(context, new EscalatorError('ESC-012', `${context.req.method} is not answered here`, 'use GET'), 405);
  });
  api.onError((error, context) => refuse(context, error));
  return api;
};

const unknownPath = (path: string): EscalatorError =>
  new EscalatorError(
    'ESC-011',
    `there is nothing at ${path}`,
    'GET /api/entries, entries/SEQ, incidents, incidents/ID, releases, alerts, changes/COMMIT, about',
  );

const refuse = (context: Context, error: unknown, status?: 405): Response => {
  if (!(error instanceof EscalatorError)) {
    console.error(JSON.stringify({ function: 'answer-question', error: String(error).slice(0, 500) }));
    return context.json(
      { error: { code: 'ESC-000', message: 'the question could not be answered', todo: 'ask again' } },
      500,
    );
  }
  const { code, message, todo } = error;
  const usual = code === 'ESC-011' ? 404 : 400;
  return context.json({ error: { code, message, todo: todo ?? null } }, status ?? usual);
};

type Query = ReturnType<typeof readQuery>;

/** A page of one of the index's lists, newest first. */
const listViews = async <Item>(
  { rows }: QuestionPorts,
  question: string,
  filters: Query['filters'],
  { limit, cursor }: Query['paging'],
  itemFrom: (row: Row) => Item,
): Promise<Page<Item>> => {
  const asked = `${question}?${JSON.stringify(filters)}`;
  const after = cursor === undefined ? undefined : await placeOf(rows, question, readCursor(cursor, asked));
  const found = await rows.newest(question, limit, after);
  const last = found.at(-1);
  const items = found.filter((row) => matches(row, filters)).map(itemFrom);
  const next = last === undefined || found.length < limit ? null : { segment: 0, seq: Number(last.sort) };
  return { items, next: next === null ? null : writeCursor(next, asked, nameOf(last)) };
};

/** What tells a row of a list from every other. */
const nameOf = (row: Row | undefined): string => `${row?.sort} ${String(row?.body['id'])}`;

const placeOf = async (rows: Rows, question: string, cursor: Cursor): Promise<string> => {
  const sort = pad(cursor.seq);
  const [row] = await rows.newest(question, 1, `${sort}~`);
  checkCursor(cursor, nameOf(row));
  return sort;
};

const matches = ({ body }: Row, { service, environment }: Query['filters']): boolean =>
  (service === undefined || body['service'] === service) &&
  (environment === undefined || body['environment'] === environment);

const alertOf = ({ body }: Row): AlertAnswer => body as AlertAnswer;

const allReleases = async ({ rows }: QuestionPorts): Promise<ReleaseAnswer[]> => {
  const services = await rows.newest('services', 500);
  const views = await rows.states(services.map(({ sort }) => `releases:${sort}`));
  return views
    .flatMap(({ body }) => releaseAnswers(body as ReleasesView))
    .toSorted((a, b) => b.reachedAt.localeCompare(a.reachedAt));
};

/** Entries told at once about one incident, at most. */
const storyLength = 500;

const oneIncident = async (ports: QuestionPorts, id: string) => {
  const [row] = await ports.rows.states([`incident-view:${id}`]);
  if (row === undefined)
    throw new EscalatorError('ESC-011', `there is no incident ${JSON.stringify(id)}`, 'escalator incidents lists them');
  const { items } = await listEntries(ports, { incident: id }, { limit: storyLength });
  return { ...incidentOf(row), story: items.toReversed() };
};
