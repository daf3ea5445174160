import type { Alert } from '../ladder/events.ts';
import type { Actor, Instant } from '../trail/entry.ts';
import { msBetween } from '../trail/time.ts';
import { type AlertInput, louder, type Notice, type Severity } from './notice.ts';

/**
 * What is told together: the incidents of one service, the alarms that share labels. A group is a stream of versions
 * on the trail, as a ladder is: its state is what the versions say, folded, and nothing else.
 */
export type GroupState = {
  /** the last version folded in; 0 before the first */
  version: number;
  /** the highest seq taken in: the same entry is never taken in twice */
  seen: number;
  /** what goes on, or is over or news and not told yet */
  open: Open[];
  /** the version in which what is open began; 0 where nothing is */
  began: number;
  /** the newest of the loudest, whose alert is told in full */
  newest: Alert | null;
  /** since when something has not been told; null where everything has */
  untold: Instant | null;
  /** whether what has not been told is a page */
  urgent: boolean;
  /** what people were told since the group last had nothing open; null where nothing */
  told: Telling | null;
  /** who said that they know, by which command; null where nobody did */
  acknowledged: { who: Actor; at: Instant; id: string } | null;
  /** when news that have no end were told last; absent where none were */
  lastNews?: Instant;
  /** how many more news there are than names are kept; absent where there are none */
  beyond?: number;
  /** when it began that something goes on, or one of it began again, of the last hour */
  begun: Instant[];
  /** whether people know that it comes and goes */
  flapping: boolean;
  timer: { version: number; due: Instant } | null;
};

/** What is open, without what only its alert says. */
export type Open = Pick<Notice, 'about' | 'says' | 'severity'> & {
  headline: string;
  since: Instant;
  done: boolean;
  /** of news, how often the same came; absent where once */
  times?: number;
};

export type Telling = {
  at: Instant;
  /** messages since the group last had nothing open */
  number: number;
  severity: Severity;
  to: string[];
  /** when a page went out that nobody has acknowledged yet */
  pagedAt: Instant | null;
  /** the contacts, behind those of the route, that were told as well */
  escalated: string[];
};

export const emptyGroup: GroupState = {
  version: 0,
  seen: -1,
  open: [],
  began: 0,
  newest: null,
  untold: null,
  urgent: false,
  told: null,
  acknowledged: null,
  begun: [],
  flapping: false,
  timer: null,
};

/** Names kept of one group; of what comes on top only the newest is told. */
const openAtMost = 1_000;
/** Of news, which have no end that would have to be known by its name. */
const newsAtMost = 30;
const hour = 3_600_000;

/** Takes an input in: what is there to be told by it, and nothing of when. */
export const takeIn = (state: GroupState, input: AlertInput, now: Instant): GroupState => {
  switch (input.type) {
    case 'notice':
      return input.notice.mutedBy === null
        ? noted(seenUpTo(state, input.seq), input.notice, now)
        : seenUpTo(state, input.seq);
    case 'freed':
      return ended(seenUpTo(state, input.seq), input.why, now);
    case 'taken':
      return acknowledgedBy(seenUpTo(state, input.seq), { who: input.who, at: now, id: String(input.seq) });
    case 'acknowledged':
      return refusalOf(state, input) === null
        ? acknowledgedBy(state, { who: input.who, at: now, id: input.id })
        : state;
    case 'timer':
      return state;
  }
};

/** Why an acknowledgement is not one; null where it is. */
export const refusalOf = (
  { open, began, acknowledged }: GroupState,
  { about, message = began }: Pick<Extract<AlertInput, { type: 'acknowledged' }>, 'about' | 'message'>,
): 'not-open' | 'acknowledged-already' | null => {
  const isOpen = open.some((one) => one.says !== 'over' && (about ?? one.about) === one.about);
  if (!isOpen || message < began) return 'not-open';
  return acknowledged === null ? null : 'acknowledged-already';
};

const seenUpTo = (state: GroupState, seq: number): GroupState => ({ ...state, seen: seq });

