import { readFileSync } from 'node:fs';
import type { Config } from '../shared/config/config.ts';
import { formatMistake, type Mistake } from '../shared/config/mistake.ts';
import { parseConfig } from '../shared/config/parse.ts';
import { EscalatorError } from '../shared/errors.ts';

/** More than this no person reads at once; the rest shows when these are mended. */
const shownMistakes = 50;

/**
 * Reads the configuration from a file.
 *
 * @param file path of `escalator.yaml`
 * @throws EscalatorError ESC-005 with every mistake, a line each; ESC-006 when the file cannot be read
 */
export const loadConfig = (file: string): Config => {
  const read = parseConfig(readText(file), file);
  if ('config' in read) return read.config;
  throw new EscalatorError('ESC-005', mistakesText(file, read.mistakes));
};

const mistakesText = (file: string, mistakes: Mistake[]): string => {
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  const lines = mistakes.slice(0, shownMistakes).map((mistake) => `  ${formatMistake(mistake)}`);
  const more = mistakes.length > shownMistakes ? [`  and ${mistakes.length - shownMistakes} more`] : [];
  return [`${count} in ${file}:`, ...lines, ...more].join('\n');
};

/** The bytes are kept as they are, also a byte order mark: the configuration's digest is of the file. */
const readText = (file: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not UTF-8 text' : error instanceof Error ? error.message : '';
    throw new EscalatorError('ESC-006', `${file} cannot be read: ${why}`, 'name another with --config FILE', {
      cause: error,
    });
  }
};
