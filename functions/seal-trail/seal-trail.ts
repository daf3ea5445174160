import { readers } from '../../shared/trail/readers.ts';
import type { Cursors, Lane, LaneSegment } from '../../shared/ports.ts';
import { type Checkpoint, readNote, signCheckpoint, signedBy } from '../../shared/proof/note.ts';
import { tilePath } from '../../shared/proof/tiles.ts';
import { type Archive, checkpointName, checkpointPath, type Signer } from '../../shared/seal/archive.ts';
import { addEntry, type Edge, edgeRoot, emptyEdge, partialTiles, type Written } from '../../shared/seal/edge.ts';
import { lastEntry, ArchiveDiffers, readEdge } from '../../shared/seal/read-tree.ts';
import { datesAfter, type Misdated } from './misdated.ts';
import { SealRefused } from '../../shared/seal/refusals.ts';
import { leafHash, rootOf } from '../../shared/trail/merkle.ts';

export type SealPorts = {
  lane: Lane;
  cursors: Pick<Cursors, 'get' | 'advance'>;
  archive: Archive;
  signer: Signer;
  /** told, before they are signed, of entries whose time of recording went back */
  misdated?: (found: Misdated) => Promise<void>;
};

/** What a seal came to: the checkpoint that is now the newest, and how many entries it is the first to cover. */
export type Sealed = { checkpoint: Checkpoint | null; added: number };

const reader = readers.seal;
const segmentsAtOnce = 10;
/** Full tiles and bundles held in memory until they are written, in bytes: some 16,000 of the usual entries. */
const heldAtMost = 16 * 1024 * 1024;
const noEntry = '0'.repeat(64);

/**
 * Signs the lane as it is, and puts into the archive what was added. The root is found twice: the one that the writers
 * kept with each segment, and one from the archive and the bytes of the new entries alone. A lane that grew long is
 * signed in several steps.
 *
 * @throws SealRefused, having signed nothing from there on, where the two differ, or the lane is not a continuation of
 *   what was signed
 */
export const sealTrail = async (ports: SealPorts): Promise<Sealed> => {
  const head = await ports.lane.newest();
  const size = head === null ? 0 : head.first + head.count;
  let [sealed, added] = [await sealSome(ports, head, size), 0];
  for (added += sealed.added; (sealed.checkpoint?.size ?? 0) < size; added += sealed.added)
    sealed = await sealSome(ports, head, size);
  return { checkpoint: sealed.checkpoint, added };
};

/** One step: one checkpoint more, or none where nothing is new. */
const sealSome = async (ports: SealPorts, head: LaneSegment | null, size: number): Promise<Sealed> => {
  const { lane, cursors, archive, signer } = ports;
  const before = await newestCheckpoint(ports);
  const edge = await signedEdge(archive, before);
  if (size < edge.size) throw new SealRefused('shrank', `${size} entries, and ${edge.size} were signed`);
  if (size === edge.size) {
    if (before !== null && before.root !== rootOf(head?.frontier ?? []))
      throw new SealRefused('roots-differ', `at ${size} entries, none of them new`);
    return { checkpoint: before, added: 0 };
  }
  const { last, written, misdated } = await addNew(ports, edge, size);
  const checkpoint = { origin: lane.origin, size: edge.size, root: edgeRoot(edge) };
  if (checkpoint.root !== rootOf(last.frontier)) throw new SealRefused('roots-differ', `at ${edge.size} entries`);
  await writeAll(archive, [...written, ...partialTiles(edge)]);
  if (misdated !== null) await ports.misdated?.(misdated);
  await publish(archive, checkpoint, await signCheckpoint(checkpoint, signer.key, signer.sign));
  await cursors.advance(reader, last.n + 1);
  return { checkpoint, added: edge.size - (before?.size ?? 0) };
};

/** The newest checkpoint in the archive, which must be ours, and must be there once something was sealed. */
const newestCheckpoint = async ({ archive, cursors, signer: { key } }: SealPorts): Promise<Checkpoint | null> => {
  const bytes = await archive.get(checkpointName);
  if (bytes === null) {
    // To begin again would be to sign whatever the table holds now, as if nothing had been signed before.
    if ((await cursors.get(reader)) > 0) throw new SealRefused('archive-differs', `${checkpointName} is gone from it`);
    return null;
  }
  const note = readNote(new TextDecoder().decode(bytes));
  if (note === null || note.checkpoint.origin !== key.name || signedBy(note, key) !== 'good')
    throw new SealRefused('checkpoint-not-ours', `it should be signed by ${key.name}+${key.id}`);
  return note.checkpoint;
};

