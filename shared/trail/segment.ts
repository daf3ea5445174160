import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { canonical, sha256 } from './canonical.ts';
import type { Draft, Entry, Group, Instant, TrailRecord } from './entry.ts';
import { addLeaf, type Frontier, leafHash } from './merkle.ts';

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
const writeUnit = 1024;

/** The digest of what a writer proposes: tells its own group, whose reply was lost, from another's. */
export const groupDigest = (group: Group): string => sha256(canonical(group.entries));

/** How many of the groups go into the next segment: whole groups only, and at least one. */
export const fitting = (groups: Group[]): number => {
  let entries = 0;
  let bytes = 0;
  const over = groups.findIndex((group) => {
    entries += group.entries.length;
    bytes += canonical(group.entries).length;
    return entries > entriesPerSegment || bytes > packLimit;
  });
  return over === -1 ? groups.length : Math.max(1, over);
};

export type Place = { lane: string; origin: string; at: Instant };

/** Builds the segment that comes after `head`. Null when its body is too large: then fewer groups must go into it. */
export const buildSegment = (head: Head, groups: Group[], { lane, origin, at }: Place): Segment | null => {
  const first = head.first + head.count;
  const chain = { seq: first, prev: head.head, frontier: head.frontier, lines: [] as string[] };
  const marks = groups.map((group) => {
    const mark = { key: group.key, seq: chain.seq, count: group.entries.length, digest: groupDigest(group) };
    group.entries.forEach((draft, index) => {
      const part = { index, of: group.entries.length };
      const record: TrailRecord = {
        ...draft,
        v: 1,
        origin,
        seq: chain.seq,
        prev: chain.prev,
        factKey: group.key,
        part,
        observedAt: at,
      };
      const line = canonical(record);
      chain.prev = leafHash(line);
      chain.frontier = addLeaf(chain.frontier, chain.seq, chain.prev);
      chain.seq += 1;
      chain.lines.push(line);
    });
    return mark;
  });
  const packed = pack(chain.lines);
  if (packed.body.length > bodyLimit && groups.length > 1) return null;
  const { prev, frontier } = chain;
  return {
    lane,
    origin,
    n: head.n + 1,
    first,
    count: chain.seq - first,
    head: prev,
    frontier,
    groups: marks,
    at,
    ...packed,
  };
};

const pack = (lines: string[]): Pick<Segment, 'body' | 'encoding'> => {
  const plain = Buffer.from(lines.join('\n'));
  const units = (bytes: Uint8Array): number => Math.ceil(bytes.length / writeUnit);
  const small = plain.length > writeUnit ? zstdCompressSync(plain) : plain;
  return units(small) < units(plain) ? { body: small, encoding: 'zstd' } : { body: plain, encoding: 'plain' };
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
    return { ...record, id: `${lane}/${record.seq}`, lane, segment: n, hash: leafHash(line) };
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
  digest: groupDigest({ key, entries: records.map(draftOf) }),
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

/** Says why a group cannot be appended at all; null when it can. */
export const refusedGroup = (group: Group): string | null => {
  if (group.key === '') return 'a group needs a key';
  const { length } = group.entries as Draft[];
  return length >= 1 && length <= entriesPerGroup ? null : `a group has 1 to ${entriesPerGroup} entries, not ${length}`;
};
