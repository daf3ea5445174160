import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { PackFile, PackSource } from '../../shared/verify/source.ts';

/** Files looked at in one directory, at most: a pack has far fewer. */
const mostFiles = 200_000;
const chunkBytes = 256 * 1024;

/** A pack as it lies on disk. Links are told, and never followed. */
export const directorySource = (dir: string): PackSource => ({
  list: () => Promise.resolve(filesIn(dir)),
  chunks: (path) => chunksOf(join(dir, path)),
});

/** Folder by folder: reading a directory recursively in one call would follow links, round and round. */
const filesIn = (dir: string): PackFile[] => {
  const found: PackFile[] = [];
  const folders = [''];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of readdirSync(join(dir, folder))) {
      if ((seen += 1) > mostFiles) return found;
      const path = folder + name;
      const stats = lstatSync(join(dir, path));
      if (stats.isDirectory()) folders.push(`${path}/`);
      else found.push({ path, bytes: stats.size, plain: stats.isFile() });
    }
  }
  return found;
};

/** The file in pieces, all in the same memory. */
function* chunksOf(path: string): Generator<Uint8Array> {
  const memory = Buffer.allocUnsafeSlow(chunkBytes);
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const bytes = readSync(file, memory);
      if (bytes === 0) return;
      yield memory.subarray(0, bytes);
    }
  } finally {
    closeSync(file);
  }
}
