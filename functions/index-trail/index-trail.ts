import type { Row, Rows } from '../../shared/ports.ts';
import { evolveIncident, type IncidentView } from '../../shared/question/incidents.ts';
import { evolveReleases, noReleases, type ReleasesView } from '../../shared/question/releases.ts';
import { linkOf, prefixLength, rowsOf } from '../../shared/question/rows.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { pad } from '../../shared/trail/keys.ts';

/**
 * Takes one segment of the lane into the index: rows for questions, and the views of incidents, releases and alerts.
 * Doing it again writes the same rows: the index can be thrown away and made anew.
 */
export const indexSegment =
  (rows: Rows) =>
  async (segment: number, entries: Entry[]): Promise<void> => {
    const links = await linksOf(rows, entries);
    await rows.put(rowsOf(segment, entries, (execution) => links.get(execution) ?? null));
    await rows.put([...commitRows(entries), ...serviceRows(entries)]);
    await linkEarlier(rows, entries);
    for (const entry of entries) await evolveViews(rows, entry);
  };

/** The commits of the executions that these entries are about: told by themselves, or earlier. */
const linksOf = async (rows: Rows, entries: Entry[]): Promise<Map<string, string>> => {
  const links = new Map<string, string>();
  for (const entry of entries) {
    const link = linkOf(entry);
    if (link !== null) links.set(link.execution, link.commit);
  }
  for (const { execution } of entries) {
    if (execution === null || links.has(execution)) continue;
    const [row] = await rows.newest(`link:${execution}`, 1);
    if (row !== undefined) links.set(execution, String(row.body['commit']));
  }
  return links;
};

/** An execution starts before it says what it builds: those first entries are found by their commit too. */
const linkEarlier = async (rows: Rows, entries: Entry[]): Promise<void> => {
  for (const link of entries.map(linkOf)) {
    if (link === null) continue;
    const known = await rows.newest(`link:${link.execution}`, 1);
    if (known.length > 0) continue;
    const earlier = await rows.newest(`execution:${link.execution}`, 100);
    // `+` sets these rows apart from the ones that a segment's own entries make for the same question.
    await rows.put(earlier.map((row) => ({ ...row, question: `change:${link.commit}`, sort: `${row.sort}+` })));
    await rows.put([{ question: `link:${link.execution}`, sort: 'state', segment: 0, body: { commit: link.commit } }]);
  }
};

const commitRows = (entries: Entry[]): Row[] =>
  entries.flatMap(({ change, segment }) =>
    change === null || !commitName.test(change.commit)
      ? []
      : [{ question: `commit:${change.commit.slice(0, prefixLength)}`, sort: change.commit, segment, body: {} }],
  );

/** What may be found by its first characters. Events may call anything a commit; a sort key cannot hold everything. */
const commitName = /^[0-9a-f]{7,64}$/;

/** Which services there are, so that their releases can be listed. */
const serviceRows = (entries: Entry[]): Row[] =>
  entries.flatMap((entry) =>
    entry.kind === 'release.reached'
      ? [{ question: 'services', sort: `${entry.environment}/${entry.service}`, segment: 0, body: {} }]
      : [],
  );

const evolveViews = async (rows: Rows, entry: Entry): Promise<void> => {
  if (entry.source.name !== 'escalator') return;
  if (entry.kind.startsWith('release.')) await evolveReleaseView(rows, entry);
  if (entry.kind === 'alert.raised' || entry.kind === 'alert.sent') await evolveAlertView(rows, entry);
  const { incident } = entry.detail;
  if (typeof incident === 'string') await evolveIncidentView(rows, entry, incident);
};

const evolveReleaseView = async (rows: Rows, entry: Entry): Promise<void> => {
  const question = `releases:${entry.environment}/${entry.service}`;
  const [row] = await rows.newest(question, 1);
  const view = evolveReleases((row?.body as ReleasesView | undefined) ?? noReleases, entry);
  await rows.put([{ question, sort: 'state', segment: entry.segment, body: { ...view }, version: view.seq }]);
};

const evolveIncidentView = async (rows: Rows, entry: Entry, id: string): Promise<void> => {
  const [row] = await rows.newest(`incident-view:${id}`, 1);
  const before = (row?.body as IncidentView | undefined) ?? null;
  const view = evolveIncident(before, entry);
  if (view === null) return;
  const body = { ...view, suspect: view.suspect && { ...view.suspect, commit: await commitOf(rows, view) } };
  const sort = pad(view.openedSeq);
  const list: Row = { question: 'incidents', sort, segment: entry.segment, body, version: view.seq };
  // The list first: the view's seq is what says that this entry was taken in.
  await rows.put([list]);
  await rows.put([{ ...list, question: `incident-view:${id}`, sort: 'state' }]);
};

const commitOf = async (rows: Rows, view: IncidentView): Promise<string | null> => {
  if (view.suspect === null || view.suspect.commit !== null) return view.suspect?.commit ?? null;
  const [row] = await rows.newest(`releases:${view.environment}/${view.service}`, 1);
  const { items } = (row?.body as ReleasesView | undefined) ?? noReleases;
  return items.find(({ id }) => id === view.suspect?.release)?.commit ?? null;
};

const evolveAlertView = async (rows: Rows, entry: Entry): Promise<void> => {
  const { segment } = entry;
  if (entry.kind === 'alert.raised') {
    const { alert } = entry.detail as unknown as { alert: { id: string } };
    const body = { ...alert, seq: entry.seq, at: entry.occurredAt ?? entry.observedAt, sent: false };
    const list: Row = { question: 'alerts', sort: pad(entry.seq), segment, body, version: 0 };
    return rows.put([list, { ...list, question: `alert:${alert.id}`, sort: 'state' }]);
  }
  const { alert } = entry.detail;
  const [raised] = typeof alert === 'string' ? await rows.newest(`alert:${alert}`, 1) : [];
  if (raised === undefined) return;
  const body = { ...raised.body, sent: true };
  await rows.put([{ question: 'alerts', sort: pad(Number(raised.body['seq'])), segment, body, version: 1 }]);
};
