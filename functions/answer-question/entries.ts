import { EscalatorError } from '../../shared/errors.ts';
import type { Clock, Rows, SegmentEntries, Trail } from '../../shared/ports.ts';
import type { EntryItem, Page } from '../../shared/question/answers.ts';
import { type Cursor, isAt, readCursor, refusedCursor, writeCursor } from '../../shared/question/cursor.ts';
import { type Filters, isWithin, type Paging } from '../../shared/question/filters.ts';
import { meeting, misdated, pairsOf, placeQuestion, prefixLength } from '../../shared/question/rows.ts';
import { recordedWithinMs } from '../../shared/question/times.ts';
import { says } from '../../shared/story/says.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { allOf, anyOf, type Effort, type Hit, type List, listOf, roughListOf } from './lists.ts';
import { farthest, misdatedQuestions, rangeOf } from './range.ts';

/** `now` is what eligibility is asked at: the machine's own clock where none is given. */
export type QuestionPorts = { trail: Trail; rows: Rows; now?: Clock };

/** Segments opened for one page, at most: what is left goes on behind the cursor. */
const segmentsAtMost = 500;
const segmentsAtOnce = 20;

/**
 * A page of entries, newest first. The index says which entries answer; the segments they stand in are opened, and no
 * others. What a page costs is bounded, whatever is asked: it may be short, or empty, and go on behind its cursor.
 */
export const listEntries = async (ports: QuestionPorts, filters: Filters, paging: Paging): Promise<Page<EntryItem>> => {
  const asked = JSON.stringify(filters);
  const start = paging.cursor === undefined ? null : readCursor(paging.cursor, asked);
  if (start !== null) await checkPlace(ports.trail, start);
  const effort: Effort = { rows: 0, at: start?.segment ?? farthest, spent: false };
  const found: Entry[] = [];
  let opened = 0;
  let last: Entry | undefined;
  for await (const { entries } of openedOf(ports, filters, effort, paging.limit)) {
    last = entries.at(0) ?? last;
    for (const entry of entries.toReversed()) {
      if ((start !== null && entry.seq >= start.seq) || !isWithin(entry, filters)) continue;
      found.push(entry);
      if (found.length === paging.limit) return pageOf(found, entry, asked);
    }
    if ((opened += 1) >= segmentsAtMost) return pageOf(found, last, asked);
  }
  return pageOf(found, effort.spent ? await entryAbove(ports.trail, effort.at) : undefined, asked);
};

/** @param end the entry behind which the next page goes on; undefined where there is no more */
const pageOf = (found: Entry[], end: Entry | undefined, asked: string): Page<EntryItem> => ({
  items: found.map(itemOf),
  next: end === undefined ? null : writeCursor(end, asked, end.hash),
});

const checkPlace = async (trail: Trail, cursor: Cursor): Promise<void> => {
  const [opened] = await trail.open([cursor.segment]);
  const entry = opened?.entries.find(({ seq }) => seq === cursor.seq);
  if (entry === undefined || !isAt(cursor, entry.hash)) throw refusedCursor();
};

/** The first entry of the segment after: whoever goes on behind it goes on with this one. */
const entryAbove = async (trail: Trail, segment: number): Promise<Entry | undefined> =>
  (await trail.open([segment + 1]))[0]?.entries[0];

/** The segments that hold answers, newest first, opened; of each only the entries that answer. */
async function* openedOf(
  ports: QuestionPorts,
  filters: Filters,
  effort: Effort,
  limit: number,
): AsyncGenerator<SegmentEntries> {
  const terms = await termsOf(ports.rows, filters);
  if (terms === null) return;
  const [range, { late, ahead }] = await Promise.all([
    rangeOf(ports.rows, filters),
    misdatedQuestions(ports.rows, filters),
  ]);
  const top = effort.at;
  const holds = (at: string): boolean => isWithin({ occurredAt: at, observedAt: at }, filters);
  const lists = (questions: string[][]): List[] =>
    questions.map((term) => anyOf(term.map((question) => listOf(ports.rows, question, effort, holds))));
  const roughLists = (questions: string[][]): List[] =>
    questions.map((term) => anyOf(term.map((question) => roughListOf(ports.rows, question, effort))));
  const meetings = meetingsIn(terms);
  // What was recorded long after, or long before, it says it happened is looked for by itself.
  const misdatedFrom = (questions: string[], from: number, to: number) =>
    openHits(
      ports.trail,
      allOf([...roughLists([questions]), ...lists([[misdated], ...terms])], from, to, effort),
      limit,
    );
  if (range.upper < top) yield* misdatedFrom(late, top, range.upper + 1);
  if (effort.spent) return;
  let from = Math.min(top, range.upper);
  if (terms.length > 0) {
    if (from >= range.lower)
      yield* openHits(ports.trail, allOf([...roughLists(meetings), ...lists(terms)], from, range.lower, effort), limit);
    from = Math.min(from, range.lower - 1);
  } else from = yield* laneFrom(ports.trail, from, filters, limit);
  if (!effort.spent && filters.since !== undefined && from >= 0) yield* misdatedFrom(ahead, from, 0);
}

