import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EscalatorError } from '../../shared/errors.ts';

/** A shorter key could be found by trying. */
const shortestKeyBytes = 32;

/**
 * HMAC-SHA256 (hex) with the key in a file: equal texts have equal digests, and without the key none can be guessed.
 *
 * @param file path of the key, at least 32 random bytes
 * @throws EscalatorError ESC-006 where the file cannot be read or is too short
 */
export const keyedDigest = (file: string): ((text: string) => string) => {
  const key = readKey(file);
  return (text) => createHmac('sha256', key).update(text).digest('hex');
};

const readKey = (file: string): Buffer => {
  const todo = `put ${shortestKeyBytes} or more random bytes there, readable to nobody else`;
  let key: Buffer;
  try {
    key = readFileSync(file);
  } catch (cause) {
    throw new EscalatorError('ESC-006', `the key for keyed digests cannot be read from ${file}`, todo, { cause });
  }
  if (key.length >= shortestKeyBytes) return key;
  throw new EscalatorError('ESC-006', `the key for keyed digests in ${file} has only ${key.length} bytes`, todo);
};
