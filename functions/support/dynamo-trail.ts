import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Trail } from '../../shared/ports.ts';
import { append, type Appended, type Marker, type StoreCommand, type StoreReply } from '../../shared/trail/append.ts';
import type { Entry, Place, Recorded } from '../../shared/trail/entry.ts';
import { keys } from '../../shared/trail/keys.ts';
import {
  entriesOf,
  type Head,
  type Proposal,
  propose,
  type Segment,
  type StoredSegment,
  withGroups,
} from '../../shared/trail/segment.ts';
import {
  begin,
  end,
  freshWriter,
  type Look,
  lookAhead,
  lose,
  noteMarkers,
  type Writer,
} from '../../shared/trail/writer.ts';
import { getAll, type Item, putAll, queryAll, type Table, tableOf, toItem } from './dynamo-table.ts';
import { type Environment, laneOf, originOf } from './environment.ts';

export { tableDefinition } from './dynamo-table.ts';

export type TrailOptions = {
  /** called after each segment this writer committed; on AWS the table's stream does that */
  wake?: () => void;
  now?: Clock;
  /** 0 to 1; jitter of a writer that lost the race */
  random?: () => number;
  /** shared by all who append in a process: they would only race each other */
  writer?: TurnedWriter;
};

/** A writer, and the turns that those who append with it take. */
export type TurnedWriter = { writer: Writer; inTurn: InTurn };

export const oneWriter = (): TurnedWriter => ({ writer: freshWriter(), inTurn: takingTurns() });

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a turn for writers to take: one at a time, in the order they came. */
const takingTurns = (): InTurn => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
};

/** The lane of an account and Region, in DynamoDB. Reads are strongly consistent. */
export const createTrail = (environment: Environment, options: TrailOptions = {}): Trail =>
  trailIn(
    {
      table: tableOf(environment),
      // A conditional put whose reply was lost must not be sent again behind our back: the protocol looks for itself.
      putter: tableOf(environment, { maxAttempts: 1 }),
      lane: laneOf(environment),
      origin: originOf(environment),
    },
    options,
  );

/** Where a lane is: its table, by the client that everything goes through and the one that puts segments. */
export type LaneTable = { table: Table; putter: Table; lane: string; origin: string };

export const trailIn = ({ table, putter, lane, origin }: LaneTable, options: TrailOptions = {}): Trail => {
  const now = options.now ?? (() => new Date());
  const { writer, inTurn } = options.writer ?? oneWriter();
  const { random = Math.random, wake = () => {} } = options;
  const store = { table, putter, lane, random, wake };
  const place = { lane, origin, now: () => now().toISOString() };
  return {
    lane,
    append: async (groups) => {
      const proposals = groups.map(propose);
      const ahead = readAhead(store, lookAhead(writer, now()), proposals);
      return inTurn(() =>
        going(writer, now, ahead, (warm, known) => drive(store, writer, append(proposals, place, warm, known))),
      );
    },
    find: async (key) => {
      const [marker] = await readMarkers(store, [key]);
      return marker === undefined ? null : { segment: marker.segment, seq: marker.seq, count: marker.count };
    },
    read: (place) => readPlace(store, place),
    open: async (segments) =>
      (
        await getAll(
          table,
          segments.map((n) => keys.segment(lane, n)),
        )
      )
        .map(segmentOf)
        .map(entriesAt),
    since: async (segment, limit) => (await readSegments(store, segment, limit)).map(entriesAt),
    latest: async (before, limit) => (await readSegments(store, before - 1, limit, false)).map(entriesAt),
  };
};

const entriesAt = (segment: Segment) => ({ segment: segment.n, entries: entriesOf(segment) });

type Store = { table: Table; putter: Table; lane: string; random: () => number; wake: () => void };

/** Markers that are read before the turn of their append, and whether that is good for anything. */
type Ahead = { look: Look; found: Promise<Marker[]> };

/** Beside the append whose turn it is, if there is one: whoever waits has read them when the turn comes. */
const readAhead = (store: Store, look: Look | null, proposals: Proposal[]): Ahead | null => {
  if (look === null) return null;
  const found = readMarkers(
    store,
    proposals.map(({ key }) => key),
  );
  found.catch(() => undefined); // who waits for it is told
  return { look, found };
};

