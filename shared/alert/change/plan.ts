import type { Config } from '../../config/config.ts';
import type { Instant } from '../../trail/entry.ts';
import { after } from '../../trail/time.ts';
import type { Timing } from '../timing.ts';
import { type Changes, type News, type NewsName, type Tracked, whoseOf } from './state.ts';

/** How developers hear of their own changes. */
export type Developers = {
  /** the topic, by the name that routes use; null where they are told by comments alone */
  to: string | null;
  /** the repositories in which comments are made */
  comments: string[];
};

/** Comments are made in the repositories of this account and Region that the configuration names, and nowhere else. */
export const developersOf = ({ developers, services }: Pick<Config, 'developers' | 'services'>): Developers => ({
  to: developers?.to ?? null,
  comments: developers?.comments === true ? repositoriesAtHome(services) : [],
});

export const repositoriesAtHome = (services: Config['services']): string[] => [
  ...new Set(services.filter(({ elsewhere }) => elsewhere === undefined).map(({ repository }) => repository)),
];

export type Tellers = { developers: Developers; timing: Timing };

/** A piece of news, whose change it is of, and whose. */
export type Piece = { id: string; change: Tracked; news: News; whose: string };

/** What goes one way now, what never goes that way, and when there is more to go. */
export type Plan = { now: Piece[]; never: Piece[]; later: Instant[] };

/** What is told at once. Of the rest nothing has to be done about it: it can be gathered. */
const atOnce: NewsName[] = ['rolled-back', 'stopped', 'warned', 'waiting', 'deployed'];
/** What is said on the commit itself. */
const commented: NewsName[] = [...atOnce, 'superseded'];
/** So many messages somebody gets at once within an interval; what is more is gathered. */
export const burst = 5;
/** What one decision puts on record at most, so that it fits into a group: the rest follows by the next. */
const messagesAtMost = 8;
const commentsAtMost = 10;
/** Comments on one commit: of one whose stages are retried without end nobody reads more. */
const commentsOfEach = 20;

/** All that has not gone all its ways yet. */
export const piecesOf = ({ changes }: Changes): Piece[] =>
  changes.flatMap((change) =>
    change.news.map((news) => ({ id: `${change.commit} ${news.key}`, change, news, whose: whoseOf(change) })),
  );

/** What goes to the topic: to each author what there is, once the most urgent of it may go. */
export const planMessages = (pieces: Piece[], state: Changes, now: Instant, { developers, timing }: Tellers): Plan => {
  const open = pieces.filter(({ news }) => news.to.topic);
  if (developers.to === null) return { now: [], never: open, later: [] };
  const byAuthor = [...Map.groupBy(open, ({ whose }) => whose)].map(([whose, own]) => {
    const told = state.told[whose] ?? [];
    return { own, due: own.map((piece) => dueOf(piece, told, timing)).toSorted()[0] ?? now };
  });
  const ready = byAuthor.filter(({ due }) => due <= now).slice(0, messagesAtMost);
  const going = ready.flatMap(({ own }) => own).filter(({ news }) => news.ready <= now);
  const waiting = ready.flatMap(({ own }) => own).filter(({ news }) => news.ready > now);
  const later = byAuthor.filter((one) => !ready.includes(one)).map(({ due }) => due);
  return { now: going, never: [], later: [...later, ...waiting.map(({ news }) => news.ready)] };
};

/** @param told when its author was told something within the last interval, oldest first */
const dueOf = ({ news }: Piece, told: Instant[], { wait, interval }: Timing): Instant => {
  const last = told.at(-1);
  if (!atOnce.includes(news.name))
    return latest(after(news.at, wait), last === undefined ? news.ready : after(last, interval));
  const fifth = told.at(-burst);
  return fifth === undefined ? news.ready : latest(news.ready, after(fifth, interval));
};

const latest = (one: Instant, other: Instant): Instant => (one > other ? one : other);

/** What is said on commits: few words each, and only what is worth them. */
export const planComments = (pieces: Piece[], now: Instant, { developers }: Tellers): Plan => {
  const open = pieces.filter(({ news }) => news.to.comment);
  const [wanted, never] = [
    open.filter((one) => isWanted(one, developers)),
    open.filter((one) => !isWanted(one, developers)),
  ];
  const going = wanted.filter(({ news }) => news.ready <= now).slice(0, commentsAtMost);
  return { now: going, never, later: wanted.filter((one) => !going.includes(one)).map(({ news }) => news.ready) };
};

const isWanted = ({ change, news }: Piece, { comments }: Developers): boolean =>
  commented.includes(news.name) &&
  change.repository !== null &&
  comments.includes(change.repository) &&
  change.comments < commentsOfEach;
