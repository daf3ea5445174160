import { short } from '../../story/words.ts';
import { inUtc } from '../../trail/in-utc.ts';
import type { Message } from '../message.ts';
import type { Where } from './input.ts';
import type { Piece } from './plan.ts';
import { newsNames, type NewsName, placeName } from './state.ts';

/** Of other changes of the same author this many are named. */
const namedAtMost = 20;

/** What asks for something to be done: `ticket`; the rest is for whoever looks. */
const asksFor: NewsName[] = ['rolled-back', 'stopped', 'warned', 'waiting'];

/**
 * One message to each author: the most important of the news in full, the newest first, and the rest by name.
 *
 * @param version the key of the version that tells it: each message has a name of its own under it
 */
export const messagesOf = (version: string, pieces: Piece[], to: string): Message[] =>
  [...Map.groupBy(pieces, ({ whose }) => whose).values()].map((own, index) =>
    messageOf(`${version}/${index}`, own, to),
  );

const messageOf = (version: string, pieces: Piece[], to: string): Message => {
  const [first, ...others] = oneOfEach(mostImportantOf(pieces));
  if (first === undefined) throw new Error(`${version} has nothing to tell`);
  const { change, news } = first;
  const id = `alerts/${version}`;
  return {
    id,
    group: version.slice(0, version.lastIndexOf('#')),
    thread: `change/${change.repository ?? ''}/${change.commit}`,
    number: change.messages + 1,
    why: 'news',
    severity: asksFor.includes(news.name) ? 'ticket' : 'info',
    state: 'open',
    since: change.pushed?.at ?? news.at,
    alert: {
      id,
      incident: news.incident,
      environment: news.where?.environment ?? '',
      service: news.where?.service ?? '',
      severity: asksFor.includes(news.name) ? 'warning' : 'info',
      headline: headlineOf(first),
      change: { repository: change.repository, commit: change.commit },
      author: change.author?.name ?? null,
      subject: change.subject,
      failing: [],
      done: change.log.map(({ at, says }) => `${inUtc(at)} ${says}`),
      next: `${news.next}; escalator change ${short(change.commit)} shows more`,
    },
    also: others.slice(0, namedAtMost).map(headlineOf),
    more: Math.max(0, others.length - namedAtMost),
    to: [to],
    of: { news: news.name, authors: authorsOf(first), pusher: change.pushed?.by ?? null },
  };
};

const headlineOf = ({ change, news }: Piece): string =>
  `${change.repository === null ? '' : `${change.repository} `}${short(change.commit)} ${news.says}`;

const mostImportantOf = (pieces: Piece[]): Piece[] =>
  pieces.toSorted(
    (one, other) =>
      newsNames.indexOf(one.news.name) - newsNames.indexOf(other.news.name) || (one.news.at < other.news.at ? 1 : -1),
  );

/** Of each change, and each place that it came to, the most important: the rest is how it came there. */
const oneOfEach = (pieces: Piece[]): Piece[] =>
  pieces.filter(
    ({ change, news }, index) =>
      !pieces.slice(0, index).some((one) => one.change === change && (news.where === null || isAt(one, news.where))),
  );

const isAt = ({ news: { where } }: Piece, there: Where): boolean =>
  where !== null && placeName(where) === placeName(there);

/** By what people may ask for their own: the name and the address that the commit claims. */
const authorsOf = ({ change: { author } }: Piece): string[] =>
  author === null ? [] : [author.name, author.email].filter((name) => name !== null);
