import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { canonical, framesOf, joined, piecesOf, sha256 } from './canonical.ts';
import type { Draft, Entry, Group, Instant, TrailRecord } from './entry.ts';
import { addLeaf, type Frontier, hashOfLeaf, leafHash } from './merkle.ts';

/**
 * The unit of writing: 1 to 100 entries under one number of a lane. The newest segment is the head: it says how many
 * entries the lane has, the last leaf hash and the Merkle frontier, all as of after it.
 */
export type Segment = {
  lane: string;
  origin: string;
  n: number;
  /** seq of its first entry, and how many it has */
  first: number;
  count: number;
  head: string;
  frontier: Frontier;
  groups: GroupMark[];
  at: Instant;
  /** canonical records, one a line; zstd when that saves a write unit */
  body: Uint8Array;
  encoding: 'plain' | 'zstd';
};

/** Where a group stands in its segment, and the digest of what its writer proposed. Follows from the body. */
export type GroupMark = { key: string; seq: number; count: number; digest: string };

/** What a lane is before its first segment. */
export type Head = Pick<Segment, 'n' | 'first' | 'count' | 'head' | 'frontier' | 'groups'>;
export const emptyLane: Head = { n: -1, first: 0, count: 0, head: '0'.repeat(64), frontier: [], groups: [] };

export const entriesPerSegment = 100;
export const entriesPerGroup = 20;
/** Compressed bytes of a body, at most; and what is put into one before compressing. */
const bodyLimit = 64 * 1024;
const packLimit = 256 * 1024;
/** A group that is larger than that stands in a segment of its own. DynamoDB takes items of up to 400 KB. */
const groupLimit = 350 * 1024;
/** DynamoDB takes partition keys of up to 2,048 bytes; the lane stands in them too. */
const keyLimit = 1_800;
const writeUnit = 1024;
/** C2SP tlog-tiles: an entry bundle says the length of each entry in two bytes. */
export const lineLimit = 65_535;
/** What a line holds beside the draft and the group's key: seq, prev, times and the like, and names of up to 200 bytes. */
const placeBytes = 512;

/** A group that can be appended: its key, each entry as canonical text but for its place, and the size and digest of them all. */
export type Proposal = { key: string; entries: Frame[]; bytes: number; digest: string };

/** A canonical record without the values that are known only when it is put: what stands before, between and behind them. */
type Frame = { toObservedAt: string; toOrigin: string; toPrev: string; toSeq: string; rest: string };

/**
 * Looks a group over before anything is put.
 *
 * @throws TypeError saying what is wrong and where: no key or one too long to be looked up, no entries or too many,
 *   more bytes than an item or, for one entry, a bundle can hold, or a value that canonical JSON cannot hold
 */
export const propose = (group: Group): Proposal => {
  const refused = (why: string): TypeError => new TypeError(`the group ${JSON.stringify(group.key)}: ${why}`);
  const { key, entries } = group;
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes < 1 || keyBytes > keyLimit) throw refused(`its key has 1 to ${keyLimit} bytes, not ${keyBytes}`);
  if (entries.length < 1 || entries.length > entriesPerGroup)
    throw refused(`it has 1 to ${entriesPerGroup} entries, not ${entries.length}`);
  const drafts = entries.map((entry, index) => inPieces(entry, `/${index}`));
  const lines = drafts.map(({ line }) => line);
  const text = `[${lines.join(',')}]`;
  const bytes = Buffer.byteLength(text);
  const room = lineLimit - placeBytes - Buffer.byteLength(JSON.stringify(key));
  const long = bytes <= room ? -1 : lines.findIndex((line) => Buffer.byteLength(line) > room);
  if (long !== -1)
    throw refused(`entry ${long} has ${Buffer.byteLength(lines[long] ?? '')} bytes, at most ${room} can be recorded`);
  if (bytes > groupLimit) throw refused(`its entries have ${bytes} bytes, at most ${groupLimit} can be recorded`);
  return { key, bytes, digest: sha256(text), entries: framesIn(text, key, drafts) };
};

