/**
 * The layout of c2sp.org/tlog-tiles: hashes of the tree in files of 256, and entries in bundles of 256. Full ones
 * never change; of the last of each level there is a partial one for each size that was signed.
 */
export const tileWidth = 256;
export const tileHeight = 8;
export const hashBytes = 32;

/** A tile of a level (0 holds leaf hashes, 1 the roots of full tiles of level 0, ...), or a bundle of entries. */
export type Tile = { level: number | 'entries'; n: number; /** 1 to 256 */ width: number };

/** `tile/0/x001/x234/067`, with `.p/17` behind it where it is partial. */
export const tilePath = ({ level, n, width }: Tile): string => {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0');
  const groups = digits.match(/.{3}/g) ?? [];
  const path = groups.map((group, index) => (index < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`;
};

/** How wide tile `n` of a level is in a tree of `size` leaves; 0 where it is not there. */
export const widthAt = (level: number, n: number, size: number): number => {
  const hashes = Math.floor(size / tileWidth ** level);
  return Math.max(0, Math.min(tileWidth, hashes - n * tileWidth));
};

/** The tiles of every level, and bundles, that a tree of `size` leaves has and one of `before` leaves had not. */
export const tilesBetween = (before: number, size: number): Tile[] => {
  const tiles: Tile[] = [];
  for (let level = 0, span = 1; span <= size; level += 1, span *= tileWidth) {
    const [had, has] = [Math.floor(before / span), Math.floor(size / span)];
    for (let n = Math.floor(had / tileWidth); n * tileWidth < has; n += 1) {
      const width = widthAt(level, n, size);
      if (width === widthAt(level, n, before)) continue;
      tiles.push({ level, n, width });
      if (level === 0) tiles.push({ level: 'entries', n, width });
    }
  }
  return tiles;
};

const lengthBytes = 2;
/** What a bundle can hold of one entry: its length is written in two bytes. */
export const longestEntry = 0xffff;

/** Entries as a bundle: each with its length before it, two bytes, big-endian. */
export const bundleOf = (entries: Uint8Array[]): Uint8Array => {
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + lengthBytes + entry.length, 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const entry of entries) {
    view.setUint16(at, entry.length);
    bundle.set(entry, at + lengthBytes);
    at += lengthBytes + entry.length;
  }
  return bundle;
};

/** The entries of a bundle; null where it ends within one. */
export const entriesIn = (bundle: Uint8Array): Uint8Array[] | null => {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length;) {
    if (at + lengthBytes > bundle.length) return null;
    const end = at + lengthBytes + view.getUint16(at);
    if (end > bundle.length) return null;
    entries.push(bundle.subarray(at + lengthBytes, end));
    at = end;
  }
  return entries;
};
