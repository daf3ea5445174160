import { readFileSync } from 'node:fs';
import type { Config } from '../../shared/config/config.ts';
import { readShipped } from '../../shared/config/shipped.ts';
import type { Environment } from './environment.ts';

/** The configuration that the functions are shipped with. Throws where it is not there, or is something else. */
export const shippedConfig = ({ configFile }: Pick<Environment, 'configFile'>): Config =>
  readShipped(readFileSync(configFile, 'utf8'), configFile);
