import { createReadStream, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PackFile, PackSource } from '../../shared/verify/source.ts';

/** Files looked at in one directory, at most: a pack has far fewer. */
const mostFiles = 200_000;
const chunkBytes = 1024 * 1024;

/** A pack as it lies on disk. Links are told, and never followed. */
export const directorySource = (dir: string): PackSource => ({
  list: () => Promise.resolve(filesIn(dir)),
  chunks: (path) => createReadStream(join(dir, path), { highWaterMark: chunkBytes }),
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
