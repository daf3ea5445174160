import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../local/load-config.ts';
import { shipConfig } from '../../local/ship-config.ts';

const made: string[] = [];
process.once('exit', () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** A configuration as functions are given it; it goes when the process ends. Answers where it stands. */
export const shippedFrom = (yaml: string): string => {
  const dir = mkdtempSync(join(tmpdir(), 'escalator-shipped-'));
  made.push(dir);
  return shipConfig(loadConfig(yaml), dir);
};
