import type { Message } from '../../shared/alert/message.ts';
import type { Row, Rows } from '../../shared/ports.ts';
import { evolveIncident, type IncidentView } from '../../shared/question/incidents.ts';
import { evolvePull, pullOf, type PullView } from '../../shared/question/pull-view.ts';
import { evolveReleases, noReleases, type ReleasesView } from '../../shared/question/releases.ts';
import { atPlace } from '../../shared/question/rows.ts';
import { commitsOf } from '../../shared/question/things.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { pad } from '../../shared/trail/keys.ts';

/** Takes one entry into the views that it changes: of the releases of a service, of an incident, of an alert, of a pull request. */
export const evolveViews = async (rows: Rows, entry: Entry): Promise<void> => {
  if (entry.source.name !== 'escalator') return evolvePullView(rows, entry);
  if (/^(?:release|quarantine)\./.test(entry.kind)) await evolveReleaseView(rows, entry);
  if (entry.kind === 'alert.told' || entry.kind === 'alert.sent') await evolveAlertView(rows, entry);
  const { incident } = entry.detail;
  if (typeof incident === 'string') await evolveIncidentView(rows, entry, incident);
};

const evolveReleaseView = async (rows: Rows, entry: Entry): Promise<void> => {
  const question = `releases:${entry.environment}/${entry.service}`;
  const [row] = await rows.newest(question, 1);
  const view = evolveReleases((row?.body as ReleasesView | undefined) ?? noReleases, entry);
  await rows.put([{ question, sort: 'state', segment: entry.segment, body: { ...view }, version: view.seq }]);
};

/** A pull request, and, once it is merged, the same by each commit that it brought. */
const evolvePullView = async (rows: Rows, entry: Entry): Promise<void> => {
  const { kind, subject, segment } = entry;
  if (!kind.startsWith('pull-request.')) return;
  const question = `pull:${subject}`;
  const [row] = await rows.newest(question, 1);
  const view = evolvePull((row?.body as PullView | undefined) ?? null, entry);
  if (view === null) return;
  const brought = kind === 'pull-request.merged' ? commitsOf(entry).map(pullOf) : [];
  const state = { sort: 'state', segment, body: { ...view }, version: view.seq };
  await rows.put([...brought, question].map((name) => ({ ...state, question: name })));
};

const evolveIncidentView = async (rows: Rows, entry: Entry, id: string): Promise<void> => {
  const [row] = await rows.newest(`incident-view:${id}`, 1);
  const before = (row?.body as IncidentView | undefined) ?? null;
  const view = evolveIncident(before, entry);
  if (view === null) return;
  const body = { ...view, suspect: view.suspect && { ...view.suspect, commit: await commitOf(rows, view) } };
  const sort = pad(view.openedSeq);
  const list: Row = { question: 'incidents', sort, segment: entry.segment, body, version: view.seq };
  const places = entry.kind === 'incident.opened' ? placeRows('incidents', sort, body) : [];
  // The lists first: the view's seq is what says that this entry was taken in.
  await rows.put([list, ...places, ...suspectRow(body, before)]);
  await rows.put([{ ...list, question: `incident-view:${id}`, sort: 'state' }]);
};

/** Of one place it is listed by its name alone: the view stands elsewhere, and changes. */
const placeRows = (list: string, sort: string, { id, environment, service }: Listed): Row[] =>
  [
    [environment, null],
    [null, service],
    [environment, service],
  ].map(([where, what]) => ({
    question: atPlace(list, where ?? null, what ?? null),
    sort,
    segment: 0,
    body: { id },
  }));

type Listed = { id: string; environment: string | null; service: string | null };

/** A commit's incidents are found by it, however many there have been since. */
const suspectRow = ({ id, openedSeq, suspect }: IncidentView, before: IncidentView | null): Row[] =>
  suspect === null || suspect.commit === null || before?.suspect?.commit === suspect.commit
    ? []
    : [{ question: `suspect:${suspect.commit}`, sort: pad(openedSeq), segment: 0, body: { id } }];

const commitOf = async (rows: Rows, view: IncidentView): Promise<string | null> => {
  if (view.suspect === null || view.suspect.commit !== null) return view.suspect?.commit ?? null;
  const [row] = await rows.newest(`releases:${view.environment}/${view.service}`, 1);
  const { items } = (row?.body as ReleasesView | undefined) ?? noReleases;
  return items.find(({ id }) => id === view.suspect?.release)?.commit ?? null;
};

/** What people were told: the message, and which topic took it when. */
const evolveAlertView = async (rows: Rows, entry: Entry): Promise<void> => {
  const { segment } = entry;
  const at = entry.occurredAt ?? entry.observedAt;
  if (entry.kind === 'alert.told') {
    const { alert, ...message } = entry.detail['message'] as unknown as Message;
    const body = { ...alert, ...message, seq: entry.seq, at, sent: [] };
    const sort = pad(entry.seq);
    return rows.put([...placeRows('alerts', sort, body), ...alertRows({ segment, body, version: 0 })]);
  }
  const { alert, topic, insteadOf } = entry.detail;
  const [told] = typeof alert === 'string' ? await rows.newest(`alert:${alert}`, 1) : [];
  if (told === undefined) return;
  const sent = (told.body['sent'] as { topic: string; at: string }[]).filter((one) => one.topic !== topic);
  const body = { ...told.body, sent: [...sent, { topic, at, ...(insteadOf && { insteadOf }) }] };
  await rows.put(alertRows({ segment: told.segment, body, version: body.sent.length }));
};

const alertRows = (row: Pick<Row, 'segment' | 'body' | 'version'>): Row[] => [
  { ...row, question: 'alerts', sort: pad(Number(row.body['seq'])) },
  { ...row, question: `alert:${String(row.body['id'])}`, sort: 'state' },
];
