import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { EscalatorError } from '../../shared/errors.ts';
import { noteLimit } from '../../shared/proof/note.ts';
import type { Report } from '../../shared/verify/report.ts';
import type { PackFile } from '../../shared/verify/source.ts';
import { verifyPack } from '../../shared/verify/verify.ts';
import { directorySource } from './directory.ts';
import { nodeEngine } from './engine.ts';

export type VerifyFiles = { dir: string; key: string; checkpoint?: string | undefined };

/**
 * Verifies a pack on disk. Needs no product, no account and no network.
 *
 * @param progress told how many bytes of the entries were read, and how many there are
 * @throws EscalatorError ESC-006 where one of the files given cannot be read
 */
export const verifyDirectory = (
  { dir, key, checkpoint }: VerifyFiles,
  progress: (read: number, of: number) => void = () => {},
): Promise<Report> => {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw unreadable(dir, 'it is no directory');
  const entries = `${dir}/entries.jsonl`;
  const of = existsSync(entries) ? statSync(entries).size : 0;
  let read = 0;
  const source = directorySource(dir);
  const keyInside = isWithin(key, dir);
  // A key inside is told as what it is, and not as a file that does not belong there as well.
  const keyPath = keyInside ? relative(realpathSync(dir), realpathSync(key)).replaceAll(sep, '/') : null;
  const list = async (): Promise<PackFile[]> => (await source.list()).filter(({ path }) => path !== keyPath);
  return verifyPack({ ...source, list }, nodeEngine, {
    key: small(key),
    keyInside,
    kept: checkpoint === undefined ? null : small(checkpoint),
    progress: (bytes) => progress((read += bytes), of),
  });
};

const isWithin = (file: string, dir: string): boolean => realpathSync(file).startsWith(realpathSync(dir) + sep);

const small = (file: string): string => {
  try {
    if (statSync(file).size > noteLimit) throw unreadable(file, `it has more than ${noteLimit} bytes`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof EscalatorError) throw error;
    throw unreadable(file, error instanceof Error ? error.message : String(error), error);
  }
};

const unreadable = (file: string, why: string, cause?: unknown): EscalatorError =>
  new EscalatorError('ESC-006', `${file} cannot be read: ${why}`, 'give the path of one that can', { cause });
