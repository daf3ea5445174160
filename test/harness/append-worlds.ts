import { append, type Appended, type Marker, type StoreCommand, type StoreReply } from '../../shared/trail/append.ts';
import { sha256 } from '../../shared/trail/canonical.ts';
import type { Group, Recorded } from '../../shared/trail/entry.ts';
import { leafHash, nodeHash, rootOf } from '../../shared/trail/merkle.ts';
import { type Head, linesOf, propose, type Segment } from '../../shared/trail/segment.ts';
import { end, type Look, lookAhead, lose, noteMarkers, type Writer as Memory } from '../../shared/trail/writer.ts';
import { groupOf } from './drafts.ts';

/**
 * The real append protocol, driven through every interleaving of its writers, with a crash (and redelivery) at every
 * point and a put whose reply is lost. A writer is a generator; its state is the history of replies it was given.
 */
export type Writer = {
  /** what it appends, one call after the other */
  appends: Group[][];
  history: StoreReply[];
  /** what it may go on from: the end of its last append, forgotten in a crash */
  warm: Head | null;
  /** whether it may read the markers of its next append ahead, and what it has read and learnt since */
  unbroken: boolean;
  ahead: (Look & { found: Marker[] }) | null;
  /** what it had read ahead of this one */
  known: Marker[] | null;
  crashes: number;
  lost: number;
  acknowledged: Recorded[][];
};
type World = { lane: Segment[]; markers: Map<string, Marker>; writers: Writer[] };
/** What is left out of the protocol, to see that the check finds what that breaks. */
export type Leave = {
  mending?: boolean;
  marking?: boolean;
  forgetting?: boolean;
  losing?: boolean;
  noting?: boolean;
};

export const fact = (key: string, content = key): Group => groupOf(key, { subject: content });
/** Two of these do not go into one segment. */
export const large = (key: string): Group =>
  groupOf(key, ...Array.from({ length: 3 }, () => ({ reason: 'x'.repeat(50_000) })));
const lane = { lane: 'l', origin: 'o', now: () => '2026-11-21T12:00:00.000Z' };

/** Worlds share what did not change between them; what follows from it is found once. */
function remembered<Given extends object, Found>(find: (given: Given) => Found): (given: Given) => Found {
  const known = new WeakMap<Given, { found: Found }>();
  return (given) => {
    const found = known.get(given)?.found ?? find(given);
    known.set(given, { found });
    return found;
  };
}

/**
 * A number for what a writer was told so far: that is all it knows, and so all that decides what it does next. A head
 * is its number and last leaf: the same entries may stand in one segment, or in two.
 */
const toldTo = remembered((writer: Writer): number => {
  const replies = writer.history.map((reply) => (isHead(reply) ? headOf(reply.head) : reply));
  const told = JSON.stringify([nameOf(groupsOf(writer)), headOf(writer.warm), writer.known, replies]);
  const known = numbers.get(told) ?? numbers.size;
  numbers.set(told, known);
  return known;
});

const numbers = new Map<string, number>();
const groupsOf = ({ appends, acknowledged }: Writer): Group[] => appends[acknowledged.length] ?? nothing;
const nothing: Group[] = [];
const nameOf = remembered((groups: Group[]): string => sha256(JSON.stringify(groups)));
const isHead = (reply: StoreReply): reply is { head: Head | null } => reply !== undefined && 'head' in reply;
const headOf = (head: Head | null) => (head === null ? null : [head.n, head.head]);

const asked = new Map<number, IteratorResult<StoreCommand, Appended>>();

/** Runs the protocol again on what the writer was told; answers what it asks next, or what it returned. */
export const ask = (writer: Writer): IteratorResult<StoreCommand, Appended> => {
  const known = asked.get(toldTo(writer));
  if (known !== undefined) return known;
  const protocol = append(groupsOf(writer).map(propose), lane, writer.warm, writer.known);
  const first = protocol.next();
  const answer = writer.history.reduce<typeof first>((_, reply) => protocol.next(reply), first);
  asked.set(toldTo(writer), answer);
  return answer;
};

