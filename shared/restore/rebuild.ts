import type { TrailRecord } from '../trail/entry.ts';
import { entriesPerSegment, type Head, rebuildSegment, type Segment } from '../trail/segment.ts';

/** A lane that is being put together again: what stands, and the lines that still wait for their segment. */
export type Rebuilding = { head: Head; waiting: string[] };

/**
 * Puts lines that were sealed, in the order of their seq, into segments again, byte for byte. Other segments than they
 * stood in once: what is hashed says nothing of those. A group stands whole in one, as it did.
 *
 * @param all whether these are the last: else what may belong to a group that goes on waits for more
 * @throws TypeError where a line is not the one that comes next
 */
export const rebuild = (
  { head, waiting }: Rebuilding,
  lines: string[],
  place: { lane: string; origin: string },
  all: boolean,
): Rebuilding & { segments: Segment[] } => {
  const segments: Segment[] = [];
  let left = [...waiting, ...lines];
  let newest = head;
  while (left.length >= entriesPerSegment || (all && left.length > 0)) {
    const segment = rebuildSome(newest, left.slice(0, entriesPerSegment), place);
    segments.push(segment);
    newest = segment;
    left = left.slice(segment.count);
  }
  return { head: newest, waiting: left, segments };
};

/** As many whole groups as fit: fewer are tried until they do, and one alone always does. */
const rebuildSome = (head: Head, lines: string[], place: { lane: string; origin: string }): Segment => {
  const ends = endsOfGroups(lines);
  if (ends.length === 0) throw new TypeError(`entry ${head.first + head.count} begins a group that does not end`);
  for (let groups = ends.length; ; groups = Math.ceil(groups / 2)) {
    const segment = rebuildSegment(head, lines.slice(0, ends[groups - 1]), place);
    if (segment !== null) return segment;
  }
};

/** Behind which lines a group ends. */
const endsOfGroups = (lines: string[]): number[] =>
  lines.flatMap((line, at) => {
    const { part } = JSON.parse(line) as Pick<TrailRecord, 'part'>;
    return part.index === part.of - 1 ? [at + 1] : [];
  });