/** How many of the groups go into the next segment: whole groups only, and at least one. */
export const fitting = (proposals: Proposal[]): number => {
  let entries = 0;
  let bytes = 0;
  const over = proposals.findIndex((proposal) => {
    entries += proposal.entries.length;
    bytes += proposal.bytes;
    return entries > entriesPerSegment || bytes > packLimit;
  });
  return over === -1 ? proposals.length : Math.max(1, over);
};

export type Place = { lane: string; origin: string; at: Instant };

/** Builds the segment that comes after `head`. Null when its body is too large: then fewer groups must go into it. */
export const buildSegment = (head: Head, groups: Proposal[], { lane, origin, at }: Place): Segment | null => {
  const first = head.first + head.count;
  const room = groups.reduce((sum, { bytes, entries }) => sum + bytes + placeBytes * entries.length, 0);
  const chain = chainFrom(head, room);
  const texts = { observedAt: canonical(at), origin: canonical(origin) };
  const marks = groups.map((group) => {
    const mark = { key: group.key, seq: chain.seq, count: group.entries.length, digest: group.digest };
    for (const frame of group.entries) addLine(chain, lineOf(frame, chain, texts));
    return mark;
  });
  const packed = pack(chain);
  if (packed.body.length > bodyLimit && groups.length > 1) return null;
  const { seq, prev, frontier } = chain;
  return { lane, origin, n: head.n + 1, first, count: seq - first, head: prev, frontier, groups: marks, at, ...packed };
};

/** `bytes` up to `end`: the lines so far, each behind a byte of its own. */
type Chain = { seq: number; prev: string; frontier: Frontier; bytes: Buffer; end: number };

/** @param room bytes to begin with; where they are too few, more are taken */
const chainFrom = ({ first, count, head, frontier }: Head, room: number): Chain => {
  return { seq: first + count, prev: head, frontier, bytes: Buffer.allocUnsafe(room), end: 0 };
};

/** Behind a zero a line is what is hashed (RFC 6962 2.1); behind a new line it is what is stored. */
const addLine = (chain: Chain, line: string): void => {
  const { bytes, end } = withRoom(chain, 1 + Buffer.byteLength(line));
  bytes[end] = 0;
  chain.end += 1 + bytes.write(line, end + 1);
  chain.prev = hashOfLeaf(bytes.subarray(end, chain.end));
  bytes[end] = newLine;
  chain.frontier = addLeaf(chain.frontier, chain.seq, chain.prev);
  chain.seq += 1;
};

const newLine = 0x0a;

const withRoom = (chain: Chain, more: number): Chain => {
  if (chain.end + more <= chain.bytes.length) return chain;
  const larger = Buffer.allocUnsafe(2 * chain.bytes.length + more);
  chain.bytes.copy(larger, 0, 0, chain.end);
  chain.bytes = larger;
  return chain;
};

/**
 * The segment of lines that were recorded before, as they are: for whoever puts a lane together again. Null when its body
 * is too large: then fewer groups must go into it. Throws TypeError where a line is not the one that comes next.
 */
export const rebuildSegment = (head: Head, lines: string[], { lane, origin }: Omit<Place, 'at'>): Segment | null => {
  const first = head.first + head.count;
  const chain = chainFrom(head, 0);
  let at = '';
  for (const line of lines) {
    const record = JSON.parse(line) as TrailRecord;
    if (record.seq !== chain.seq || record.prev !== chain.prev || record.origin !== origin)
      throw new TypeError(`entry ${chain.seq} of ${origin} is not what comes next`);
    addLine(chain, line);
    at = record.observedAt;
  }
  const packed = pack(chain);
  const { seq, prev, frontier } = chain;
  const stored = { lane, origin, n: head.n + 1, first, count: seq - first, head: prev, frontier, at, ...packed };
  const segment = withGroups(stored);
  return packed.body.length > bodyLimit && segment.groups.length > 1 ? null : segment;
};

/** What a record has beside the draft, in canonical order. */
const placeNames = ['factKey', 'observedAt', 'origin', 'part', 'prev', 'seq', 'v'] as const;

