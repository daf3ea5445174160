import { emptyTree, grow, rootOf } from '../proof/tree.ts';
import { bundleOf, hashBytes, type Tile, tileHeight, tileWidth } from '../proof/tiles.ts';
import { nodeHash } from '../trail/merkle.ts';

/** The right edge of the tiled tree: the hashes of the last tile of each level, and the entries of the last bundle. */
export type Edge = { size: number; levels: string[][]; bundle: Uint8Array[] };

/** A tile or a bundle, ready to be written. */
export type Written = { tile: Tile; body: Uint8Array };

export const emptyEdge = (): Edge => ({ size: 0, levels: [], bundle: [] });

/** The root of the tree whose edge this is: full tiles of a level stand in the level above as one hash each. */
export const edgeRoot = ({ levels }: Edge): string => {
  const tree = emptyTree();
  for (const [level, hashes] of [...levels.entries()].toReversed())
    for (const hash of hashes) grow(tree, tileHeight * level, hash, nodeHash);
  return rootOf(tree, nodeHash);
};

/**
 * Adds one entry, in place.
 *
 * @returns the tiles and the bundle that this made full
 */
export const addEntry = (edge: Edge, line: Uint8Array, leaf: string): Written[] => {
  const full: Written[] = [];
  edge.bundle.push(line);
  edge.size += 1;
  if (edge.bundle.length === tileWidth) {
    const n = edge.size / tileWidth - 1;
    full.push({ tile: { level: 'entries', n, width: tileWidth }, body: bundleOf(edge.bundle) });
    edge.bundle = [];
  }
  addHash(edge, 0, leaf, full);
  return full;
};

const addHash = (edge: Edge, level: number, hash: string, full: Written[]): void => {
  const hashes = (edge.levels[level] ??= []);
  hashes.push(hash);
  if (hashes.length < tileWidth) return;
  const n = Math.floor(edge.size / tileWidth ** (level + 1)) - 1;
  full.push({ tile: { level, n, width: tileWidth }, body: tileOf(hashes) });
  edge.levels[level] = [];
  addHash(edge, level + 1, foldTile(hashes), full);
};

/** The tiles that are not full yet, and the bundle: as they stand in a tree of this size. */
export const partialTiles = ({ size, levels, bundle }: Edge): Written[] => {
  const tiles = levels.map((hashes, level): Written => {
    const n = Math.floor(size / tileWidth ** (level + 1));
    return { tile: { level, n, width: hashes.length }, body: tileOf(hashes) };
  });
  const n = Math.floor(size / tileWidth);
  const entries: Written = { tile: { level: 'entries', n, width: bundle.length }, body: bundleOf(bundle) };
  return [...tiles, entries].filter(({ tile }) => tile.width > 0);
};

/** The root of a perfect subtree, from the hashes of one of its levels. */
export const foldTile = (hashes: string[]): string => {
  const tree = emptyTree();
  for (const hash of hashes) grow(tree, 0, hash, nodeHash);
  return rootOf(tree, nodeHash);
};

const tileOf = (hashes: string[]): Uint8Array => Buffer.from(hashes.join(''), 'hex');

/** The hashes of a tile; null where it has another width than it should. */
export const hashesIn = (tile: Uint8Array, width: number): string[] | null => {
  if (tile.length !== width * hashBytes) return null;
  const hex = Buffer.from(tile).toString('hex');
  return Array.from({ length: width }, (_, at) => hex.slice(at * 2 * hashBytes, (at + 1) * 2 * hashBytes));
};
