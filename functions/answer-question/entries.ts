import type { Row, Rows, SegmentEntries, Trail } from '../../shared/ports.ts';
import type { EntryItem, Page } from '../../shared/question/answers.ts';
import { type Cursor, readCursor, writeCursor } from '../../shared/question/cursor.ts';
import { answers, type Filters, type Paging, questionFor } from '../../shared/question/filters.ts';
import { prefixLength } from '../../shared/question/rows.ts';
import { says } from '../../shared/story/says.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { pad } from '../../shared/trail/keys.ts';

export type QuestionPorts = { trail: Trail; rows: Rows };

/** Segments looked into for one page, at most: what is left goes on behind the cursor. */
const segmentsAtMost = 200;
const segmentsAtOnce = 20;

/** A page of entries, newest first: the index says which segments hold answers, the lane itself when nothing is filtered. */
export const listEntries = async (ports: QuestionPorts, filters: Filters, paging: Paging): Promise<Page<EntryItem>> => {
  const asked = JSON.stringify(filters);
  const start = paging.cursor === undefined ? null : readCursor(paging.cursor, asked);
  const items: Entry[] = [];
  let from: Cursor | null = start;
  for (let looked = 0; looked < segmentsAtMost; looked += segmentsAtOnce) {
    const found = await nextSegments(ports, filters, from);
    for (const { segment, entries } of found) {
      for (const entry of entries.toReversed()) {
        if ((start !== null && entry.seq >= start.seq) || !answers(entry, filters)) continue;
        items.push(entry);
        if (items.length === paging.limit)
          return { items: items.map(itemOf), next: writeCursor({ segment, seq: entry.seq }, asked) };
      }
      from = { segment: segment - 1, seq: entries[0]?.seq ?? 0 };
    }
    if (found.length === 0 || from === null || from.segment < 0 || isBefore(found.at(-1), filters.since))
      return { items: items.map(itemOf), next: null };
  }
  return { items: items.map(itemOf), next: from === null ? null : writeCursor(from, asked) };
};

/** How far the clock that dates an event may be ahead of ours, at most: a day, for a missed entry is the worse mistake. */
const clockSkewMs = 86_400_000;

/** Nothing happens before it is recorded, clocks aside: all that is further back is older than was asked for. */
const isBefore = (oldest: SegmentEntries | undefined, since: string | undefined): boolean => {
  const recorded = oldest?.entries[0]?.observedAt;
  return since !== undefined && recorded !== undefined && Date.parse(recorded) + clockSkewMs < Date.parse(since);
};

/** The newest segments at or before the cursor's that hold answers, newest first; only the answers in them. */
const nextSegments = async (ports: QuestionPorts, filters: Filters, from: Cursor | null): Promise<SegmentEntries[]> => {
  const question = await resolved(ports, questionFor(filters));
  const before = from === null ? Number.MAX_SAFE_INTEGER : from.segment + 1;
  if (question === null) return ports.trail.latest(before, segmentsAtOnce);
  // '~' sorts behind the digits and the '+' of linked rows: every row of the segments before
  const after = from === null ? undefined : pad(before);
  const rows = await wholeSegments(ports.rows, question, after);
  const wanted = new Map<number, Set<number>>();
  for (const { segment, body } of rows)
    wanted.set(segment, new Set([...(wanted.get(segment) ?? []), ...(body['seqs'] as number[])]));
  const opened = await ports.trail.open([...wanted.keys()]);
  return opened
    .map(({ segment, entries }) => ({ segment, entries: entries.filter(({ seq }) => wanted.get(segment)?.has(seq)) }))
    .toSorted((a, b) => b.segment - a.segment);
};

/** A segment may have two rows for a question (its own, and linked later): a page never ends between them. */
const wholeSegments = async (rows: Rows, question: string, after: string | undefined): Promise<Row[]> => {
  const found = await rows.newest(question, segmentsAtOnce, after);
  const last = found.at(-1);
  if (last === undefined || found.length < segmentsAtOnce) return found;
  const more = await rows.newest(question, 1, last.sort);
  return [...found, ...more.filter(({ segment }) => segment === last.segment)];
};

/** A change may be asked for by the first characters of its commit. */
const resolved = async ({ rows }: QuestionPorts, question: string | null): Promise<string | null> => {
  if (question === null || !question.startsWith('change:')) return question;
  return `change:${(await findCommit(rows, question.slice('change:'.length))) ?? 'none'}`;
};

/** The one commit that begins with these characters; null when there is none, or more than one. */
export const findCommit = async (rows: Rows, prefix: string): Promise<string | null> => {
  const known = await rows.newest(`commit:${prefix.slice(0, prefixLength)}`, 100);
  const found = known.map(({ sort }) => sort).filter((commit) => commit.startsWith(prefix));
  return found.length === 1 ? (found[0] ?? null) : null;
};

export const itemOf = ({ v: _v, prev: _prev, ...item }: Entry): EntryItem => ({ ...item, says: says(item) });
