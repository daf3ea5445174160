import { describe, expect, it } from 'vitest';
import { tilePath } from '../../../shared/proof/tiles.ts';
import { addEntry, type Edge, edgeRoot, emptyEdge, partialTiles, type Written } from '../../../shared/seal/edge.ts';
import { ArchiveDiffers, readEdge, readProof, subtreeReader } from '../../../shared/seal/read-tree.ts';
import { addLeaf, rootOf } from '../../../shared/trail/merkle.ts';
import { memoryArchive } from '../../harness/sealing.ts';
import { leafOf, proves } from '../proof/rfc6962.ts';

const entryAt = (index: number): Uint8Array => Uint8Array.from(Buffer.from(`{"seq":${index}}`));
const leafAt = (index: number): Buffer => leafOf(entryAt(index));

/** Grows a tree to each of the sizes in turn, writing what a seal writes at each. */
const grownThrough = async (sizes: number[]) => {
  const archive = memoryArchive();
  const edge = emptyEdge();
  const roots = new Map<number, string>();
  const write = async (written: Written[]): Promise<void> => {
    for (const { tile, body } of written) await archive.port.putOnce(tilePath(tile), body);
  };
  const edges = new Map<number, Edge>();
  for (const size of sizes) {
    while (edge.size < size) {
      const entry = entryAt(edge.size);
      const full = addEntry(edge, entry, leafOf(entry).toString('hex'));
      if (full.length > 0) await write(full);
    }
    await write(partialTiles(edge));
    roots.set(size, edgeRoot(edge));
    edges.set(size, structuredClone(edge));
  }
  return { archive, roots, edges };
};

/** Where tiles of the first level, and of the second, become full. */
const small = Array.from({ length: 300 }, (_, at) => at + 1);
const sizes = [...small, 511, 512, 513, 1_000, 65_535, 65_536, 65_537, 70_000];
const { archive, roots, edges } = await grownThrough(sizes);

describe('the tree in the archive', () => {
  it('has the root that the writers find, at every size', () => {
    let frontier: string[] = [];
    for (let size = 0; size < 70_000; size += 1) {
      frontier = addLeaf(frontier, size, leafAt(size).toString('hex'));
      const root = roots.get(size + 1);
      if (root !== undefined) expect([size + 1, root]).toEqual([size + 1, rootOf(frontier)]);
    }
    expect(roots.size).toBe(sizes.length);
  }, 60_000);

  it('gives its right edge back as it was grown entry by entry, at every size that was sealed', async () => {
    for (const size of sizes) {
      const [read, grown] = [await readEdge(archive.port, size), edges.get(size)];
      expect(edgeRoot(read)).toBe(roots.get(size));
      expect(read.bundle.map((entry) => Buffer.from(entry).toString())).toEqual(
        grown?.bundle.map((entry) => Buffer.from(entry).toString()),
      );
      expect(read.levels).toEqual(grown?.levels);
    }
  });

  it('goes on from the edge that was read as it would have from the one that was grown', async () => {
    for (const size of [1, 255, 256, 257, 300, 512]) {
      const read = await readEdge(archive.port, size);
      const more = sizes.find((next) => next > size) ?? 0;
      while (read.size < more) addEntry(read, entryAt(read.size), leafAt(read.size).toString('hex'));
      expect(edgeRoot(read)).toBe(roots.get(more));
    }
  });

  it.each([
    [1, [0]],
    [2, [0, 1]],
    [255, [0, 127, 254]],
    [256, [0, 255]],
    [257, [0, 255, 256]],
    [300, small.map((size) => size - 1)],
    [513, [0, 255, 256, 511, 512]],
    [65_536, [0, 255, 256, 32_768, 65_535]],
    [65_537, [0, 65_535, 65_536]],
    [70_000, [0, 1, 65_535, 65_536, 69_887, 69_888, 69_999]],
  ])('of %i entries proves each by the algorithm of RFC 9162, and none as another', async (size, indices) => {
    const root = Buffer.from(roots.get(size) ?? '', 'hex');
    for (const index of indices) {
      const proof = (await readProof(archive.port, index, size)).map((hash) => Buffer.from(hash, 'hex'));
      expect([index, proves(leafAt(index), index, size, proof, root)]).toEqual([index, true]);
      expect(proves(leafAt(index + 1), index, size, proof, root)).toBe(false);
      if (size > 1) expect(proves(leafAt(index), (index + 1) % size, size, proof, root)).toBe(false);
      if (size > 1) expect(proves(leafAt(index), index, size, proof.slice(1), root)).toBe(false);
    }
  });

  it('answers perfect subtrees of every height', async () => {
    const read = subtreeReader(archive.port, 70_000);
    const naive = (level: number, index: number): string => {
      let frontier: string[] = [];
      for (let at = 0; at < 2 ** level; at += 1)
        frontier = addLeaf(frontier, at, leafAt(index * 2 ** level + at).toString('hex'));
      return rootOf(frontier);
    };
    for (const [level, index] of [
      [0, 69_999],
      [3, 8_749],
      [7, 2],
      [8, 272],
      [9, 1],
      [12, 16],
      [15, 1],
      [16, 0],
    ] as const)
      expect([level, await read({ level, index })]).toEqual([level, naive(level, index)]);
  });

  it('says what is missing, or has another length, and never answers from it', async () => {
    const { archive: damaged } = await grownThrough([300]);
    const [hashes, bundle] = ['tile/0/001.p/44', 'tile/entries/001.p/44'];
    const there = new Map(damaged.held);
    const short = (path: string): Uint8Array => there.get(path)?.slice(0, -1) ?? new Uint8Array();
    for (const path of [hashes, bundle]) {
      damaged.held.delete(path);
      await expect(readEdge(damaged.port, 300)).rejects.toThrow(`${path} is not in the archive`);
      damaged.held.set(path, short(path));
      await expect(readEdge(damaged.port, 300)).rejects.toThrow(ArchiveDiffers);
      damaged.held.set(path, there.get(path) ?? new Uint8Array());
    }
    damaged.held.delete('tile/0/000');
    await expect(readProof(damaged.port, 3, 300)).rejects.toThrow('tile/0/000 is not in the archive');
  });
});
