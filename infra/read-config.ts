import { readFileSync } from 'node:fs';
import type { Config } from '../shared/config/config.ts';
import { formatMistake } from '../shared/config/mistake.ts';
import { parseConfig } from '../shared/config/parse.ts';

/** Reads the configuration that the stack is made for. Throws with every mistake, a line each. */
export const readConfig = (file: string): Config => {
  const read = parseConfig(readFileSync(file, 'utf8'), file);
  if ('config' in read) return read.config;
  throw new Error(['the configuration has mistakes', ...read.mistakes.map(formatMistake)].join('\n'));
};
