import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { EscalatorError } from '../../shared/errors.ts';
import { compilePattern, matches } from '../../shared/pattern/pattern.ts';

const file = z.strictObject({ loses: z.array(z.record(z.string(), z.unknown()), 'a list of patterns') });

/**
 * Which events of the stand-ins the bus loses, as EventBridge may where AWS delivers with best effort: those that match a
 * pattern in `bus.json` in the data directory. None where there is no such file.
 *
 * @throws EscalatorError ESC-006 when it cannot be read
 */
export const readLosses = (dataDir: string): ((event: object) => boolean) => {
  const path = join(dataDir, 'bus.json');
  if (!existsSync(path)) return () => false;
  try {
    const patterns = file.parse(JSON.parse(readFileSync(path, 'utf8'))).loses.map((pattern) => compilePattern(pattern));
    return (event) => patterns.some((pattern) => matches(pattern, event));
  } catch (error) {
    const found = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new EscalatorError('ESC-006', `${path} cannot be read: ${found}`, 'correct it, or remove it to lose nothing');
  }
};
