import { sha256 } from '@noble/hashes/sha2.js';
import { hexOf, utf8 } from '../proof/bytes.ts';
import type { Problem } from './report.ts';
import { detailPath, type Engine, files, isSummed, type PackFile, type PackSource } from './source.ts';

/** A file whose digest is listed is read whole, so it has a limit: 1 GiB. */
const largestSummed = 2 ** 30;

/** What `sha256sum` writes: digest, two spaces, path; sorted by path. */
export const writeSums = (digests: Map<string, string>): string =>
  [...digests]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, digest]) => `${digest}  ${path}\n`)
    .join('');

/** Null where the text is not just what `writeSums` would write. */
export const readSums = (text: string): Map<string, string> | null => {
  const digests = new Map<string, string>();
  for (const [, digest = '', path = ''] of text.matchAll(/^([0-9a-f]{64}) {2}([^\n]+)\n/gm)) digests.set(path, digest);
  return writeSums(digests) === text ? digests : null;
};

/** The digest of a text, as hex. */
export const digestOf = (text: string): string => hexOf(sha256(utf8(text)));

/**
 * Checks `SHA256SUMS` against what the export's entry says of it, and every file against what it says.
 *
 * @param expected null where that entry is not there: then only the files are checked
 */
export const checkSums = async (
  source: PackSource,
  engine: Engine,
  here: PackFile[],
  { text, expected }: { text: string | null; expected: string | null },
): Promise<Problem[]> => {
  if (text === null) return [];
  if (expected !== null && digestOf(text) !== expected)
    return [{ exit: 2, what: `${files.sums} is not the one that the export recorded` }];
  const sums = readSums(text);
  if (sums === null) return [{ exit: 2, what: `${files.sums} is not written as sha256sum writes it` }];
  const summed = here.filter(({ path }) => isSummed(path));
  const unlisted = summed.filter(({ path }) => !sums.has(path));
  const absent = [...sums.keys()].filter((path) => !summed.some((file) => file.path === path));
  const differing = await differingOf(source, engine, summed, sums);
  return [
    ...unlisted.map(({ path }): Problem => ({ exit: 2, what: `${path} is not listed in ${files.sums}` })),
    ...differing.map((path): Problem => ({ exit: 2, what: `${path} is not as it was exported` })),
    ...absent.map((path): Problem => ({ exit: 3, what: `${JSON.stringify(path)} is missing` })),
  ];
};

const differingOf = async (
  source: PackSource,
  engine: Engine,
  here: PackFile[],
  sums: Map<string, string>,
): Promise<string[]> => {
  const differing: string[] = [];
  for (const { path, bytes } of here) {
    const wanted = sums.get(path);
    if (wanted === undefined) continue;
    if (bytes > largestSummed) {
      differing.push(path); // nothing of that size was exported, and it is not read to say so
      continue;
    }
    const digest = engine.digest();
    for await (const chunk of source.chunks(path)) digest.update(chunk);
    const hex = digest.hex();
    if (hex !== wanted || (path.startsWith('details/') && path !== detailPath(hex))) differing.push(path);
  }
  return differing;
};
