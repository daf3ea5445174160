import type { Entry, TrailRecord } from '../../shared/trail/entry.ts';
import { keys } from '../../shared/trail/keys.ts';
import {
  buildSegment,
  emptyLane,
  type Head,
  linesOf,
  propose,
  type Segment,
  type StoredSegment,
  withGroups,
} from '../../shared/trail/segment.ts';
import { laneOf } from '../../functions/support/environment.ts';
import type { World } from './world.ts';

/** Changes the text of one entry in the table, and nothing else: what a careless forger does. */
export const alterText = async (world: World, seq: number, change: (line: string) => string): Promise<void> => {
  const item = await segmentWith(world, seq);
  const lines = linesOf(item);
  const line = lines[seq - item.first] ?? '';
  lines[seq - item.first] = change(line);
  if (lines[seq - item.first] === line) throw new Error('nothing was changed');
  const { body: _body, encoding: _encoding, ...rest } = item;
  await world.table.put({ ...rest, body: Buffer.from(lines.join('\n')), encoding: 'plain' });
};

type Stored = StoredSegment & { pk: string; sk: string };

const segmentWith = async (world: World, seq: number): Promise<Stored> => {
  for (let n = 0; ; n += 1) {
    const item = (await world.table.segment(n)) as unknown as Stored;
    if (item.first + item.count > seq) return item;
  }
};

/**
 * Writes the lane anew from an entry on, so that it is consistent in itself: every hash, every link, every frontier. What
 * a forger who knows the product does.
 *
 * @param change answers what an entry is to say instead, or null for one that is to be gone
 */
export const rewriteFrom = async (
  world: World,
  seq: number,
  change: (entry: TrailRecord) => TrailRecord | null,
): Promise<void> => {
  const first = await segmentWith(world, seq);
  const before = first.n === 0 ? null : ((await world.table.segment(first.n - 1)) as unknown as StoredSegment);
  const newest = await world.lane.newest();
  let head: Head = before === null ? emptyLane : withGroups(before);
  for (let n = first.n; n <= (newest?.n ?? -1); n += 1) {
    const forged = forgedSegment(head, (await world.table.segment(n)) as unknown as Stored, change);
    await world.table.removeSegment(n);
    if (forged === null) continue;
    head = forged;
    const { groups: _groups, ...stored } = forged;
    await world.table.put({ ...keys.segment(laneOf(world.environment), forged.n), ...stored });
  }
  world.clock.ms += 2_000; // a writer that still knows the head it wrote would put what does not follow
};

const forgedSegment = (head: Head, old: Stored, change: (entry: TrailRecord) => TrailRecord | null): Segment | null => {
  const kept = linesOf(old)
    .map((line) => change(JSON.parse(line) as TrailRecord))
    .filter((record) => record !== null);
  if (kept.length === 0) return null;
  const at = kept[0]?.observedAt ?? old.at;
  const groups = kept.map(({ factKey, v: _v, origin: _o, seq: _s, prev: _p, part: _pa, observedAt: _at, ...draft }) =>
    propose({ key: factKey, entries: [draft] }),
  );
  const { lane, origin } = old;
  return buildSegment(head, groups, { lane, origin, at });
};

/** A change of what one entry gives as its reason. */
export const saying =
  (seq: number, reason: string) =>
  (record: TrailRecord): TrailRecord =>
    record.seq === seq ? { ...record, reason } : record;

/** A change that takes one entry out. */
export const without =
  (seq: number) =>
  (record: TrailRecord): TrailRecord | null =>
    record.seq === seq ? null : record;

export const reasons = (entries: Entry[]): (string | null)[] => entries.map(({ reason }) => reason);
