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
  const { given, order, labels } = namesOf(value);
  const values: unknown[] = Object.values(value);
  let next = 0;
  for (let index = 0; index < order.length; index += 1) {
    const place = order[index] ?? 0;
    const name = given[place] ?? '';
    while (next < later.length && (later[next] ?? '') < name) next += 1;
    if (later[next] === name) continue;
    const [label, text] = [labels[index], textOf(values[place])];
    if (label == null || text === null) return refuse(value, at);
    pieces[next] += (pieces[next] === '' && index > 0 ? label.slice(1) : label) + text;
  }
  return pieces;
};

/** The canonical text of an object in pieces, without what comes between them. */
export const joined = (pieces: string[]): string => {
  let text = '';
  for (const piece of pieces) if (piece !== '') text += text === '' ? piece : `,${piece}`;
  return `{${text}}`;
};

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
  const { order, labels } = namesOf(value);
  const values: unknown[] = Object.values(value);
  let text = '{';
  for (let index = 0; index < order.length; index += 1) {
    const label = labels[index] ?? null;
    const one = textOf(values[order[index] ?? 0]);
    if (label === null || one === null) return null;
    text += label + one;
  }
  return `${text}}`;
};

/**
 * The names of an object as they come, which of them is first, second, ... in the order of RFC 8785 3.2.3, and what stands
 * before the value of each in that order: `"first":`, then `,"second":`; null for a name that cannot be written.
 */
type Names = { given: string[]; order: number[]; labels: (string | null)[] };

/**
 * Most objects have the names of one that was written before: to see that is quicker than to sort and quote them again.
 * Of names that share a slot the last ones are kept, and none that are so many or so long that it would cost memory.
 */
const kept = Array<Names | undefined>(4_096);
const keptLength = 512;

const namesOf = (value: object): Names => {
  const given = Object.keys(value);
  let [slot, length] = [0, 0];
  for (const name of given) {
    slot = (slot * 31 + name.length * 7 + name.charCodeAt(0)) & (kept.length - 1);
    length += name.length + 1;
  }
  const before = kept[slot];
  if (before !== undefined && areSame(before.given, given)) return before;
  const names = inOrder(given);
  if (length <= keptLength) kept[slot] = names;
  return names;
};

const areSame = (some: string[], others: string[]): boolean => {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
};

const inOrder = (given: string[]): Names => {
  const name = (place: number): string => given[place] ?? '';
  const order = [...given.keys()].sort((one, other) => (name(one) < name(other) ? -1 : 1));
  const labels = order.map((place, index) => {
    const text = textOfString(name(place));
    return text === null ? null : `${index === 0 ? '' : ','}${text}:`;
  });
  return { given, order, labels };
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
