import type { Lane, LaneSegment } from '../../shared/ports.ts';

const segmentsAtOnce = 20;

/** The exact bytes of the entries from `from` on, at most `count`, oldest first; fewer where the lane ends. */
export const linesFrom = async (lane: Lane, from: number, count: number): Promise<string[]> => {
  const lines: string[] = [];
  let next = await firstWhere(lane, ({ first, count: entries }) => first + entries > from);
  while (lines.length < count) {
    const segments = await lane.segments(next, segmentsAtOnce);
    if (segments.length === 0) break;
    for (const segment of segments) lines.push(...segment.lines.slice(Math.max(0, from - segment.first)));
    next = (segments.at(-1)?.n ?? next) + 1;
  }
  return lines.slice(0, count);
};

/** `open`: nothing was recorded yet at or after the end of the period. */
export type Span = { first: number; count: number; open: boolean };

/**
 * The entries recorded from `since` to before `until`, with the one before and the one after: between them nothing can
 * be missing. The entries of a segment are recorded at once, so that its time says it for all of them.
 */
export const spanOf = async (lane: Lane, { since, until }: { since: string; until: string }): Promise<Span> => {
  const [from, to] = [Date.parse(since), Date.parse(until)];
  const newest = await lane.newest();
  const end = newest === null ? 0 : newest.first + newest.count;
  const seqOf = async (n: number): Promise<number> => (await lane.segment(n))?.first ?? end;
  const first = await seqOf(await firstWhere(lane, ({ at }) => Date.parse(at) >= from));
  const last = await firstWhere(lane, ({ at }) => Date.parse(at) >= to);
  const after = await seqOf(last);
  const begin = Math.max(0, first - 1);
  const open = last > (newest?.n ?? -1);
  return { first: begin, count: Math.max(0, Math.min(end, after + 1) - begin), open };
};

/** The number of the first segment of which something holds that holds of all after it; one past the end where of none. */
const firstWhere = async (lane: Lane, holds: (segment: LaneSegment) => boolean): Promise<number> => {
  const newest = await lane.newest();
  let [low, high] = [0, (newest?.n ?? -1) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const segment = middle === newest?.n ? newest : await lane.segment(middle);
    if (segment === null || !holds(segment)) low = middle + 1;
    else high = middle;
  }
  return low;
};
