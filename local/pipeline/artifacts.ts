import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The key of an artifact's S3 location: `<pipeline>/<action execution>/<artifact>`. */
export const artifactKey = (pipeline: string, run: string, artifact: string): string =>
  `${pipeline}/${run}/${artifact}`;

/**
 * The directory an artifact's files are in: without the pipeline, whose name may be `..`; the rest is ours.
 *
 * @param root the directory of all artifacts
 */
export const artifactDir = (root: string, key: string): string => join(root, ...key.split('/').slice(-2));

/** An empty directory, whatever was there: an unfinished run of before leaves nothing behind. */
export const emptyDir = async (dir: string): Promise<string> => {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  return dir;
};

/** Copies a tree as it is; a link stays a link, so that none can bring in files from outside. */
export const copyTree = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, verbatimSymlinks: true });
