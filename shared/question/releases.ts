import { eventOf } from '../ladder/record.ts';
import type { LadderEvent, Release } from '../ladder/events.ts';
import type { Entry } from '../trail/entry.ts';
import type { EntryItem, ReleaseAnswer, RolledBackAnswer } from './answers.ts';

/** The releases of one service in one environment, newest first; `seq` is the last entry folded in. */
export type ReleasesView = { seq: number; items: Omit<ReleaseAnswer, 'lastGood'>[] };

export const noReleases: ReleasesView = { seq: -1, items: [] };

/** Older ones are on the trail: the list is for what may still matter. */
const kept = 100;

/** Takes one entry of the ladder into the list of its releases. */
export const evolveReleases = (view: ReleasesView, entry: Entry): ReleasesView => {
  if (entry.seq <= view.seq) return view;
  const event = eventOf(entry);
  const items = view.items;
  switch (event.type) {
    case 'release.reached':
      return { seq: entry.seq, items: [reached(event.release, entry), ...items.map(replaced)].slice(0, kept) };
    case 'release.good':
      return {
        seq: entry.seq,
        items: items.map((item) => (item.id === event.release ? { ...item, good: true } : item)),
      };
    case 'release.quarantined':
      return {
        seq: entry.seq,
        items: items.map((item) =>
          item.commit === event.commit ? { ...item, status: 'quarantined', reason: event.reason } : item,
        ),
      };
    default:
      return view;
  }
};

const reached = (release: Release, entry: Pick<Entry, 'environment' | 'service'>): ReleasesView['items'][number] => ({
  id: release.id,
  environment: entry.environment ?? '',
  service: entry.service ?? '',
  commit: release.commit,
  author: release.author,
  subject: release.subject,
  execution: release.execution,
  reachedAt: release.reachedAt,
  status: 'running',
  good: false,
  byRollback: release.byRollback,
  rebuiltFrom: release.rebuiltFrom,
  reason: null,
});

const replaced = (item: ReleasesView['items'][number]): ReleasesView['items'][number] =>
  item.status === 'running' ? { ...item, status: 'replaced' } : item;

/** The list as it is shown: with the one release that may be gone back to marked. */
export const releaseAnswers = ({ items }: ReleasesView): ReleaseAnswer[] => {
  const last = items.find((item) => item.good && item.status !== 'quarantined' && !item.byRollback);
  return items.map((item) => ({ ...item, lastGood: item.id === last?.id }));
};

/** The releases that entries tell of, newest first: those that the list of their service has forgotten too. */
export const releasesIn = (entries: EntryItem[]): ReleaseAnswer[] =>
  entries
    .filter(({ kind, source }) => kind === 'release.reached' && source.name === 'escalator')
    .map((entry) => ({ ...reached((eventOf(entry) as Reached).release, entry), status: 'replaced', lastGood: false }))
    .toReversed() as ReleaseAnswer[];

type Reached = Extract<LadderEvent, { type: 'release.reached' }>;

/** Where something older was put in the place of a commit again. */
export const rollbacksOf = (commit: string, { items }: ReleasesView): RolledBackAnswer[] =>
  items.flatMap((item, index) => {
    const next = items[index - 1];
    if (item.commit !== commit || next === undefined || !next.byRollback || next.commit === commit) return [];
    const { environment, service } = item;
    return [{ environment, service, at: next.reachedAt, to: next.commit, release: next.id }];
  });