/** Everything that can come of one command: done one marker at a time, since a crash may stand between any two. */
const outcomes = (world: World, command: StoreCommand, lose: boolean): { reply: StoreReply; world: World }[] => {
  switch (command.do) {
    case 'read-head':
      return [{ reply: { head: world.lane.at(-1) ?? null }, world }];
    case 'read-markers':
      return [{ reply: { markers: command.keys.flatMap((key) => world.markers.get(key) ?? []) }, world }];
    case 'write-markers':
      return [{ reply: undefined, world: marked(world, command.markers) }];
    case 'put-segment': {
      if (world.lane.length !== command.segment.n) return [{ reply: { put: 'taken' }, world }];
      const put = { ...world, lane: [...world.lane, command.segment] };
      const lost = [
        { reply: { put: 'unknown' as const }, world: put },
        { reply: { put: 'unknown' as const }, world },
      ];
      return [{ reply: { put: 'put' }, world: put }, ...(lose ? lost : [])];
    }
    case 'pause':
      return [{ reply: undefined, world }];
  }
};

const marked = (world: World, markers: Marker[]): World => ({
  ...world,
  markers: new Map([...world.markers, ...markers.map((marker) => [marker.key, marker] as const)]),
});

const withWriter = (world: World, index: number, writer: Writer): World => ({
  ...world,
  writers: world.writers.map((other, at) => (at === index ? writer : other)),
});

/** All worlds that one more step of one writer can lead to: done, crashed before, or crashed half-way. */
const stepsOf = (world: World, index: number, leave: Leave): World[] => {
  const writer = world.writers[index] as Writer;
  if (writer.acknowledged.length === writer.appends.length) return [];
  const { done: returned, value } = ask(writer);
  if (returned === true) return [withWriter(world, index, afterAppend(writer, value))];
  const command = without(leave, value, writer);
  const done = outcomes(world, command, writer.lost > 0).map(({ reply, world: next }) =>
    withWriter(next, index, {
      ...learning(writer, command, reply, leave),
      lost: isLost(reply) ? writer.lost - 1 : writer.lost,
      history: [...writer.history, reply],
    }),
  );
  done.push(...lookingAhead(world, writer).map((looking) => withWriter(world, index, looking)));
  if (writer.crashes === 0) return done;
  const warm = leave.forgetting === false ? lastPutOf(world, writer) : null;
  const again: Writer = { ...writer, ...nothingYet, crashes: writer.crashes - 1, warm };
  const halves =
    command.do === 'write-markers' ? command.markers.map((_, count) => command.markers.slice(0, count)) : [];
  return [
    ...done,
    withWriter(world, index, again),
    ...halves.map((half) => withWriter(marked(world, half), index, again)),
  ];
};

const nothingYet = { history: [], warm: null, unbroken: false, ahead: null, known: null };

/** The next call goes on from where this one ended, and with what was read ahead for it. */
const afterAppend = (writer: Writer, { recorded, warm }: Appended): Writer => {
  const ended = remembering(writer, (memory) => end(memory, warm, at));
  const acknowledged = [...writer.acknowledged, recorded];
  const known = writer.ahead?.sound === true ? [...writer.ahead.found, ...writer.ahead.since] : null;
  return { ...ended, history: [], warm, acknowledged, ahead: null, known };
};

const at = new Date(0);

/** The writer after something was done with what it remembers, by the functions that a writer does it with. */
const remembering = (writer: Writer, work: (memory: Memory) => void): Writer => {
  const ahead = writer.ahead && { ...writer.ahead, since: [...writer.ahead.since] };
  const memory: Memory = { last: null, unbroken: writer.unbroken, looks: new Set(ahead === null ? [] : [ahead]) };
  work(memory);
  return { ...writer, ahead, unbroken: memory.unbroken };
};

const learning = (writer: Writer, command: StoreCommand, reply: StoreReply, { losing, noting }: Leave): Writer =>
  remembering(writer, (memory) => {
    if (isPut(reply) && !isDone(reply) && losing !== false) lose(memory);
    if (command.do === 'write-markers' && noting !== false) noteMarkers(memory, command.markers);
  });

const isDone = (reply: StoreReply): boolean => reply !== undefined && 'put' in reply && reply.put === 'put';

/** A writer whose next append waits already may read its markers now. */
const lookingAhead = ({ markers }: World, writer: Writer): Writer[] => {
  const waiting = writer.appends[writer.acknowledged.length + 1];
  if (waiting === undefined || writer.ahead !== null) return [];
  const look = lookAhead({ last: null, unbroken: writer.unbroken, looks: new Set() }, at);
  return look === null
    ? []
    : [{ ...writer, ahead: { ...look, found: waiting.flatMap(({ key }) => markers.get(key) ?? []) } }];
};

const isLost = (reply: StoreReply): boolean => reply !== undefined && 'put' in reply && reply.put === 'unknown';

/** The protocol with what it must not leave out left out: mending before a put, or marking after it. */
const without = (leave: Leave, command: StoreCommand, writer: Writer): StoreCommand => {
  if (command.do !== 'write-markers') return command;
  const afterPut = isPut(writer.history.at(-1));
  const left = afterPut ? leave.marking === false : leave.mending === false;
  return left ? { do: 'write-markers', markers: [] } : command;
};