/** Cut out of the text of all of them, which is in one piece once it has been hashed: of it lines are made far quicker. */
const framesIn = (text: string, key: string, drafts: ReturnType<typeof inPieces>[]): Frame[] => {
  let from = '['.length;
  return drafts.map(({ pieces, line }, index) => {
    const start = from;
    from += line.length + ','.length;
    return frameOf(key, text.slice(start, from - 1), pieces, { index, of: drafts.length });
  });
};

const inPieces = (entry: Draft, at: string): { pieces: string[]; line: string } => {
  const pieces = piecesOf(entry, placeNames, at);
  return { pieces, line: joined(pieces) };
};

const frameOf = (key: string, text: string, pieces: string[], part: TrailRecord['part']): Frame => {
  const [toKey, toObservedAt, toOrigin = '', toPart, toPrev, toSeq = '', toV, end] = framesOf(text, pieces, placeNames);
  return {
    toObservedAt: `${toKey}${canonical(key)}${toObservedAt}`,
    toOrigin,
    toPrev: `${toPart}${canonical(part)}${toPrev}`,
    toSeq,
    rest: `${toV}1${end}`,
  };
};

type Texts = { observedAt: string; origin: string };

/** The canonical record: the draft as it was proposed, and its place. */
const lineOf = (frame: Frame, { seq, prev }: Chain, { observedAt, origin }: Texts): string =>
  `${frame.toObservedAt}${observedAt}${frame.toOrigin}${origin}${frame.toPrev}"${prev}"${frame.toSeq}${seq}${frame.rest}`;

const pack = ({ bytes, end }: Chain): Pick<Segment, 'body' | 'encoding'> => {
  const plain = bytes.subarray(1, end);
  const units = (bytes: Uint8Array): number => Math.ceil(bytes.length / writeUnit);
  const small = plain.length > writeUnit ? compressed(plain) : plain;
  return units(small) < units(plain)
    ? { body: small, encoding: 'zstd' }
    : { body: Buffer.from(plain), encoding: 'plain' };
};

/** So many bytes are not made smaller by a level above the quickest. */
const quickFrom = 32 * 1024;
const compressed = (plain: Uint8Array): Uint8Array => {
  const level = plain.length < quickFrom ? constants.ZSTD_CLEVEL_DEFAULT : 1;
  return zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: level } });
};

/** The exact bytes of each record, as they were hashed. */
export const linesOf = (segment: Pick<Segment, 'body' | 'encoding'>): string[] =>
  (segment.encoding === 'zstd' ? zstdDecompressSync(segment.body) : Buffer.from(segment.body))
    .toString('utf8')
    .split('\n');

/** Opens a segment: its entries, oldest first. */
export const entriesOf = (segment: Segment): Entry[] =>
  linesOf(segment).map((line) => {
    const record = JSON.parse(line) as TrailRecord;
    const { lane, n } = segment;
    return Object.assign(record, { id: `${lane}/${record.seq}`, lane, segment: n, hash: leafHash(line) });
  });

/** What a segment stores: everything but what follows from its body. */
export type StoredSegment = Omit<Segment, 'groups'>;

/** A segment as it was stored, with the marks of its groups found again in its records. */
export const withGroups = (stored: StoredSegment): Segment => {
  const groups = new Map<string, TrailRecord[]>();
  for (const line of linesOf(stored)) {
    const record = JSON.parse(line) as TrailRecord;
    groups.set(record.factKey, [...(groups.get(record.factKey) ?? []), record]);
  }
  return { ...stored, groups: [...groups].map(([key, records]) => markOf(key, records)) };
};

const markOf = (key: string, records: TrailRecord[]): GroupMark => ({
  key,
  seq: records[0]?.seq ?? 0,
  count: records.length,
  digest: sha256(canonical(records.map(draftOf))),
});

const draftOf = ({
  v: _v,
  origin: _o,
  seq: _s,
  prev: _p,
  factKey: _f,
  part: _pa,
  observedAt: _at,
  ...draft
}: TrailRecord) => draft;
