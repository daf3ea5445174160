import canonicalizeModule from 'canonicalize';
import { createHash } from 'node:crypto';
import type { Json } from './entry.ts';

// The package's types describe a default export that Node's ESM interop wraps once more.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/**
 * RFC 8785 canonical JSON: the bytes that are hashed and stored. Throws, naming the JSON pointer, on what JSON cannot
 * hold exactly: undefined, NaN, Infinity, lone surrogates.
 */
export const canonical = (value: Json | object): string => {
  const pointer = findUncanonical(value, '');
  if (pointer !== null) throw new TypeError(`cannot be put on record: ${pointer.what} at ${pointer.at || '/'}`);
  return canonicalize(value) ?? 'null';
};

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Found = { at: string; what: string } | null;

const findUncanonical = (value: unknown, at: string): Found => {
  if (typeof value === 'string') return value.isWellFormed() ? null : { at, what: 'a lone surrogate' };
  if (typeof value === 'number') return Number.isFinite(value) ? null : { at, what: String(value) };
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value !== 'object') return { at, what: typeof value };
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) return { at, what: 'a lone surrogate in a name' };
    const found = findUncanonical(member, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (found !== null) return found;
  }
  return null;
};
