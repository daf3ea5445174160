import type { Group, Instant, Recorded } from './entry.ts';
import { buildSegment, emptyLane, fitting, type Head, type Proposal, propose, type Segment } from './segment.ts';

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

/**
 * Appends groups, in as many segments as they need.
 *
 * @param groups proposed by the caller; a key that stands twice among them counts once, the first one
 * @returns what became of each, in the order given, once all of them stand
 * @throws TypeError naming the group and the place, before anything is put, when one of them can never be appended
 * @throws Error when the race for the next segment was lost `appendTries` times in a row: nothing may be acknowledged
 */
export function* append(groups: Group[], lane: Lane): Protocol<Recorded[]> {
  const proposals = groups.map(propose);
  const standing = new Map<string, Marker>();
  let waiting = distinct(proposals);
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    if (attempt > appendTries) throw tired(lane);
    const before = waiting.length;
    waiting = yield* appendSome(waiting, lane, standing);
    if (waiting.length < before) attempt = 0;
    else yield { do: 'pause', attempt };
  }
  return proposals.map((proposal) => answerFor(proposal, standing));
}

const tired = ({ lane }: Lane): Error =>
  new Error(
    `nothing could be appended to lane ${lane} in ${appendTries} tries: others were first, or the put had no reply`,
  );

/** One round of the four steps: says where what was given now stands, answers what still waits. */
function* appendSome(waiting: Proposal[], lane: Lane, standing: Map<string, Marker>): Protocol<Proposal[]> {
  const head = yield* readHead();
  yield { do: 'write-markers', markers: markersOf(head) };
  for (const marker of yield* readMarkers(waiting.map(({ key }) => key))) standing.set(marker.key, marker);
  const fresh = waiting.filter(({ key }) => !standing.has(key));
  if (fresh.length === 0) return [];
  const segment = build(head, fresh, lane);
  const reply = yield { do: 'put-segment', segment };
  if (reply === undefined || !('put' in reply) || reply.put !== 'put') return fresh;
  yield { do: 'write-markers', markers: markersOf(segment) };
  for (const marker of markersOf(segment)) standing.set(marker.key, marker);
  return fresh.slice(segment.groups.length);
}

function* readHead(): Protocol<Head> {
  const reply = yield { do: 'read-head' };
  if (reply === undefined || !('head' in reply)) throw new Error('the store did not answer for the head');
  return reply.head ?? emptyLane;
}

function* readMarkers(keys: string[]): Protocol<Marker[]> {
  const reply = yield { do: 'read-markers', keys };
  if (reply === undefined || !('markers' in reply)) throw new Error('the store did not answer for the markers');
  return reply.markers;
}

/** Fewer groups are tried until they fit; a single group always does. */
const build = (head: Head, fresh: Proposal[], lane: Lane): Segment => {
  const place = { lane: lane.lane, origin: lane.origin, at: lane.now() };
  for (let some = fitting(fresh); ; some = Math.ceil(some / 2)) {
    const segment = buildSegment(head, fresh.slice(0, some), place);
    if (segment !== null) return segment;
  }
};

const distinct = (proposals: Proposal[]): Proposal[] =>
  [...new Map(proposals.toReversed().map((proposal) => [proposal.key, proposal])).values()].toReversed();

const markersOf = (head: Head): Marker[] => head.groups.map((mark) => ({ ...mark, segment: head.n }));

/** The same content under the key is the caller's own, now or from before; other content is somebody else's. */
const answerFor = ({ key, digest }: Proposal, standing: Map<string, Marker>): Recorded => {
  const marker = standing.get(key);
  if (marker === undefined) throw new Error(`${key} was neither recorded nor found`);
  const { segment, seq, count } = marker;
  return { key, status: marker.digest === digest ? 'recorded' : 'stood', place: { segment, seq, count } };
};
