import type { Group, Instant, Place, Recorded } from './entry.ts';
import { buildSegment, emptyLane, fitting, groupDigest, type Head, refusedGroup, type Segment } from './segment.ts';

/**
 * The append protocol, as a generator of what it asks of the store: the same code is driven over DynamoDB and over
 * every interleaving in the tests. One conditional put of one segment is the only concurrency primitive.
 *
 *   1. read the newest segment n-1
 *   2. write the markers of its groups: what a crashed writer left out is mended here
 *   3. read the markers of the incoming groups: one without a marker is new
 *   4. put segment n if nothing is there; lost the race, or no reply: start over
 *
 * All markers of n-1 stand before n can exist, so no group is recorded twice.
 */
export type StoreCommand =
  | { do: 'read-head' }
  | { do: 'write-markers'; markers: Marker[] }
  | { do: 'read-markers'; keys: string[] }
  | { do: 'put-segment'; segment: Segment }
  | { do: 'pause'; attempt: number };

export type StoreReply =
  | { head: Head | null }
  | { markers: Marker[] }
  /** `unknown`: the put may or may not have happened */
  | { put: 'put' | 'taken' | 'unknown' }
  | undefined;

export type Marker = { key: string; segment: number; seq: number; count: number; digest: string };

export type Lane = { lane: string; origin: string; now: () => Instant };

type Protocol<T> = Generator<StoreCommand, T, StoreReply>;

/** How often a writer that loses the race starts over before it gives the groups back. */
export const appendTries = 8;

/** Appends groups, in as many segments as they need; answers in the order given. */
export function* append(groups: Group[], lane: Lane): Protocol<Recorded[]> {
  for (const group of groups) {
    const refusal = refusedGroup(group);
    if (refusal !== null) throw new TypeError(`${group.key}: ${refusal}`);
  }
  const found = new Map<string, Recorded>();
  let waiting = distinct(groups);
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    if (attempt > appendTries) throw new Error(`the lane ${lane.lane} was taken ${appendTries} times in a row`);
    const before = waiting.length;
    waiting = yield* appendSome(waiting, lane, found);
    if (waiting.length < before) attempt = 0;
    else yield { do: 'pause', attempt };
  }
  return groups.map((group) => answerFor(group, found));
}

/** One round of the four steps; answers what still waits. */
function* appendSome(groups: Group[], lane: Lane, found: Map<string, Recorded>): Protocol<Group[]> {
  const head = yield* readHead();
  yield { do: 'write-markers', markers: markersOf(head) };
  const stood = yield* readMarkers(groups.map(({ key }) => key));
  for (const group of groups) {
    const marker = stood.get(group.key);
    if (marker !== undefined) found.set(group.key, recordedAs(group, marker));
  }
  const fresh = groups.filter(({ key }) => !stood.has(key));
  if (fresh.length === 0) return [];
  const segment = build(head, fresh, lane);
  const reply = yield { do: 'put-segment', segment };
  if (reply === undefined || !('put' in reply) || reply.put !== 'put') return fresh;
  yield { do: 'write-markers', markers: markersOf(segment) };
  for (const marker of markersOf(segment))
    found.set(marker.key, { key: marker.key, status: 'recorded', place: placeOf(marker) });
  return fresh.slice(segment.groups.length);
}

function* readHead(): Protocol<Head> {
  const reply = yield { do: 'read-head' };
  if (reply === undefined || !('head' in reply)) throw new Error('the store did not answer for the head');
  return reply.head ?? emptyLane;
}

function* readMarkers(keys: string[]): Protocol<Map<string, Marker>> {
  const reply = yield { do: 'read-markers', keys };
  if (reply === undefined || !('markers' in reply)) throw new Error('the store did not answer for the markers');
  return new Map(reply.markers.map((marker) => [marker.key, marker]));
}

/** Fewer groups are tried until they fit; a single group always does. */
const build = (head: Head, groups: Group[], lane: Lane): Segment => {
  const place = { lane: lane.lane, origin: lane.origin, at: lane.now() };
  for (let some = fitting(groups); ; some = Math.ceil(some / 2)) {
    const segment = buildSegment(head, groups.slice(0, some), place);
    if (segment !== null) return segment;
  }
};

/** A key that stands twice among the groups counts once: the first one. */
const distinct = (groups: Group[]): Group[] =>
  [...new Map(groups.toReversed().map((group) => [group.key, group])).values()].toReversed();

const markersOf = (head: Head): Marker[] => head.groups.map((mark) => ({ ...mark, segment: head.n }));
const placeOf = ({ segment, seq, count }: Marker): Place => ({ segment, seq, count });

const recordedAs = (group: Group, marker: Marker): Recorded => ({
  key: group.key,
  status: marker.digest === groupDigest(group) ? 'recorded' : 'stood',
  place: placeOf(marker),
});

/** A later group under a key that the same call appended first learns what stands there. */
const answerFor = (group: Group, found: Map<string, Recorded>): Recorded => {
  const recorded = found.get(group.key);
  if (recorded === undefined) throw new Error(`${group.key} was neither recorded nor found`);
  return recorded;
};
