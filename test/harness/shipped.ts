import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../local/load-config.ts';
import { shippedText } from '../../shared/config/shipped.ts';

/** A configuration as functions are given it; it goes when the process ends. Answers where it stands. */
export const shippedFrom = (yaml: string): string => {
  const dir = mkdtempSync(join(tmpdir(), 'escalator-shipped-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'escalator.json');
  writeFileSync(file, shippedText(loadConfig(yaml)));
  return file;
};
