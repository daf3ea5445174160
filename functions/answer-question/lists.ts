import type { Row, Rows } from '../../shared/ports.ts';
import { roughly, seqsWhere } from '../../shared/question/rows.ts';
import { pad } from '../../shared/trail/keys.ts';

/** Which entries of a segment answer; null where a list knows only that some may. */
export type Hit<Seqs = number[] | null> = { segment: number; seqs: Seqs };

/** How much was looked at for a page, and how far down: it ends with what it has when that is enough. */
export type Effort = { rows: number; at: number; spent: boolean };

/** Rows read for one page, at most. */
const rowsAtMost = 2_000;
const rowsAtOnce = 25;

/** The newest hit of a list in a segment or before it; null where there is none. Asked for ever earlier segments. */
export type List = (segment: number) => Promise<Hit | null>;

/**
 * The list of one question.
 *
 * @param holds of when an entry happened, where the list's rows say that
 */
export const listOf = (
  rows: Rows,
  question: string,
  effort: Effort,
  holds: (at: string) => boolean = () => true,
): List => {
  let ahead: Row[] = [];
  let ended = false;
  const read = async (before: string): Promise<void> => {
    const found = await rows.newest(question, rowsAtOnce, before);
    effort.rows += found.length;
    ended = found.length < rowsAtOnce;
    ahead.push(...found);
  };
  return async (segment) => {
    ahead = ahead.filter((row) => row.segment <= segment);
    if (ahead.length === 0 && !ended) await read(pad(segment + 1));
    const [first] = ahead;
    if (first === undefined) return null;
    // A segment may have several rows for a question: its own, and what was only later known to belong to it.
    for (let last = ahead.at(-1); !ended && last?.segment === first.segment; last = ahead.at(-1)) await read(last.sort);
    const same = ahead.filter((row) => row.segment === first.segment);
    return { segment: first.segment, seqs: [...new Set(same.flatMap((row) => seqsWhere(row, holds)))] };
  };
};

/** The entries that answer any of several questions. */
export const anyOf =
  (lists: List[]): List =>
  async (segment) => {
    const hits = (await Promise.all(lists.map((list) => list(segment)))).filter((hit) => hit !== null);
    if (hits.length === 0) return null;
    const newest = Math.max(...hits.map((hit) => hit.segment));
    const seqs = hits.filter((hit) => hit.segment === newest).map((hit) => hit.seqs);
    return { segment: newest, seqs: seqs.includes(null) ? null : [...new Set(seqs.flatMap((some) => some ?? []))] };
  };

/**
 * The segments in which something may be that the index tells of only roughly: of so many segments at once. It lets long
 * lists that have little in common leap over where they have nothing.
 */
export const roughListOf = (rows: Rows, question: string, effort: Effort): List => {
  let place: Row | undefined;
  let ended = false;
  return async (segment) => {
    if (place === undefined ? !ended : place.segment > segment) {
      [place] = await rows.newest(question, 1, pad(segment + 1));
      effort.rows += 1;
      ended = place === undefined;
    }
    return place === undefined ? null : { segment: Math.min(segment, place.segment + roughly - 1), seqs: null };
  };
};

/**
 * The entries that answer all of several questions, newest segment first, from one segment down to another. The lists
 * leap over each other: what only one of them has is not read through.
 */
export async function* allOf(lists: List[], from: number, to: number, effort: Effort): AsyncGenerator<Hit<number[]>> {
  effort.at = from;
  while (effort.at >= to) {
    const found = await agreed(lists, to, effort);
    if (effort.spent) effort.at = Math.max(effort.at, to - 1);
    if (found === null) return;
    if (found.seqs.length > 0) yield found;
    effort.at = found.segment - 1;
  }
}

/** The next segment that all lists have. Null where there is none above `to`, or where enough was looked at. */
const agreed = async (lists: List[], to: number, effort: Effort): Promise<Hit<number[]> | null> => {
  let hits: Hit[] = [];
  for (let next = 0; hits.length < lists.length; next = (next + 1) % lists.length) {
    effort.spent = effort.rows > rowsAtMost;
    const hit = effort.spent ? null : await lists[next]?.(effort.at);
    if (hit == null || hit.segment < to) return null;
    hits = hit.segment === effort.at ? [...hits, hit] : [hit];
    effort.at = hit.segment;
  }
  const [first = [], ...others] = hits.flatMap(({ seqs }) => (seqs === null ? [] : [seqs]));
  return { segment: effort.at, seqs: first.filter((seq) => others.every((seqs) => seqs.includes(seq))) };
};
