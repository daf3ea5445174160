import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../shared/config/config.ts';
import { shippedText } from '../shared/config/shipped.ts';

/** Writes the configuration into a directory for the functions, as it is shipped with them to AWS. Answers where it stands. */
export const shipConfig = (config: Config, dir: string): string => {
  const file = join(dir, 'escalator.json');
  writeFileSync(file, shippedText(config));
  return file;
};
