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

const filesIn = (dir: string): PackFile[] => {
  const found: PackFile[] = [];
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    const stats = lstatSync(join(dir, name));
    if (stats.isDirectory()) continue;
    found.push({ path: name.replaceAll('\\', '/'), bytes: stats.size, plain: stats.isFile() });
    if (found.length > mostFiles) break;
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
