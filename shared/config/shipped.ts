import { EscalatorError } from '../errors.ts';
import type { Config } from './config.ts';

/**
 * The configuration as functions are given it: read and checked when they were deployed, or when the one machine was
 * started. They need neither what reads YAML nor what finds mistakes, and begin in half the time without.
 */
export const shippedText = (config: Config): string => JSON.stringify({ shipped: 1, config });

/**
 * Reads what `shippedText` wrote.
 *
 * @param file where it stands, for whoever reads the error
 * @throws EscalatorError ESC-006 where it is something else
 */
export const readShipped = (text: string, file: string): Config => {
  const read = parsed(text);
  if (read.shipped === 1 && read.config !== undefined) return read.config;
  throw new EscalatorError('ESC-006', `${file} is no configuration as functions are given it`, 'deploy again');
};

const parsed = (text: string): { shipped?: unknown; config?: Config } => {
  try {
    return (JSON.parse(text) ?? {}) as { shipped?: unknown; config?: Config };
  } catch {
    return {};
  }
};
