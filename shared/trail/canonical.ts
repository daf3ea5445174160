import { hash } from 'node:crypto';
import type { Json } from './entry.ts';

/**
 * RFC 8785 canonical JSON: the bytes that are hashed and stored. Throws, naming the JSON pointer, on what JSON cannot
 * hold exactly: undefined, NaN, Infinity, lone surrogates.
 */
export const canonical = (value: Json | object): string => textOf(value) ?? refuse(value, '');

/**
 * An object's members as canonical texts, to be put together with others by `canonicalOf`. Throws as `canonical` does;
 * `at` is the pointer of the object itself.
 */
export const membersOf = (value: object, at = ''): Map<string, string> =>
  new Map(Object.entries(value).map(([name, member]) => [name, textOf(member) ?? refuse(value, at)]));

/** The canonical text of an object whose members' texts are known: in the order of UTF-16 code units (RFC 8785 3.2.3). */
export const canonicalOf = (members: Map<string, string>): string => {
  const names = [...members.keys()].sort(); // as code units, which is what `sort` does with texts
  return `{${names.map((name) => `${JSON.stringify(name)}:${members.get(name)}`).join(',')}}`;
};

/** JSON.stringify writes numbers and well-formed texts as RFC 8785 3.2.2 wants them. Null where that cannot be. */
const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : null;
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : null;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return null;
  return Array.isArray(value) ? textOfArray(value) : textOfObject(value as { [name: string]: unknown });
};

const textOfArray = (values: unknown[]): string | null => {
  let text = '';
  for (let index = 0; index < values.length; index += 1) {
    const one = textOf(values[index]);
    if (one === null) return null;
    text += index === 0 ? one : `,${one}`;
  }
  return `[${text}]`;
};

const textOfObject = (value: { [name: string]: unknown }): string | null => {
  let text = '';
  for (const name of Object.keys(value).sort()) {
    const one = textOf(value[name]);
    if (one === null || !name.isWellFormed()) return null;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${one}`;
  }
  return `{${text}}`;
};

const refuse = (value: unknown, at: string): never => {
  const found = findUncanonical(value, at);
  throw new TypeError(`cannot be put on record: ${found?.what} at ${found?.at || '/'}`);
};

export const sha256 = (bytes: string | Uint8Array): string => hash('sha256', bytes, 'hex');

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
