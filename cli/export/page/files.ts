import { utf8 } from '../../../shared/proof/bytes.ts';
import { isPackPath, type PackFile, type PackSource } from '../../../shared/verify/source.ts';

/** A file that was chosen or dropped, and its path within the folder, with `/` between. */
export type PageFile = { path: string; file: File };

/** Files looked at in one folder, at most: a pack has far fewer. */
export const mostFiles = 200_000;
/** Read at once: little enough that the page stays alive between two pieces. */
const chunkBytes = 1024 * 1024;

/**
 * A pack as a browser hands it over. Whether a file is a link it does not say; what a link leads to is checked like any
 * other file.
 */
export const fileSource = (files: PageFile[]): PackSource => {
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  return {
    list: () => Promise.resolve(files.map(({ path, file }): PackFile => ({ path, bytes: file.size, plain: true }))),
    chunks: (path) => chunksOf(byPath.get(path) ?? new Blob([])),
  };
};

async function* chunksOf(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += chunkBytes)
    yield new Uint8Array(await blob.slice(at, at + chunkBytes).arrayBuffer());
}

/** Files of a directory picker: their paths begin with the name of the folder, which is no part of a pack. */
export const pickedFiles = (files: (File & { webkitRelativePath: string })[]): PageFile[] =>
  files.map((file) => {
    const path = file.webkitRelativePath.replaceAll('\\', '/');
    return { path: path.slice(path.indexOf('/') + 1) || file.name, file };
  });

export const isPack = (files: PageFile[]): boolean => files.some(({ path }) => isPackPath(path));

/** How much longer a file with the same key may be: a newline, or what an editor puts before it. */
const slackBytes = 8;

/**
 * The folder without the key, where that is in it: a page is not told where a file that was chosen lies, and a key that
 * was pasted lies nowhere, but a file with that very text shows that it came along with the pack. It is told as what it
 * is, and not as a file that does not belong there as well.
 */
export const apartFromKey = async (files: PageFile[], key: string): Promise<{ files: PageFile[]; inside: boolean }> => {
  const wanted = key.trim();
  const bytes = utf8(wanted).length;
  const apart: PageFile[] = [];
  for (const one of files) {
    const couldBe = one.file.size >= bytes && one.file.size <= bytes + slackBytes;
    if (!couldBe || (await one.file.text()).trim() !== wanted) apart.push(one);
  }
  return { files: apart, inside: apart.length < files.length };
};
