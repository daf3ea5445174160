import { EscalatorError } from '../../shared/errors.ts';
import { list } from '../../shared/event/fields.ts';
import type { ChangeAnswer, EntryItem, IncidentAnswer, ReleaseAnswer } from '../../shared/question/answers.ts';
import { changeAnswer, followerOf, pushOf } from '../../shared/question/change.ts';
import { readQuery } from '../../shared/question/filters.ts';
import { incidentOf } from '../../shared/question/incidents.ts';
import { pullsIn } from '../../shared/question/pulls.ts';
import { movedOn, type RowBody } from '../../shared/question/rows.ts';
import { releaseAnswers, releasesIn, type ReleasesView, rollbacksOf } from '../../shared/question/releases.ts';
import { whenOf } from '../../shared/question/things.ts';
import { findCommit, listEntries, type QuestionPorts } from './entries.ts';
import { machineClock } from './views.ts';

/** Entries told about one change, and about one of its pull requests, at most; the newest where there are more. */
const storyLength = 500;
const pullLength = 200;

/**
 * What happened to a commit: one answer from pushing to rolling back. What it costs depends on how much happened to the
 * change, within the bounds above, and not on the trail.
 *
 * @param prefix at least 7 characters of the commit
 * @throws EscalatorError ESC-012 where that is no commit or the beginning of more than one, ESC-011 where of none
 */
export const oneChange = async (ports: QuestionPorts, prefix: string): Promise<ChangeAnswer> => {
  const { filters } = readQuery({ change: [prefix] });
  const commit = await findCommit(ports.rows, filters.change ?? '');
  if (commit === null)
    throw new EscalatorError('ESC-011', `no commit on record begins with ${prefix}`, 'was it pushed?');
  const story = await listEntries(ports, { change: commit }, { limit: storyLength });
  const complete = story.next === null;
  const entries = [...(complete ? [] : await beginningOf(ports, commit)), ...story.items.toReversed()];
  const { releases, rolledBack } = await releasesOf(ports, commit, entries);
  return changeAnswer({
    commit,
    entries: [...new Map(entries.map((entry) => [entry.seq, entry])).values()],
    pulls: await pullsOf(ports, commit, entries),
    releases,
    rolledBack,
    incidents: await incidentsOf(ports, commit),
    alarms: await alarmsAfter(ports, releases),
    complete,
    followedBy: await followedBy(ports, commit, entries),
  });
};

/** Of a change with more entries than are told: who pushed it, and what it says of itself. */
const beginningOf = async (ports: QuestionPorts, commit: string): Promise<EntryItem[]> => {
  const kinds = ['reference.created', 'reference.updated', 'commit.described'];
  const pages = await Promise.all(kinds.map((kind) => listEntries(ports, { change: commit, kind }, { limit: 10 })));
  return pages.flatMap(({ items }) => items).toSorted((a, b) => a.seq - b.seq);
};

const pullsAtMost = 10;
const parentsAtMost = 8;

/** The pull requests that a commit came by: that it was part of, or that it merged. */
const pullsOf = async (
  ports: QuestionPorts,
  commit: string,
  entries: EntryItem[],
): Promise<Map<string, EntryItem[]>> => {
  const own = pullsIn(entries);
  const pulls = own.length > 0 ? own : await pullsMergedBy(ports, commit, entries);
  const told = pulls.slice(0, pullsAtMost).map(async (subject): Promise<[string, EntryItem[]]> => {
    const { items } = await listEntries(ports, { subject }, { limit: pullLength });
    return [subject, items.toReversed()];
  });
  return new Map(await Promise.all(told));
};

/** A merge that was made with git itself is known by its parents. */
const pullsMergedBy = async (ports: QuestionPorts, commit: string, entries: EntryItem[]): Promise<string[]> => {
  const described = entries.find(({ kind, change }) => kind === 'commit.described' && change?.commit === commit);
  const parents = list(described?.detail['parents']).filter((parent) => typeof parent === 'string');
  if (parents.length < 2) return [];
  const merged = await Promise.all(
    parents
      .slice(0, parentsAtMost)
      .map((change) => listEntries(ports, { change, kind: 'pull-request.merged' }, { limit: 1 })),
  );
  return pullsIn(merged.flatMap(({ items }) => items));
};

type Reached = { releases: ReleaseAnswer[]; rolledBack: ChangeAnswer['rolledBack'] };

/** The environments that a change reached: as the lists of their services say, or else as it was told then. */
const releasesOf = async (
  { rows, now = machineClock }: QuestionPorts,
  commit: string,
  entries: EntryItem[],
): Promise<Reached> => {
  const told = releasesIn(entries).filter((release) => release.commit === commit);
  const places = [...new Set(told.map(({ environment, service }) => `releases:${environment}/${service}`))];
  const views = (await rows.states(places)).map(({ body }) => body as ReleasesView);
  const listed = views
    .flatMap((view) => releaseAnswers(view, now().toISOString()))
    .filter((release) => release.commit === commit);
  const forgotten = told.filter(({ id }) => !listed.some((release) => release.id === id));
  return {
    releases: [...listed, ...forgotten].toSorted((a, b) => b.reachedAt.localeCompare(a.reachedAt)),
    rolledBack: views.flatMap((view) => rollbacksOf(commit, view)),
  };
};

const incidentsAtMost = 50;

const incidentsOf = async ({ rows }: QuestionPorts, commit: string): Promise<IncidentAnswer[]> => {
  const suspected = await rows.newest(`suspect:${commit}`, incidentsAtMost);
  const views = await rows.states(suspected.map(({ body }) => `incident-view:${String(body['id'])}`));
  return views.map(incidentOf).toSorted((a, b) => b.openedAt.localeCompare(a.openedAt));
};

const releasesAtMost = 5;
const alarmsAtMost = 50;
/** How long after a release an alarm may be its doing (ms): as for a suspect, unless configured otherwise. */
const suspectForMs = 2 * 3_600_000;

const alarmsAfter = async (ports: QuestionPorts, releases: ReleaseAnswer[]): Promise<EntryItem[]> => {
  const pages = releases.slice(0, releasesAtMost).map(({ environment, service, reachedAt }) => {
    const until = new Date(Date.parse(reachedAt) + suspectForMs).toISOString();
    const filters = { environment, service, kind: 'alarm.changed', since: reachedAt, until };
    return listEntries(ports, filters, { limit: alarmsAtMost });
  });
  const items = (await Promise.all(pages)).flatMap((page) => page.items);
  const once = [...new Map(items.map((entry) => [entry.seq, entry])).values()];
  return once.toSorted((a, b) => Date.parse(whenOf(a)) - Date.parse(whenOf(b)) || a.seq - b.seq);
};

/** Moves away from one commit that are looked at, at most: it may stand on several branches. */
const movesAtMost = 20;

const followedBy = async (
  { trail, rows }: QuestionPorts,
  commit: string,
  entries: EntryItem[],
): Promise<string | null> => {
  const pushed = pushOf(commit, entries);
  if (pushed === undefined || entries.some(({ execution }) => execution !== null)) return null;
  const moves = await rows.newest(movedOn(commit), movesAtMost);
  const seqs = new Set(moves.flatMap(({ body }) => (body as RowBody).seqs));
  const opened = await trail.open(moves.map(({ segment }) => segment));
  const told = opened.flatMap((one) => one.entries).filter(({ seq }) => seqs.has(seq));
  return followerOf(
    pushed,
    told.toSorted((a, b) => a.seq - b.seq),
  );
};
