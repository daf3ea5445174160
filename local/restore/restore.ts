import { handlerFor as indexTrail } from '../../functions/index-trail/handler.ts';
import { createCursors } from '../../functions/support/dynamo-cursors.ts';
import { createLane } from '../../functions/support/dynamo-lane.ts';
import { type Item, type Key, putAll, putIf, type Table, tableOf } from '../../functions/support/dynamo-table.ts';
import { createTimers } from '../../functions/support/dynamo-timers.ts';
import { createTrail } from '../../functions/support/dynamo-trail.ts';
import { type Environment, laneOf, originOf, sourceOf } from '../../functions/support/environment.ts';
import type { VerifierKey } from '../../shared/proof/note.ts';
import { rebuild, type Rebuilding } from '../../shared/restore/rebuild.ts';
import { restoredGroup } from '../../shared/restore/restored.ts';
import { type LastTimers, timersIn } from '../../shared/restore/timers.ts';
import type { Archive } from '../../shared/seal/archive.ts';
import { keys } from '../../shared/trail/keys.ts';
import { readers } from '../../shared/trail/readers.ts';
import { emptyLane, entriesOf, type Segment } from '../../shared/trail/segment.ts';
import { mustHold, newestSigned, refused, sealedLines } from './read-archive.ts';

export type RestoreOptions = {
  environment: Environment;
  archive: Archive;
  /** the key that signed, from outside the archive */
  key: VerifierKey;
  /** who does it, for the record */
  by: string;
  now: () => Date;
  /** told how far it is */
  progress: (entries: number, of: number) => void;
};

/** How many entries stand again, what signed root they were checked against, and until when they were recorded. */
export type Restored = { size: number; root: string; sealedUntil: string };

/**
 * Puts a lane together again from the archive, into a table that has none of it: every entry byte for byte, its markers,
 * the index, the timers of the ladders. Readers begin behind what is restored: what was set in motion by it once is not
 * set in motion again. That it was restored is the next entry.
 *
 * @throws EscalatorError ESC-051, having written nothing, where the archive is not what was signed, or the table has
 *   entries already
 */
export const restoreTrail = async (options: RestoreOptions): Promise<Restored> => {
  const { environment, archive, key } = options;
  const checkpoint = await newestSigned(archive, key);
  await mustHold(archive, checkpoint);
  if ((await createLane(environment).newest()) !== null)
    throw refused(`table ${environment.table} has entries of ${laneOf(environment)}`, 'give a table that has none');
  const { last, timers } = await putSegments(options, checkpoint.size);
  await putCursors(environment, last.n + 1);
  for (const timer of timers.values()) await createTimers(environment).set(timer);
  const restored: Restored = { size: checkpoint.size, root: checkpoint.root, sealedUntil: last.at };
  await record(options, restored);
  await indexTrail(environment)();
  return restored;
};

type Put = { last: Segment; timers: LastTimers };

const putSegments = async ({ environment, archive, progress }: RestoreOptions, size: number): Promise<Put> => {
  const table = tableOf(environment);
  const place = { lane: laneOf(environment), origin: originOf(environment) };
  let state: Rebuilding = { head: emptyLane, waiting: [] };
  let timers: LastTimers = new Map();
  let last: Segment | null = null;
  let read = 0;
  for await (const lines of sealedLines(archive, size)) {
    read += lines.length;
    const { segments, ...next } = rebuild(state, lines, place, read === size);
    state = next;
    for (const segment of segments) {
      await putSegment(table, segment);
      timers = timersIn(timers, entriesOf(segment));
      last = segment;
    }
    progress(read, size);
  }
  if (last === null) throw refused('nothing was ever sealed', 'there is nothing to restore');
  return { last, timers };
};

/** Its markers stand before the next one can, as the append protocol has it. */
const putSegment = async (table: Table, { groups, ...stored }: Segment): Promise<void> => {
  const item: Item & Key = { ...keys.segment(stored.lane, stored.n), ...stored };
  if (!(await putIf(table, item, { ConditionExpression: 'attribute_not_exists(pk)' })))
    throw refused(`somebody else writes to table ${table.name}`, 'stop Escalator, and take a new table');
  const markers = groups.map((group) => ({ ...keys.marker(stored.lane, group.key), ...group, segment: stored.n }));
  await putAll(table, markers);
};

/** The index is made anew from the start. */
const putCursors = async (environment: Environment, next: number): Promise<void> => {
  const cursors = createCursors(environment);
  for (const reader of [readers.react, readers.seal]) await cursors.advance(reader, next);
};

const record = async ({ environment, by, now }: RestoreOptions, restored: Restored): Promise<void> => {
  const trail = createTrail(environment, { now });
  await trail.append([
    restoredGroup({ ...restored, by }, laneOf(environment), sourceOf(environment), now().toISOString()),
  ]);
};
