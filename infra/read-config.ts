import { readFileSync } from 'node:fs';
import type { Config } from '../shared/config/config.ts';
import { formatMistake } from '../shared/config/mistake.ts';
import { parseConfig } from '../shared/config/parse.ts';
import { EscalatorError } from '../shared/errors.ts';

/** Reads the configuration that the stack is made for. Throws with every mistake, a line each. */
export const readConfig = (file: string): Config => {
  const read = parseConfig(readFileSync(file, 'utf8'), file);
  if ('config' in read) return read.config;
  throw new Error(['the configuration has mistakes', ...read.mistakes.map(formatMistake)].join('\n'));
};

/** What is locked cannot be unlocked, and what was not locked may be gone: whoever deploys has to say which he wants. */
export const lockNotChosen = (): EscalatorError =>
  new EscalatorError(
    'ESC-041',
    'the configuration does not say how the archive is locked',
    'add archive: { lock: none } or archive: { lock: governance, days: 2555 } to it (docs/reference/configuration.md)',
  );
