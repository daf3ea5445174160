import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../shared/config/config.ts';
import { placedHere } from '../shared/config/member.ts';
import { shippedText } from '../shared/config/shipped.ts';

/**
 * Writes the configuration into a directory for the functions, as it is shipped with them to AWS, but that everything is here:
 * there are no other accounts on one machine. Answers where it stands.
 */
export const shipConfig = (config: Config, dir: string): string => {
  const file = join(dir, 'escalator.json');
  writeFileSync(file, shippedText(placedHere(config)));
  return file;
};
