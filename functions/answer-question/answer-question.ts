import { Hono } from 'hono/tiny';
import { EscalatorError } from '../../shared/errors.ts';
import type { Page } from '../../shared/question/answers.ts';
import { type Asking, entriesAsking, pageSize, type Query, readQuery } from '../../shared/question/filters.ts';
import { incidentOf } from '../../shared/question/incidents.ts';
import { answerError } from '../support/http-errors.ts';
import { oneChange } from './change.ts';
import { itemOf, listEntries, type QuestionPorts } from './entries.ts';
import { entryAt } from './one-entry.ts';
import { alertViews, incidentViews, listReleases, listViews } from './views.ts';

/** The query API: reads only. `about` says what runs here, as `GET /api/about` answers it. */
export const questionApi = (ports: QuestionPorts, about: () => { [field: string]: unknown }): Hono => {
  const api = new Hono();
  const list = (path: string, asking: Asking, answer: (query: Query) => Promise<Page<unknown>>) =>
    api.get(path, async (context) => context.json(await answer(readQuery(context.req.queries(), asking))));
  list('/api/entries', entriesAsking, ({ filters, paging }) => listEntries(ports, filters, paging));
  list('/api/incidents', byPlace, (query) => listViews(ports.rows, incidentViews, query));
  list('/api/alerts', byPlace, (query) => listViews(ports.rows, alertViews, query));
  // Few are on record, and most who ask want to see what stands: all of them.
  list('/api/releases', { ...byPlace, usual: pageSize.most }, (query) => listReleases(ports, query));
  api.get('/api/entries/:seq', async (context) => context.json(itemOf(await entryAt(ports, context.req.param('seq')))));
  api.get('/api/incidents/:id', async (context) => context.json(await oneIncident(ports, context.req.param('id'))));
  api.get('/api/changes/:commit', async (context) => context.json(await oneChange(ports, context.req.param('commit'))));
  api.get('/api/about', (context) => context.json(about()));
  api.get('/api/*', (context) => {
    throw unknownPath(context.req.path);
  });
  api.all('/api/*', (context) => {
    context.header('Allow', 'GET');
    const error = { code: 'ESC-012', message: `${context.req.method} is not answered here`, todo: 'use GET' };
    return context.json({ error }, 405);
  });
  api.onError(answerError('answer-question'));
  return api;
};

const byPlace: Asking = { filters: ['environment', 'service'], usual: pageSize.usual };

const unknownPath = (path: string): EscalatorError =>
  new EscalatorError(
    'ESC-011',
    `there is nothing at ${path}`,
    'GET /api/entries, entries/SEQ, incidents, incidents/ID, releases, alerts, silences, changes/COMMIT, ladders, ladders/ENVIRONMENT/SERVICE, reports, kill-switch, about',
  );

/** Entries told at once about one incident, at most. */
const storyLength = 500;

const oneIncident = async (ports: QuestionPorts, id: string) => {
  const [row] = await ports.rows.states([`incident-view:${id}`]);
  if (row === undefined)
    throw new EscalatorError('ESC-011', `there is no incident ${JSON.stringify(id)}`, 'escalator incidents lists them');
  const { items } = await listEntries(ports, { incident: id }, { limit: storyLength });
  return { ...incidentOf(row), story: items.toReversed() };
};
