import { text } from '../event/fields.ts';
import type { Row } from '../ports.ts';
import { sha256 } from '../trail/canonical.ts';
import { actorName } from '../trail/actor-name.ts';
import type { Entry } from '../trail/entry.ts';
import { pad } from '../trail/keys.ts';
import { commitsOf, thingsOf, whenOf } from './things.ts';
import { changesOf, holdsAt, isDated, type Tie } from './ties.ts';
import { isMisdated, type Way } from './times.ts';

/** A service in one environment is asked for more often than anything else: it has rows of its own. */
export const placeQuestion = (environment: string | null, service: string): string =>
  `place:${JSON.stringify([environment, service])}`;

/** What a list has of one environment, of one service, or of both; null stands for any. */
export const atPlace = (list: string, environment: string | null, service: string | null): string =>
  `${list}-at:${JSON.stringify([environment, service])}`;

/** The entries whose own time is far from that of their recording. */
export const misdated = 'misdated';
/** In which few segments some of them say that they happened in a period; and the months that have any. */
export const misdatedIn = (way: Way, period: string): string => `misdated:${way}:${period}`;
export const misdatedMonths = 'misdated-months';

/** Where in the lane a seq is: the first segment of every few, by the seq of its first entry. */
export const blocks = 'blocks';
export const blockLength = 16;

/** What is only said of so many segments at once costs next to nothing to say. */
export const roughly = 64;
export const roughlyAt = (segment: number): number => segment - (segment % roughly);

/** Whether two questions have an answer in common in a few segments. */
export const meeting = (one: string, other: string): string => `meeting:${JSON.stringify([one, other].toSorted())}`;

/** What happened, or who did it; and where. Asked together, neither list may be short enough to be looked through. */
const isMet = (one: string, other: string): boolean =>
  /^(?:kind|actor):/.test(one) && /^(?:environment|place):/.test(other);

/** The pairs of questions, one of each of two terms, of which the index says where they meet. */
export const pairsOf = (one: string[], other: string[]): [string, string][] =>
  one.flatMap((first) =>
    other.flatMap((second): [string, string][] =>
      isMet(first, second) || isMet(second, first) ? [[first, second]] : [],
    ),
  );

/** Where the questions that an entry answers meet in it. */
export const meetingsOf = ({ kind, actor, environment, service }: Entry): string[] => {
  const what = [`kind:${kind}`, `actor:${actorName(actor)}`];
  const where = [
    ...(environment === null ? [] : [`environment:${environment}`]),
    ...(service === null ? [] : [placeQuestion(environment, service)]),
  ];
  return pairsOf(what, where).map(([a, b]) => meeting(a, b));
};

/** Where a branch went on to from a commit. */
export const movedOn = (commit: string): string => `moved-on:${commit}`;

const old = ({ kind, detail }: Entry): string | null => (kind === 'reference.updated' ? text(detail, 'old') : null);

/** The questions that an entry is an answer to. */
export const questionsOf = (entry: Entry, ties: Map<string, Tie[]>): string[] => {
  const { incident } = entry.detail;
  const things = thingsOf(entry);
  const before = old(entry);
  return [
    ...new Set([
      `kind:${entry.kind}`,
      `subject:${entry.subject}`,
      `actor:${actorName(entry.actor)}`,
      ...commitsOf(entry).map((commit) => `change:${commit}`),
      ...things,
      ...things.flatMap((thing) => changesOf(ties, thing, whenOf(entry))),
      ...(entry.environment === null ? [] : [`environment:${entry.environment}`]),
      ...(entry.service === null ? [] : [placeQuestion(entry.environment, entry.service)]),
      ...(entry.release === null ? [] : [`release:${entry.release}`]),
      ...(typeof incident === 'string' ? [`incident:${incident}`] : []),
      ...(before === null ? [] : [movedOn(before)]),
      ...(isMisdated(entry) ? [misdated] : []),
    ]),
  ];
};

/** What a row holds: which entries of its segment answer its question, and for some questions when they happened. */
export type RowBody = { seqs: number[]; ats?: string[] };

const hasTimes = (question: string): boolean => isDated(question) || question === misdated;

/** The entries of a row that happened at times of which something holds; all of them where it does not say when. */
export const seqsWhere = ({ body }: Row, holds: (at: string) => boolean): number[] => {
  const { seqs, ats } = body as RowBody;
  return seqs.filter((_, index) => {
    const at = ats?.[index];
    return at === undefined || holds(at);
  });
};

/** One row for each question and segment. */
export const rowsOf = (segment: number, entries: Entry[], ties: Map<string, Tie[]>): Row[] => {
  const answers = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const question of questionsOf(entry, ties)) {
      const found = answers.get(question);
      if (found === undefined) answers.set(question, [entry]);
      else found.push(entry);
    }
  }
  return [...answers].map(([question, found]) => ({
    question,
    sort: pad(segment),
    segment,
    body: { seqs: found.map(({ seq }) => seq), ...(hasTimes(question) ? { ats: found.map(whenOf) } : {}) },
  }));
};

/**
 * The row of a thing as a row of the change that it was only later known to belong to. Named by the thing, so that it
 * stands beside the change's own row of that segment, and doing it again writes the same.
 */
export const rowForChange = (row: Row, change: string, tie: Pick<Tie, 'from' | 'until'>): Row | null => {
  const held = seqsWhere(row, (at) => holdsAt(tie, at));
  if (held.length === 0) return null;
  const sort = `${pad(row.segment)}+${sha256(row.question + JSON.stringify([tie.from, tie.until])).slice(0, 16)}`;
  return { question: change, sort, segment: row.segment, body: { seqs: held } };
};

/** A commit can be asked for by the first characters of its name. */
export const prefixLength = 7;
