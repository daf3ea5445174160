import { describe, expect, it } from 'vitest';
import { bundleOf, entriesIn, longestEntry, tilePath, tilesBetween, widthAt } from '../../../shared/proof/tiles.ts';

describe('the path of a tile', () => {
  // Examples of c2sp.org/tlog-tiles, "Merkle Tree" and "Log Entries".
  it.each([
    [{ level: 0, n: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 0, n: 273, width: 112 }, 'tile/0/273.p/112'],
    [{ level: 1, n: 1, width: 17 }, 'tile/1/001.p/17'],
    [{ level: 'entries' as const, n: 273, width: 112 }, 'tile/entries/273.p/112'],
    [{ level: 63, n: 0, width: 1 }, 'tile/63/000.p/1'],
    [{ level: 0, n: 999, width: 256 }, 'tile/0/999'],
    [{ level: 0, n: 1000, width: 256 }, 'tile/0/x001/000'],
  ])('%j is %s', (tile, path) => expect(tilePath(tile)).toBe(path));
});

describe('the tiles of a tree', () => {
  // c2sp.org/tlog-tiles: "a Merkle tree of size 70,000 will have, besides its full tiles, ..."
  it('of 70,000 leaves are those that the standard lists', () => {
    const tiles = tilesBetween(0, 70_000);
    const at = (level: number | 'entries') => tiles.filter((tile) => tile.level === level);
    expect(at(0)).toHaveLength(274);
    expect(at(0).filter(({ width }) => width === 256)).toHaveLength(273);
    expect(at(0).at(-1)).toEqual({ level: 0, n: 273, width: 112 });
    expect(at(1)).toEqual([
      { level: 1, n: 0, width: 256 },
      { level: 1, n: 1, width: 17 },
    ]);
    expect(at(2)).toEqual([{ level: 2, n: 0, width: 1 }]);
    expect(at('entries').map(({ n, width }) => [n, width])).toEqual(at(0).map(({ n, width }) => [n, width]));
    expect(tiles).toHaveLength(274 + 2 + 1 + 274);
  });

  it('that were there before are not there again', () => {
    expect(tilesBetween(70_000, 70_000)).toEqual([]);
    expect(tilesBetween(69_888, 69_889).map(tilePath)).toEqual(['tile/0/273.p/1', 'tile/entries/273.p/1']);
    expect(tilesBetween(511, 512).map(tilePath)).toEqual(['tile/0/001', 'tile/entries/001', 'tile/1/000.p/2']);
  });

  it('have the width that is left, and none beyond the end', () => {
    expect([widthAt(0, 0, 0), widthAt(0, 0, 1), widthAt(0, 0, 256), widthAt(0, 1, 256)]).toEqual([0, 1, 256, 0]);
    expect([widthAt(1, 0, 255), widthAt(1, 0, 256), widthAt(2, 0, 65_536)]).toEqual([0, 1, 1]);
  });
});

describe('a bundle of entries', () => {
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text));

  it('is each entry behind its length in two bytes, big-endian', () => {
    expect([...bundleOf([bytes('ab'), bytes('')])]).toEqual([0, 2, 97, 98, 0, 0]);
  });

  it('gives back what was put into it, up to the longest entry', () => {
    const entries = [bytes('☃'), new Uint8Array(longestEntry).fill(7), new Uint8Array(0)];
    expect(entriesIn(bundleOf(entries))).toEqual(entries);
  });

  it('is none where it ends within an entry, or within a length', () => {
    const whole = bundleOf([bytes('abc'), bytes('de')]);
    for (let end = 1; end < whole.length; end += 1) {
      const read = entriesIn(whole.subarray(0, end));
      if (end === 5)
        expect(read).toEqual([bytes('abc')]); // between two entries it is a shorter bundle
      else expect(read).toBeNull();
    }
  });
});
