import type { Instant, Recorded } from './entry.ts';
import { buildSegment, emptyLane, fitting, type Head, type Proposal, type Segment } from './segment.ts';

/**
 * The append protocol, as a generator of what it asks of the store: the same code is driven over DynamoDB and over
 * every interleaving in the tests. One conditional put of one segment is the only concurrency primitive.
 *
 *   1. read the newest segment n-1
 *   2. read the markers of its groups and of the incoming ones: an incoming one without a marker, that is not in n-1
 *      either, is new
 *   3. write the markers of n-1 that are missing: what a crashed writer left out is mended here
 *   4. put segment n if nothing is there; lost the race, or no reply: start over
 *   5. write the markers of n
 *
 * All markers of n-1 stand before n can exist, so no group is recorded twice. A writer that knows this of a segment,
 * having written it with its markers, is warm: it leaves out 1 and 3. If another writer came between, the put says so.
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
export const appendTries = 12;

/** What became of the groups, and what the writer may go on from: a segment all of whose markers stand. */
export type Appended = { recorded: Recorded[]; warm: Head | null };

/**
 * Appends groups, in as many segments as they need.
 *
 * @param proposals of the caller; a key that stands twice among them counts once, the first one
 * @param warm what this writer's last append ended with, so that it need not be read; null when there is nothing yet, or
 *   when the last one did not end well
 * @param known all markers of theirs that stand, as of `warm`, where they have been read ahead (`writer.ts`)
 * @returns what became of each, in the order given, once all of them stand
 * @throws Error when the race for the next segment was lost `appendTries` times in a row: nothing may be acknowledged
 */
export function* append(
  proposals: Proposal[],
  lane: Lane,
  warm: Head | null = null,
  known: Marker[] | null = null,
): Protocol<Appended> {
  const standing = new Map((known ?? []).map((marker) => [marker.key, marker]));
  let round: Round = { waiting: distinct(proposals), warm, searched: known !== null };
  for (let attempt = 1; round.waiting.length > 0;) {
    if (attempt > appendTries) throw tired(lane);
    const next: Round = yield* appendSome(round, lane, standing);
    const stale = round.warm !== null && next.warm === null;
    if (next.waiting.length < round.waiting.length) attempt = 1;
    else if (!stale) yield { do: 'pause', attempt: attempt++ };
    round = next;
  }
  return { recorded: proposals.map((proposal) => answerFor(proposal, standing)), warm: round.warm };
}

const tired = ({ lane }: Lane): Error =>
  new Error(
    `nothing could be appended to lane ${lane} in ${appendTries} tries: others were first, or the put had no reply`,
  );

/**
 * Between two segments. `searched`: those that wait are known to be new as of `warm`, since the markers were read when
 * its predecessor was the newest, and it is this writer's own.
 */
type Round = { waiting: Proposal[]; warm: Head | null; searched: boolean };

/** One segment at most: says where what was given now stands, answers what still waits. */
function* appendSome(round: Round, lane: Lane, standing: Map<string, Marker>): Protocol<Round> {
  const head = round.searched && round.warm !== null ? round.warm : yield* search(round, standing);
  const fresh = round.waiting.filter(({ key }) => !standing.has(key));
  if (fresh.length === 0) return { waiting: [], warm: head, searched: true };
  const segment = build(head, fresh, lane);
  const reply = yield { do: 'put-segment', segment };
  if (reply === undefined || !('put' in reply) || reply.put !== 'put')
    return { waiting: fresh, warm: null, searched: false };
  const markers = markersOf(segment);
  yield { do: 'write-markers', markers };
  for (const marker of markers) standing.set(marker.key, marker);
  return { waiting: fresh.slice(segment.groups.length), warm: segment, searched: true };
}

/** Steps 1 to 3: finds what stands already. Answers the newest segment, all of whose markers stand from here on. */
function* search({ waiting, warm }: Round, standing: Map<string, Marker>): Protocol<Head> {
  const head = warm ?? (yield* readHead());
  const newest = warm === null ? markersOf(head) : [];
  const found = yield* readMarkers([...newest, ...waiting].map(({ key }) => key));
  const there = new Set(found.map(({ key }) => key));
  const missing = newest.filter(({ key }) => !there.has(key));
  if (missing.length > 0) yield { do: 'write-markers', markers: missing };
  for (const marker of [...newest, ...found]) standing.set(marker.key, marker);
  return head;
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