/** An append that fails leaves nothing to go on from. */
const going = async (
  writer: Writer,
  now: Clock,
  ahead: Ahead | null,
  work: (warm: Head | null, known: Marker[] | null) => Promise<Appended>,
): Promise<Recorded[]> => {
  try {
    const found = (await ahead?.found) ?? [];
    const warm = begin(writer, now());
    const known = ahead?.look.sound === true ? [...found, ...ahead.look.since] : null;
    const appended = await work(warm, known);
    end(writer, appended.warm, now());
    return appended.recorded;
  } catch (error) {
    lose(writer);
    throw error;
  } finally {
    if (ahead !== null) writer.looks.delete(ahead.look);
  }
};

const drive = async (store: Store, writer: Writer, protocol: ReturnType<typeof append>): Promise<Appended> => {
  let step = protocol.next();
  while (step.done !== true) {
    const reply = await carryOut(store, step.value);
    if (reply !== undefined && 'put' in reply && reply.put !== 'put') lose(writer);
    if (step.value.do === 'write-markers') noteMarkers(writer, step.value.markers);
    step = protocol.next(reply);
  }
  return step.value;
};

const carryOut = async (store: Store, command: StoreCommand): Promise<StoreReply> => {
  switch (command.do) {
    case 'read-head':
      return { head: (await readSegments(store, Number.MAX_SAFE_INTEGER, 1, false)).map(withGroups)[0] ?? null };
    case 'write-markers':
      await putAll(
        store.table,
        command.markers.map((marker) => ({ ...keys.marker(store.lane, marker.key), ...marker })),
      );
      return undefined;
    case 'read-markers':
      return { markers: await readMarkers(store, command.keys) };
    case 'put-segment':
      return { put: await putSegment(store, command.segment) };
    case 'pause':
      await pause(store.random() * 10 * 2 ** Math.min(command.attempt, doubledAtMost));
      return undefined;
  }
};

/** A writer that lost the race often waits about a second, not ever longer: it has the same chance each time. */
const doubledAtMost = 7;

const putSegment = async (
  store: Store,
  { groups: _groups, ...segment }: Segment,
): Promise<'put' | 'taken' | 'unknown'> => {
  const Item = toItem({ ...keys.segment(store.lane, segment.n), ...segment });
  try {
    await store.putter.client.send(
      new PutItemCommand({ TableName: store.table.name, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  } catch (error) {
    return error instanceof ConditionalCheckFailedException ? 'taken' : unknownOr(error);
  }
  store.wake();
  return 'put';
};

/** A refusal of the request itself is sure: nothing was put, and trying again would not help. */
const unknownOr = (error: unknown): 'unknown' => {
  const name = error instanceof Error ? error.name : '';
  if (['ValidationException', 'ResourceNotFoundException', 'AccessDeniedException'].includes(name)) throw error;
  return 'unknown';
};

const readMarkers = async (store: Store, groups: string[]): Promise<Marker[]> => {
  const wanted = [...new Set(groups)].map((group) => keys.marker(store.lane, group));
  return (await getAll(store.table, wanted)) as unknown as Marker[];
};

const readPlace = async (store: Store, place: Place): Promise<Entry[]> => {
  const [item] = await getAll(store.table, [keys.segment(store.lane, place.segment)]);
  if (item === undefined) throw new Error(`segment ${place.segment} of ${store.lane} is not there`);
  return entriesOf(segmentOf(item)).filter(({ seq }) => seq >= place.seq && seq < place.seq + place.count);
};

const readSegments = async (store: Store, from: number, limit: number, forward = true): Promise<Segment[]> => {
  if (from < 0 && !forward) return [];
  const { pk, sk } = keys.segment(store.lane, Math.min(from, 999_999_999_999));
  const query = {
    KeyConditionExpression: forward ? 'pk = :pk AND sk >= :sk' : 'pk = :pk AND sk <= :sk',
    ExpressionAttributeValues: toItem({ ':pk': pk, ':sk': sk }),
    ScanIndexForward: forward,
  };
  return (await queryAll(store.table, query, limit)).map(segmentOf);
};

const segmentOf = ({ pk: _pk, sk: _sk, ...stored }: Item): Segment => ({ ...(stored as StoredSegment), groups: [] });
