import { eventOf } from '../ladder/record.ts';
import type { LadderEvent, Release } from '../ladder/events.ts';
import { lastGood, reasonsAgainst, rootOf, running } from '../ladder/releases.ts';
import { evolve, initialState, type LadderState, type Quarantine } from '../ladder/state.ts';
import { releasesKept } from '../ladder/reached.ts';
import { whoItWas } from '../trail/actor-name.ts';
import type { Entry, Instant } from '../trail/entry.ts';
import type { EntryItem, QuarantineAnswer, ReleaseAnswer, RolledBackAnswer } from './answers.ts';

/**
 * The releases of one service in one environment, newest first; `seq` is the last entry folded in. `ladder` is what the
 * ladder itself remembers of them, folded as it folds: what may be gone back to has one rule.
 */
export type ReleasesView = { seq: number; items: Item[]; ladder?: Remembered };

type Item = Omit<ReleaseAnswer, 'lastGood' | 'running' | 'whyNot'>;
type Remembered = Pick<LadderState, 'releases' | 'quarantines' | 'wentBack'> & Partial<Pick<LadderState, 'revoked'>>;

export const noReleases: ReleasesView = { seq: -1, items: [] };

/** Older ones are on the trail: the list is for what may still matter. */
const kept = 100;

/** Takes one entry of the ladder into the list of its releases. */
export const evolveReleases = (view: ReleasesView, entry: Entry): ReleasesView => {
  if (entry.seq <= view.seq) return view;
  const event = eventOf(entry);
  const items = evolveItems(view.items, event, entry);
  if (items === null) return view;
  const state = evolve({ ...initialState, ...view.ladder }, event, 0, entry.occurredAt ?? entry.observedAt);
  const { releases, quarantines, wentBack, revoked } = state;
  return { seq: entry.seq, items, ladder: { releases, quarantines, wentBack, revoked } };
};

/** Null where the event says nothing of releases that the list shows. */
const evolveItems = (items: Item[], event: LadderEvent, entry: Entry): Item[] | null => {
  switch (event.type) {
    case 'release.reached':
      return event.recovered === undefined
        ? [reached(event.release, entry), ...items.map(replaced)].slice(0, kept)
        : inPlace(items, { ...reached(event.release, entry), good: event.recovered.goodSince !== null });
    case 'release.revoked':
      return items;
    case 'release.good':
      return items.map((item) => (item.id === event.release ? { ...item, good: true } : item));
    case 'release.quarantined':
      return quarantined(items, event.commit, event.reason, null);
    case 'quarantine.ordered':
      return quarantined(items, event.commit, `by ${whoItWas(event.who)}: ${event.why}`, whoItWas(event.who));
    case 'quarantine.lifted':
      return items.map((item, index) =>
        item.commit === event.commit
          ? { ...item, status: index === 0 ? 'running' : 'replaced', reason: null, quarantinedBy: null }
          : item,
      );
    default:
      return null;
  }
};

/** One that was found late takes its place by the time at which it came. */
const inPlace = (items: Item[], item: Item): Item[] => {
  const place = items.findIndex(({ reachedAt }) => reachedAt <= item.reachedAt);
  const newer = place === -1 ? items : items.slice(0, place);
  const older = place === -1 ? [] : items.slice(place);
  return (newer.length === 0 ? [item, ...older.map(replaced)] : [...newer, replaced(item), ...older]).slice(0, kept);
};

const quarantined = (items: Item[], commit: string, reason: string, quarantinedBy: string | null): Item[] =>
  items.map((item) => (item.commit === commit ? { ...item, status: 'quarantined', reason, quarantinedBy } : item));

const reached = (release: Release, entry: Pick<Entry, 'environment' | 'service'>): Item => ({
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
  quarantinedBy: null,
});

const replaced = (item: Item): Item => (item.status === 'running' ? { ...item, status: 'replaced' } : item);

/**
 * The list as it is shown at `now`: what runs, the newest that is good whatever runs, and of each why it may not be gone
 * back to from what runs, by the rule that the ladder itself goes by.
 */
export const releaseAnswers = ({ items, ladder }: ReleasesView, now: Instant): ReleaseAnswer[] => {
  const state: LadderState = { ...initialState, ...ladder };
  const runs = running(state);
  const suspect = runs === null ? null : rootOf(state, runs);
  const last = lastGood(state, null, now);
  return items.map((item) => {
    const known = state.releases.find(({ id }) => id === item.id);
    const whyNot = known === undefined ? [forgotten] : reasonsAgainst(state, known, suspect, now);
    return { ...item, lastGood: item.id === last?.id, running: item.id === runs?.id, whyNot };
  });
};

const forgotten = `not among the ${releasesKept} newest, which the ladder goes by`;

/** What is refused in an environment, also what never came there; the newest first. */
export const quarantineAnswers = ({ ladder }: ReleasesView, place: string): QuarantineAnswer[] => {
  const [environment = '', service = ''] = place.split('/');
  const answer = ({ commit, reason, by, at }: Quarantine): QuarantineAnswer => {
    return { environment, service, commit, by: by === null ? null : whoItWas(by), reason, since: at };
  };
  return (ladder?.quarantines ?? []).map(answer).toReversed();
};

/** The releases that entries tell of, newest first: those that the list of their service has forgotten too. */
export const releasesIn = (entries: EntryItem[]): ReleaseAnswer[] =>
  entries
    .filter(({ kind, source }) => kind === 'release.reached' && source.name === 'escalator')
    .map((entry): ReleaseAnswer => {
      const item = reached((eventOf(entry) as Reached).release, entry);
      return { ...item, status: 'replaced', lastGood: false, running: false, whyNot: [forgotten] };
    })
    .toReversed();

type Reached = Extract<LadderEvent, { type: 'release.reached' }>;

/** Where something older was put in the place of a commit again. */
export const rollbacksOf = (commit: string, { items }: ReleasesView): RolledBackAnswer[] =>
  items.flatMap((item, index) => {
    const next = items[index - 1];
    if (item.commit !== commit || next === undefined || !next.byRollback || next.commit === commit) return [];
    const { environment, service } = item;
    return [{ environment, service, at: next.reachedAt, to: next.commit, release: next.id }];
  });
