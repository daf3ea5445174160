import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EscalatorError } from '../../shared/errors.ts';
import { maxBytes } from './parcels.ts';

/** Files put by one command, at most: who means more has named the wrong directory. */
const maxFiles = 20_000;

/** A list of events may be longer than one event; a whole file is read into memory. */
const maxFileBytes = 64 * maxBytes;

/** The files that paths name: a directory's files in order of their names, all the way down; hidden ones left out. */
export const filesUnder = (paths: string[]): string[] => {
  const files: string[] = [];
  for (const path of paths) {
    for (const file of path === '-' ? [path] : walk(path)) {
      if (files.push(file) <= maxFiles) continue;
      throw new EscalatorError('ESC-030', `there are more than ${maxFiles} files`, 'name fewer directories');
    }
  }
  return files;
};

/** Links to directories are not followed: they may lead in a circle. */
function* walk(path: string): Generator<string> {
  if (!isDirectory(path)) return yield path;
  const items = readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const item of items) {
    if (item.name.startsWith('.')) continue;
    if (item.isDirectory()) yield* walk(join(path, item.name));
    else if (item.isFile() || leadsToFile(join(path, item.name))) yield join(path, item.name);
  }
}

const leadsToFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Reads a file, or standard input for `-`, as text. Throws ESC-006 when it cannot be read, or is no text. */
export const readText = async (file: string, stdin: () => AsyncIterable<Buffer>): Promise<string> => {
  try {
    const bytes = file === '-' ? await gather(stdin()) : readBounded(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const why =
      error instanceof TypeError ? 'it is not UTF-8 text' : error instanceof Error ? error.message : String(error);
    throw new EscalatorError('ESC-006', why, undefined, { cause: error });
  }
};

const readBounded = (file: string): Buffer => {
  const { size } = statSync(file);
  if (size > maxFileBytes) throw new Error(`${size} bytes are more than the ${maxFileBytes} that are read at once`);
  return readFileSync(file);
};

const gather = async (chunks: AsyncIterable<Buffer>): Promise<Buffer> => {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxFileBytes) throw new Error(`standard input is longer than the ${maxFileBytes} bytes that are read`);
    read.push(chunk);
  }
  return Buffer.concat(read);
};