const isPut = (reply: StoreReply): boolean => reply !== undefined && 'put' in reply;

/** What a writer that survives in part would go on from: the segment it put, its markers written or not. */
const lastPutOf = (world: World, writer: Writer): Head | null =>
  isPut(writer.history.at(-1)) ? (world.lane.at(-1) ?? null) : writer.warm;

const stateOf = (world: World): string =>
  JSON.stringify([
    world.lane.map((segment) => segment.head),
    [...world.markers.keys()].sort((a, b) => (a < b ? -1 : 1)),
    world.writers.map((writer) => [
      writer.crashes,
      writer.lost,
      writer.acknowledged,
      writer.unbroken,
      writer.ahead,
      toldTo(writer),
    ]),
  ]);

/** Walks every reachable world; answers the first violation found, and how many worlds there were. */
export const explore = (jobs: Group[][][], crashes: number, lost: number, leave: Leave = {}) => {
  const writers = jobs.map((appends) => ({ ...nothingYet, appends, crashes, lost, acknowledged: [] }));
  const front: World[] = [{ lane: [], markers: new Map(), writers }];
  const seen = new Set<string>();
  const ends: World[] = [];
  while (front.length > 0) {
    const world = front.pop() as World;
    const key = stateOf(world);
    if (seen.has(key)) continue;
    seen.add(key);
    const wrong = violation(world);
    if (wrong !== null) return { worlds: seen.size, ends, wrong };
    const next = world.writers.flatMap((_, index) => stepsOf(world, index, leave));
    if (next.length === 0) ends.push(world);
    front.push(...next);
  }
  return {
    worlds: seen.size,
    ends,
    wrong: ends.map((end) => unfinished(end, jobs)).find((found) => found !== null) ?? null,
  };
};

/** What must hold after every step. */
const violation = ({ lane: segments, markers, writers }: World): string | null => {
  const wrong = wrongIn(segments);
  if (wrong !== null) return wrong;
  const stands = (place: Pick<Marker, 'key' | 'segment' | 'seq' | 'count'>): boolean =>
    segments[place.segment]?.groups.some(
      ({ key, seq, count }) => key === place.key && seq === place.seq && count === place.count,
    ) ?? false;
  const lie = [...markers.values()].find((marker) => !stands(marker));
  if (lie !== undefined) return `a marker for what is not recorded there: ${lie.key}`;
  const acknowledged = writers.flatMap((writer) => writer.acknowledged.flat());
  const lost = acknowledged.find(({ key, place }) => !stands({ key, ...place }));
  return lost === undefined ? null : `acknowledged, and not recorded there: ${lost.key}`;
};

/** What must hold of the lane: each group once, no gap, the chain unbroken, the frontier that of the tree. */
const wrongIn = remembered((segments: Segment[]): string | null => {
  const keys = segments.flatMap(({ groups }) => groups.map(({ key }) => key));
  if (new Set(keys).size !== keys.length) return `recorded twice: ${keys.join(' ')}`;
  const leaves: string[] = ['0'.repeat(64)];
  for (const segment of segments) {
    for (const line of linesOf(segment)) {
      const { seq, prev } = JSON.parse(line) as { seq: number; prev: string };
      if (seq !== leaves.length - 1) return `a gap before seq ${seq}`;
      if (prev !== leaves.at(-1)) return `the chain is broken at ${seq}`;
      leaves.push(leafHash(line));
    }
    if (segment.head !== leaves.at(-1)) return `the head of segment ${segment.n} is not its last leaf`;
    if (rootOf(segment.frontier) !== treeOf(leaves.slice(1))) return `the frontier of segment ${segment.n} is wrong`;
  }
  return null;
});

/** RFC 6962 2.1: the root over leaf hashes, by its definition. */
const treeOf = (leaves: string[]): string => {
  if (leaves.length === 1) return leaves[0] as string;
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(treeOf(leaves.slice(0, half)), treeOf(leaves.slice(half)));
};

const unfinished = (end: World, jobs: Group[][][]): string | null => {
  const wanted = new Set(jobs.flat(2).map(({ key }) => key));
  const recorded = end.lane.flatMap(({ groups }) => groups.map(({ key }) => key));
  return recorded.length === wanted.size ? null : `recorded ${recorded.join(' ')}`;
};

/** Writers that append once each. */
export const once = (jobs: Group[][]): Group[][][] => jobs.map((groups) => [groups]);
