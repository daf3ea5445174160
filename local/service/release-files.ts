import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How many releases of a service keep their files, besides the one that runs. */
const keptAtMost = 5;

/** A release's files, copied out of the pipeline's artifact: the pipeline may overwrite that, the running release not. */
export const keepFiles = async (dir: string, from: string): Promise<void> => {
  if (existsSync(dir)) return;
  const aside = `${dir}.partial`; // killed half-way, nothing stands under the release's own name
  await rm(aside, { recursive: true, force: true });
  await cp(from, aside, { recursive: true, verbatimSymlinks: true });
  await rename(aside, dir);
};

/** Removes the files of all but the newest releases; never those of the one that runs. */
export const pruneFiles = async (dir: string, running: string): Promise<void> => {
  const names = (await readdir(dir)).filter((name) => join(dir, name) !== running);
  const ages = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(dir, name))).mtimeMs })));
  const old = ages.toSorted((a, b) => b.at - a.at).slice(keptAtMost);
  for (const { name } of old) await rm(join(dir, name), { recursive: true, force: true });
};

/**
 * Says that what stands below belongs to no package: otherwise a data directory inside a package would lend its
 * `"type"` to every release, and one written for the other module system would not start.
 */
export const belongToNoPackage = async (dir: string): Promise<void> => {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'package.json'), '{}\n');
};
