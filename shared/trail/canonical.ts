import { hash } from 'node:crypto';
import type { Json } from './entry.ts';

/**
 * RFC 8785 canonical JSON: the bytes that are hashed and stored. Throws, naming the JSON pointer, on what JSON cannot
 * hold exactly: undefined, NaN, Infinity, lone surrogates.
 */
export const canonical = (value: Json | object): string => textOf(value) ?? refuse(value, '');

/**
 * The members of an object as canonical text, in pieces between which others can be put that are known only later.
 *
 * @param later the names of those, plain and in order (RFC 8785 3.2.3); members of these names are left out
 * @param at the pointer of the object, for what is thrown, as `canonical` throws
 * @returns what stands before the first of them, between each two, and behind the last; each may be empty
 */
export const piecesOf = (value: object, later: readonly string[], at = ''): string[] => {
  const pieces = Array<string>(later.length + 1).fill('');
  let next = 0;
  for (const name of namesOf(value)) {
    while (next < later.length && (later[next] ?? '') < name) next += 1;
    if (later[next] === name) continue;
    const text = textOfMember(value, name) ?? refuse(value, at);
    pieces[next] += pieces[next] === '' ? text : `,${text}`;
  }
  return pieces;
};

/** The canonical text of an object in pieces, without what comes between them. */
export const joined = (pieces: string[]): string => `{${pieces.filter((piece) => piece !== '').join(',')}}`;

/**
 * The canonical text of an object in pieces but for the values of what comes between them.
 *
 * @param text what `joined` made of the pieces: to cut it again is quicker than to put so many small texts together
 * @param later the names that the pieces were made for
 * @returns what stands before the value of the first of them, between each two, and behind the last
 */
export const framesOf = (text: string, pieces: string[], later: readonly string[]): string[] => {
  let [from, members] = [0, 0];
  const comma = (): string => (members++ === 0 ? '' : ',');
  return pieces.map(({ length }, index) => {
    const start = index === 0 ? '{' : '';
    const piece = length === 0 ? '' : `${comma()}${text.slice(from + 1, (from += length + 1))}`;
    const name = later[index];
    return name === undefined ? `${start}${piece}}` : `${start}${piece}${comma()}"${name}":`;
  });
};

/** JSON.stringify writes numbers and well-formed texts as RFC 8785 3.2.2 wants them. Null where that cannot be. */
const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return textOfString(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : null;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return null;
  return Array.isArray(value) ? textOfArray(value) : textOfObject(value);
};

/** Most texts have nothing that has to be escaped: to see that is quicker than to ask for it. */
const textOfString = (value: string): string | null => {
  if (/^[ !#-[\]-~]*$/.test(value)) return `"${value}"`;
  return value.isWellFormed() ? JSON.stringify(value) : null;
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

const textOfObject = (value: object): string | null => {
  let text = '';
  for (const name of namesOf(value)) {
    const one = textOfMember(value, name);
    if (one === null) return null;
    text += text === '' ? one : `,${one}`;
  }
  return `{${text}}`;
};

/** In the order of RFC 8785 3.2.3. To see that they are in it already is quicker than to sort them. */
const namesOf = (value: object): string[] => {
  const names = Object.keys(value);
  for (let index = 1; index < names.length; index += 1)
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return names.sort();
  return names;
};

const textOfMember = (value: object, name: string): string | null => {
  const named = textOfString(name);
  const text = textOf((value as { [name: string]: unknown })[name]);
  return named === null || text === null ? null : `${named}:${text}`;
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
