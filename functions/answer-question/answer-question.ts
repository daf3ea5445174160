import { type Context, Hono } from 'hono';
import { EscalatorError } from '../../shared/errors.ts';
import type { Row } from '../../shared/ports.ts';
import type {
  AlertAnswer,
  ChangeAnswer,
  EntryItem,
  IncidentAnswer,
  Page,
  ReleaseAnswer,
} from '../../shared/question/answers.ts';
import { changeAnswer, followerOf, pushOf } from '../../shared/question/change.ts';
import { readCursor, writeCursor } from '../../shared/question/cursor.ts';
import { readQuery } from '../../shared/question/filters.ts';
import type { IncidentView } from '../../shared/question/incidents.ts';
import { noReleases, releaseAnswers, type ReleasesView } from '../../shared/question/releases.ts';
import { pad } from '../../shared/trail/keys.ts';
import { findCommit, itemOf, listEntries, type QuestionPorts } from './entries.ts';
import { entryAt } from './one-entry.ts';

/** The query API: reads only. `about` says what runs here, as `GET /api/about` answers it. */
export const questionApi = (ports: QuestionPorts, about: () => { [field: string]: unknown }): Hono => {
  const api = new Hono();
  const list = (path: string, answer: (query: ReturnType<typeof readQuery>) => Promise<Page<unknown>>) =>
    api.get(path, async (context) => context.json(await answer(readQuery(context.req.query()))));
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
  api.get('/api/entries/:seq', async (context) =>
    context.json(itemOf(await entryAt(ports.trail, context.req.param('seq')))),
  );
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
  const after = cursor === undefined ? undefined : pad(readCursor(cursor, asked).seq);
  const found = await rows.newest(question, limit, after);
  const last = found.at(-1);
  const items = found.filter((row) => matches(row, filters)).map(itemFrom);
  const next = last === undefined || found.length < limit ? null : { segment: 0, seq: Number(last.sort) };
  return { items, next: next === null ? null : writeCursor(next, asked) };
};

const matches = ({ body }: Row, { service, environment }: Query['filters']): boolean =>
  (service === undefined || body['service'] === service) &&
  (environment === undefined || body['environment'] === environment);

const incidentOf = ({ body }: Row): IncidentAnswer => {
  const { seq: _seq, openedSeq: _openedSeq, ...incident } = body as IncidentView;
  return incident;
};

const alertOf = ({ body }: Row): AlertAnswer => body as AlertAnswer;

const allReleases = async ({ rows }: QuestionPorts): Promise<ReleaseAnswer[]> => {
  const services = await rows.newest('services', 500);
  const lists = await Promise.all(services.map(({ sort }) => rows.newest(`releases:${sort}`, 1)));
  return lists
    .flatMap(([row]) => releaseAnswers((row?.body as ReleasesView | undefined) ?? noReleases))
    .toSorted((a, b) => b.reachedAt.localeCompare(a.reachedAt));
};

/** Entries told at once about one incident or one change, at most. */
const storyLength = 500;

const oneIncident = async (ports: QuestionPorts, id: string) => {
  const [row] = await ports.rows.newest(`incident-view:${id}`, 1);
  if (row === undefined)
    throw new EscalatorError('ESC-011', `there is no incident ${JSON.stringify(id)}`, 'escalator incidents lists them');
  const { items } = await listEntries(ports, { incident: id }, { limit: storyLength });
  return { ...incidentOf(row), story: items.toReversed() };
};

const oneChange = async (ports: QuestionPorts, prefix: string): Promise<ChangeAnswer> => {
  const { filters } = readQuery({ change: prefix });
  const commit = await findCommit(ports.rows, filters.change ?? '');
  if (commit === null)
    throw new EscalatorError('ESC-011', `no commit, or more than one, begins with ${prefix}`, 'give more of it');
  const entries = (await listEntries(ports, { change: commit }, { limit: storyLength })).items.toReversed();
  const releases = (await allReleases(ports)).filter((release) => release.commit === commit);
  const recent = await ports.rows.newest('incidents', 50);
  const incidents = recent.map(incidentOf).filter((incident) => incident.suspect?.commit === commit);
  return changeAnswer({ commit, entries, releases, incidents, followedBy: await followedBy(ports, commit, entries) });
};

/** References of the repository that are looked through for where its branch went on to. */
const referencesAtMost = 200;

const followedBy = async (ports: QuestionPorts, commit: string, entries: EntryItem[]): Promise<string | null> => {
  const pushed = pushOf(commit, entries);
  if (pushed === undefined || entries.some(({ execution }) => execution !== null)) return null;
  const { items } = await listEntries(ports, { subject: pushed.subject }, { limit: referencesAtMost });
  return followerOf(pushed, items);
};