/** Opens as many segments at once as the page may still need. */
async function* openHits(
  trail: Trail,
  hits: AsyncGenerator<Hit<number[]>>,
  limit: number,
): AsyncGenerator<SegmentEntries> {
  let waiting: Hit<number[]>[] = [];
  let known = 0;
  for await (const hit of hits) {
    waiting.push(hit);
    known += hit.seqs.length;
    if (known < limit && waiting.length < segmentsAtOnce) continue;
    yield* opening(trail, waiting);
    [waiting, known] = [[], 0];
  }
  yield* opening(trail, waiting);
}

async function* opening(trail: Trail, hits: Hit<number[]>[]): AsyncGenerator<SegmentEntries> {
  if (hits.length === 0) return;
  const opened = new Map(
    (await trail.open(hits.map(({ segment }) => segment))).map((one) => [one.segment, one.entries]),
  );
  for (const { segment, seqs } of hits) {
    const entries = opened.get(segment)?.filter(({ seq }) => seqs.includes(seq)) ?? [];
    yield { segment, entries };
  }
}

/** The lane itself, from a segment down to where it is older than was asked for. Answers with the segment below. */
async function* laneFrom(
  trail: Trail,
  from: number,
  { since }: Filters,
  limit: number,
): AsyncGenerator<SegmentEntries, number> {
  const oldest = since === undefined ? -Infinity : Date.parse(since) - recordedWithinMs;
  let [below, looked, told] = [from + 1, 0, 0];
  for (let atOnce = 1; ;) {
    const segments = await trail.latest(below, atOnce);
    for (const segment of segments) {
      if (Date.parse(segment.entries[0]?.observedAt ?? '') < oldest) return segment.segment;
      yield segment;
      below = segment.segment;
      [looked, told] = [looked + 1, told + segment.entries.length];
    }
    if (segments.length < atOnce) return -1;
    // as many as it takes if they are all like those before
    const needed = told < limit ? Math.ceil(((limit - told) * looked) / told) : 2 * atOnce;
    atOnce = Math.min(segmentsAtOnce, needed);
  }
}

/** Questions all of which an entry must answer, each in any of its forms; null where nothing can. */
const termsOf = async (rows: Rows, filters: Filters): Promise<string[][] | null> => {
  const { change, release, environment, service } = filters;
  const terms: string[][] = [];
  for (const name of ['incident', 'execution', 'subject'] as const)
    if (filters[name] !== undefined) terms.push([`${name}:${filters[name]}`]);
  if (change !== undefined) terms.push([`change:${(await findCommit(rows, change)) ?? 'none'}`]);
  if (release !== undefined) terms.push(releaseQuestions(release));
  if (service !== undefined) terms.push(await placesOf(rows, service, environment));
  else if (environment !== undefined) terms.push([`environment:${environment}`]);
  for (const name of ['kind', 'actor'] as const)
    if (filters[name] !== undefined) terms.push([`${name}:${filters[name]}`]);
  return terms.some((term) => term.length === 0) ? null : terms;
};

/** What says that it is about a release, and all that the execution did that built it. */
const releaseQuestions = (release: string): string[] => {
  const execution = /^[^@]+\/[^@]+@(.+)$/.exec(release)?.[1];
  return [`release:${release}`, ...(execution === undefined ? [] : [`execution:${execution}`])];
};

/** Where each two of the terms meet, in any of their forms. */
const meetingsIn = (terms: string[][]): string[][] =>
  terms
    .flatMap((one, index) => terms.slice(index + 1).map((other) => pairsOf(one, other)))
    .filter((pairs) => pairs.length > 0)
    .map((pairs) => pairs.map(([one, other]) => meeting(one, other)));

const environmentsAtMost = 100;

const placesOf = async (rows: Rows, service: string, environment: string | undefined): Promise<string[]> => {
  if (environment !== undefined) return [placeQuestion(environment, service)];
  const places = await rows.newest(`places:${service}`, environmentsAtMost);
  return places.map(({ body }) => placeQuestion(body['environment'] as string | null, service));
};

/**
 * The one commit that begins with these characters; null where there is none. Those that do stand together, so that two
 * rows tell, however many others begin nearly so.
 *
 * @throws EscalatorError ESC-012 where there is more than one: the answer would be about whichever came first
 */
export const findCommit = async (rows: Rows, prefix: string): Promise<string | null> => {
  const nearest = await rows.newest(`commit:${prefix.slice(0, prefixLength)}`, 2, `${prefix}~`);
  const [found, another] = nearest.map(({ sort }) => sort).filter((commit) => commit.startsWith(prefix));
  if (another === undefined || another === prefix) return another ?? found ?? null;
  throw new EscalatorError('ESC-012', `more than one commit begins with ${prefix}`, 'give more of it');
};

export const itemOf = ({ v: _v, prev: _prev, ...item }: Entry): EntryItem => ({ ...item, says: says(item) });