const noted = (state: GroupState, { about, says, severity, alert }: Notice, now: Instant): GroupState => {
  const at = state.open.findIndex((one) => one.about === about);
  const known = state.open[at];
  if (known?.says === says && known.headline === alert.headline)
    return alert.news === undefined ? state : countedIn(state, at, known);
  const open: Open = {
    about,
    says,
    severity: says === 'open' && known?.says === 'open' ? louder(severity, known.severity) : severity,
    headline: alert.headline,
    since: known?.since ?? now,
    done: alert.done.length > 0,
  };
  const begins = says === 'open' && (known?.says === 'over' || !goesOn(state));
  const page = severity === 'page';
  return {
    ...(known === undefined ? oneMore(state, open, alert) : { ...state, open: state.open.with(at, open) }),
    began: state.open.length === 0 ? state.version + 1 : state.began,
    newest: page || !state.urgent ? alert : state.newest,
    untold: state.untold ?? now,
    urgent: state.urgent || page,
    ...(page && state.acknowledged !== null && calledAnew(state)),
    begun: begins ? [...lately(state.begun, now), now] : state.begun,
  };
};

/** A list, and no object by names: of a thousand it is copied in a microsecond. What is not kept is told all the same. */
const oneMore = (state: GroupState, one: Open, { news }: Alert): GroupState => {
  const { open, beyond = 0 } = state;
  if (open.length < (news === undefined ? openAtMost : newsAtMost)) return { ...state, open: [...open, one] };
  return news === undefined ? state : { ...state, beyond: beyond + 1 };
};

/** The same news again is no other; how often it came is told. */
const countedIn = (state: GroupState, at: number, known: Open): GroupState => ({
  ...state,
  open: state.open.with(at, { ...known, times: (known.times ?? 1) + 1 }),
});

/** Of a hundred alarms that fail together each begins, and nothing comes and goes. */
const goesOn = ({ open }: GroupState): boolean => open.some(({ says }) => says === 'open');

/** A page after somebody acknowledged is another: nobody knows of it yet. */
const calledAnew = ({ told }: GroupState): Pick<GroupState, 'acknowledged' | 'told'> => ({
  acknowledged: null,
  told: told && { ...told, pagedAt: null, escalated: [] },
});

/** When things began, of the last hour. */
export const lately = (begun: Instant[], now: Instant): Instant[] => begun.filter((at) => msBetween(at, now) < hour);

const ended = (state: GroupState, why: string, now: Instant): GroupState => {
  if (!goesOn(state)) return state;
  const open = state.open.map((one): Open => (one.says === 'open' ? { ...one, says: 'over', headline: why } : one));
  const newest: Alert | null = state.newest && {
    ...state.newest,
    severity: 'info',
    headline: why,
    next: 'nothing to do',
  };
  return { ...state, open, newest, untold: state.untold ?? now };
};

/** What calls has no end of its own: it is over once somebody knows. */
const acknowledgedBy = (state: GroupState, by: NonNullable<GroupState['acknowledged']>): GroupState => {
  const open = state.open.filter(({ says }) => says !== 'call');
  if (open.length === 0) return nothingOpen(state);
  return { ...state, open, acknowledged: state.acknowledged ?? by };
};

/** What stays of a group that has nothing open: it begins anew. */
export const nothingOpen = ({ version, seen, begun, flapping, timer, lastNews }: GroupState): GroupState => ({
  ...emptyGroup,
  version,
  seen,
  begun,
  flapping,
  timer,
  ...(lastNews !== undefined && { lastNews }),
});

/** Whether all there is to tell has no end. */
export const isOnlyNews = ({ open }: GroupState): boolean => open.every(({ says }) => says === 'once');

/** What people know once a message went out. */
export const afterTelling = (state: GroupState, telling: Telling): GroupState => {
  const open = state.open.filter(({ says }) => says === 'open' || says === 'call');
  const { beyond: _told, ...rest } = state;
  if (open.length === 0) return nothingOpen(isOnlyNews(state) ? { ...rest, lastNews: telling.at } : rest);
  return { ...rest, open, untold: null, urgent: false, told: telling };
};
