import { copyFile, lstat, mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { BuildArtifacts } from './buildspec.ts';
import { matchesGlob } from './glob.ts';

/** Files in one artifact; more is a mistake in the patterns. */
const maxFiles = 100_000;

/**
 * Copies what the buildspec's `artifacts` name from the work tree into the artifact's directory.
 *
 * @returns why it cannot be done, in CodeBuild's words, or null
 */
export const collectFiles = async (spec: BuildArtifacts, tree: string, target: string): Promise<string | null> => {
  const base = await baseDirectory(spec['base-directory'], tree);
  if (base === null) return `no matching base directory path found for ${spec['base-directory']}`;
  const outside = spec.files.find((pattern) => isAbsolute(pattern) || pattern.split('/').includes('..'));
  if (outside !== undefined) return `the artifact path ${outside} leads out of the base directory`;
  const files = (await filesBelow(base)).filter((file) => spec.files.some((pattern) => matchesGlob(pattern, file)));
  if (files.length === 0) return `no matching artifact paths found for ${spec.files.join(', ')}`;
  for (const file of files) await copyOne(base, file, join(target, spec['discard-paths'] ? basename(file) : file));
  return null;
};

/** Resolved, so that a link cannot lead out of the tree; null when it is not a directory inside it. */
const baseDirectory = async (base: string, tree: string): Promise<string | null> => {
  const root = await realpath(tree);
  const resolved = await realpath(join(root, base)).catch(() => null);
  if (resolved === null || isAbsolute(base)) return null;
  const inside = resolved === root || resolved.startsWith(root + sep);
  return inside && (await lstat(resolved)).isDirectory() ? resolved : null;
};

/** Relative paths with `/`; links are files, never followed. */
const filesBelow = async (base: string): Promise<string[]> => {
  const entries = await readdir(base, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  if (files.length > maxFiles)
    throw new Error(`an artifact may hold ${maxFiles} files, the directory has ${files.length}`);
  return files.map((entry) => relative(base, join(entry.parentPath, entry.name)).split(sep).join('/'));
};

const copyOne = async (base: string, file: string, target: string): Promise<void> => {
  const from = join(base, file);
  await mkdir(dirname(target), { recursive: true });
  if ((await lstat(from)).isSymbolicLink()) await symlink(await readlink(from), target);
  else await copyFile(from, target);
};
