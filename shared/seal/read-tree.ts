import type { Checkpoint } from '../proof/note.ts';
import { cover, emptyTree, grow, inclusionPath, rootOf, type Subtree } from '../proof/tree.ts';
import { entriesIn, type Tile, tileHeight, tilePath, tileWidth, widthAt } from '../proof/tiles.ts';
import { leafHash, nodeHash } from '../trail/merkle.ts';
import type { Archive } from './archive.ts';
import { type Edge, foldTile, hashesIn } from './edge.ts';

/** Something that should stand in the archive does not, or is not what it should be. */
export class ArchiveDiffers extends Error {
  override readonly name = 'ArchiveDiffers';
}

/** Reads a tile of a tree of `size` leaves; a partial one may since have become full, and been cleared away. */
const readTile = async (archive: Archive, tile: Tile): Promise<Uint8Array> => {
  const body = await archive.get(tilePath(tile));
  if (body !== null) return body;
  throw new ArchiveDiffers(`${tilePath(tile)} is not in the archive`);
};

const readHashes = async (archive: Archive, level: number, n: number, size: number): Promise<string[]> => {
  const width = widthAt(level, n, size);
  const hashes = hashesIn(await readTile(archive, { level, n, width }), width);
  if (hashes !== null) return hashes;
  throw new ArchiveDiffers(`${tilePath({ level, n, width })} has another length than it should`);
};

/** The right edge of a tree of `size` leaves, as the archive has it: one read for each level, and one bundle. */
export const readEdge = async (archive: Archive, size: number): Promise<Edge> => {
  const edge: Edge = { size, levels: [], bundle: [] };
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / tileWidth)) {
    const n = Math.floor(hashes / tileWidth);
    edge.levels[level] = hashes % tileWidth === 0 ? [] : await readHashes(archive, level, n, size);
  }
  const width = size % tileWidth;
  if (width === 0) return edge;
  const tile: Tile = { level: 'entries', n: Math.floor(size / tileWidth), width };
  const entries = entriesIn(await readTile(archive, tile));
  if (entries?.length !== width) throw new ArchiveDiffers(`${tilePath(tile)} is not a bundle of ${width} entries`);
  // The signed root covers the hashes alone: what goes on into the next bundle must be what they were made from.
  if (entries.some((entry, at) => leafHash(entry) !== edge.levels[0]?.[at]))
    throw new ArchiveDiffers(`${tilePath(tile)} holds other entries than its hashes`);
  edge.bundle = entries;
  return edge;
};

/** The last entry of a tree, as it was signed; null of an empty one. */
export const lastEntry = async (archive: Archive, { size, bundle }: Edge): Promise<Uint8Array | null> => {
  if (size === 0 || bundle.length > 0) return bundle.at(-1) ?? null;
  const tile: Tile = { level: 'entries', n: size / tileWidth - 1, width: tileWidth };
  return entriesIn(await readTile(archive, tile))?.at(-1) ?? null;
};

export type ReadSubtree = (subtree: Subtree) => Promise<string>;

/** Answers the roots of perfect subtrees of a sealed tree of `size` leaves, each tile read once. */
export const subtreeReader = (archive: Archive, size: number): ReadSubtree => {
  const tiles = new Map<string, Promise<string[]>>();
  const tileOf = (level: number, n: number): Promise<string[]> => {
    const known = tiles.get(`${level}/${n}`);
    const read = known ?? readHashes(archive, level, n, size);
    if (known === undefined) tiles.set(`${level}/${n}`, read);
    if (tiles.size > tilesKept) tiles.delete(tiles.keys().next().value ?? '');
    return read;
  };
  return async ({ level, index }) => {
    // A root that is a full tile's stands in the tile above as one hash, so no tile is ever folded whole but the top.
    const above = Math.floor(level / tileHeight);
    const width = 2 ** (level % tileHeight);
    const at = index * width;
    const hashes = await tileOf(above, Math.floor(at / tileWidth));
    return foldTile(hashes.slice(at % tileWidth, (at % tileWidth) + width));
  };
};

/** Enough for the path of one proof, and its neighbours. */
const tilesKept = 64;

/**
 * The inclusion proof of a leaf (RFC 6962 section 2.1.1), from its sibling up.
 *
 * @param index of the leaf, less than `size`
 */
export const readProof = async (archive: Archive, index: number, size: number): Promise<string[]> => {
  const read = subtreeReader(archive, size);
  const proof: string[] = [];
  for (const subtrees of inclusionPath(index, size)) proof.push(await fold(read, subtrees));
  return proof;
};

const fold = async (read: ReadSubtree, subtrees: Subtree[]): Promise<string> => {
  const tree = emptyTree();
  for (const subtree of subtrees) grow(tree, subtree.level, await read(subtree), nodeHash);
  return rootOf(tree, nodeHash);
};

/** The root of the first `size` leaves. */
export const readRoot = (read: ReadSubtree, size: number): Promise<string> => fold(read, cover(0, size));

/** Throws ArchiveDiffers where tile `n` of the leaves' hashes, with the tiles above it, does not give the signed root. */
export const tileHolds = async (read: ReadSubtree, n: number, { size, root }: Checkpoint): Promise<void> => {
  const [start, end] = spanOf(n, size);
  const leaves = Array.from({ length: end - start }, (_, at): Subtree => ({ level: 0, index: start + at }));
  if ((await fold(read, [...cover(0, start), ...leaves, ...cover(end, size)])) === root) return;
  throw new ArchiveDiffers(
    `${tilePath({ level: 0, n, width: end - start })}, or a tile above it, is not what was signed`,
  );
};

/** Throws ArchiveDiffers where bundle `n` is not there, or holds other entries than the tile beside it has hashes of. */
export const bundleHolds = async (archive: Archive, read: ReadSubtree, n: number, size: number): Promise<void> => {
  const [start, end] = spanOf(n, size);
  const tile: Tile = { level: 'entries', n, width: end - start };
  const entries = entriesIn(await readTile(archive, tile)) ?? [];
  for (let index = start; index < end; index += 1) {
    const entry = entries[index - start];
    const holds = entry !== undefined && leafHash(entry) === (await read({ level: 0, index }));
    if (!holds) throw new ArchiveDiffers(`${tilePath(tile)} does not hold entry ${index} as it was signed`);
  }
};

const spanOf = (n: number, size: number): [start: number, end: number] => [
  n * tileWidth,
  Math.min(size, (n + 1) * tileWidth),
];
