import { inclusionPath, type Subtree } from '../proof/tree.ts';
import { emptyTree, grow, rootOf } from '../proof/tree.ts';
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

/** Answers the roots of perfect subtrees of a sealed tree of `size` leaves, each tile read once. */
export const subtreeReader = (archive: Archive, size: number): ((subtree: Subtree) => Promise<string>) => {
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
  for (const subtrees of inclusionPath(index, size)) {
    const tree = emptyTree();
    for (const subtree of subtrees) grow(tree, subtree.level, await read(subtree), nodeHash);
    proof.push(rootOf(tree, nodeHash));
  }
  return proof;
};