/** What was signed, as the archive has it: the lane's own word is not taken for it. */
const signedEdge = async (archive: Archive, before: Checkpoint | null): Promise<Edge> => {
  if (before === null) return emptyEdge();
  const edge = await differing(() => readEdge(archive, before.size));
  if (edgeRoot(edge) === before.root) return edge;
  throw new SealRefused('archive-differs', `its tiles at ${before.size} entries give another root`);
};

const differing = async <T>(read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ArchiveDiffers) throw new SealRefused('archive-differs', error.message);
    throw error;
  }
};

/**
 * What one step adds: the segment it ends with, and the tiles and bundles that it made full. None is written before the
 * root over all of them was found twice: what is written once cannot be taken back.
 */
type Added = { last: LaneSegment; written: Written[]; misdated: Misdated | null };

/** Hashes what is new, from its bytes: to `size`, or to the end of a segment when it is enough to write at once. */
const addNew = async ({ lane, cursors, archive }: SealPorts, edge: Edge, size: number): Promise<Added> => {
  let prev = edge.size === 0 ? noEntry : await lastLeaf(archive, edge);
  let next = await firstNew(lane, await cursors.get(reader), edge.size);
  const dates = datesAfter(await differing(() => lastEntry(archive, edge)));
  const written: Written[] = [];
  for (;;) {
    const segments = await lane.segments(next, segmentsAtOnce);
    if (segments.length === 0) throw new SealRefused('gap', `nothing from segment ${next} on, before ${size} entries`);
    for (const segment of segments) {
      if (segment.n !== next) throw new SealRefused('gap', `segment ${next} is missing`);
      prev = addSegment(edge, segment, prev, written);
      next = segment.n + 1;
      dates.look(segment);
      if (edge.size >= size || bytesIn(written) >= heldAtMost)
        return { last: segment, written, misdated: dates.misdated() };
    }
  }
};

const bytesIn = (written: Written[]): number => written.reduce((sum, { body }) => sum + body.length, 0);

/** The segment that the first new entry stands in. The cursor is a hint from the table; what it leads to must be so. */
const firstNew = async (lane: Lane, hint: number, size: number): Promise<number> => {
  const [hinted] = await lane.segments(hint, 1);
  if (hinted?.first === size) return hinted.n;
  const newest = await lane.newest();
  let [low, high] = [0, newest?.n ?? 0];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const segment = await lane.segment(middle);
    if (segment === null) throw new SealRefused('gap', `segment ${middle} is missing`);
    if (segment.first + segment.count <= size) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The hash of the last entry that was signed: the last of its tile, or of the last bundle's. */
const lastLeaf = async (archive: Archive, edge: Edge): Promise<string> => {
  const inEdge = edge.levels[0]?.at(-1);
  if (inEdge !== undefined) return inEdge;
  const path = tilePath({ level: 0, n: edge.size / 256 - 1, width: 256 });
  const tile = await archive.get(path);
  if (tile === null) throw new SealRefused('archive-differs', `${path} is not in the archive`);
  return Buffer.from(tile.subarray(-32)).toString('hex');
};

const addSegment = (edge: Edge, segment: LaneSegment, before: string, written: Written[]): string => {
  const { n, first, count, head, lines } = segment;
  if (first !== edge.size || lines.length !== count)
    throw new SealRefused('gap', `segment ${n} has ${lines.length} entries from ${first} on, after ${edge.size}`);
  let prev = before;
  for (const line of lines) {
    if (!names(line, edge.size, prev)) throw new SealRefused('chain-broken', `entry ${edge.size} in segment ${n}`);
    const bytes = Buffer.from(line);
    prev = leafHash(bytes);
    written.push(...addEntry(edge, bytes, prev));
  }
  if (prev !== head) throw new SealRefused('roots-differ', `segment ${n} says its last entry has another hash`);
  return prev;
};

const names = (line: string, seq: number, prev: string): boolean => {
  try {
    const record = JSON.parse(line) as { seq?: unknown; prev?: unknown };
    return record.seq === seq && record.prev === prev;
  } catch {
    return false;
  }
};

/** Writes what is written once; where it is there already, from a seal that did not end, it must be the same. */
const writeAll = async (archive: Archive, written: Written[]): Promise<void> => {
  for (const { tile, body } of written) await writeOnce(archive, tilePath(tile), body);
};

const writeOnce = async (archive: Archive, path: string, body: Uint8Array): Promise<void> => {
  if (await archive.putOnce(path, body)) return;
  const there = await archive.get(path);
  if (there === null || Buffer.compare(there, body) !== 0)
    throw new SealRefused('archive-differs', `${path} holds something else`);
};

/** The checkpoint under its own name first: what `checkpoint` says is always kept. */
const publish = async (archive: Archive, { size }: Checkpoint, note: string): Promise<void> => {
  await writeOnce(archive, checkpointPath(size), Buffer.from(note));
  await archive.put(checkpointName, Buffer.from(note));
};
