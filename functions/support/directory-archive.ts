import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Archive } from '../../shared/seal/archive.ts';

/** An archive in a directory. One process writes to it; what is there is whole, for it is written aside first. */
export const directoryArchive = (dir: string): Archive => {
  const at = (path: string): string => join(dir, path);
  const put = (path: string, body: Uint8Array): void => {
    mkdirSync(dirname(at(path)), { recursive: true, mode: 0o700 });
    writeFileSync(`${at(path)}.new`, body, { mode: 0o600, flush: true });
    renameSync(`${at(path)}.new`, at(path));
  };
  return {
    get: (path) => Promise.resolve(existsSync(at(path)) ? readFileSync(at(path)) : null),
    putOnce: (path, body) => {
      if (existsSync(at(path))) return Promise.resolve(false);
      put(path, body);
      return Promise.resolve(true);
    },
    put: (path, body) => Promise.resolve(put(path, body)),
    checkpoints: () => {
      const folder = at('checkpoints');
      const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+$/.test(name)) : [];
      const found = names.map((name) => ({
        size: Number(name),
        at: statSync(join(folder, name)).mtime.toISOString(),
      }));
      return Promise.resolve(found.toSorted((a, b) => a.size - b.size));
    },
  };
};
