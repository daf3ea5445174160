import type { Json } from '../trail/entry.ts';

/**
 * Looking into events. They are read openly: only what is used must have a shape, and what has another one reads as
 * absent. Own properties only, so that a key such as `__proto__` or `constructor` is data like any other.
 */

export type JsonObject = { [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list is one of events where anything in it can be an event: a list of numbers is not. */
export const isListOfEvents = (value: Json | undefined): value is Json[] =>
  Array.isArray(value) && value.some(isObject);

export const at = (value: Json | undefined, ...path: string[]): Json | undefined => {
  let inner = value;
  for (const key of path) inner = isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
  return inner;
};

/** A text that says something; the empty one reads as absent. */
export const text = (value: Json | undefined, ...path: string[]): string | null => {
  const found = at(value, ...path);
  return typeof found === 'string' && found.trim() !== '' ? found : null;
};

/** A number, also where it was sent as text. */
export const number = (value: Json | undefined, ...path: string[]): number | null => {
  const found = at(value, ...path);
  const parsed = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : null;
};

export const object = (value: Json | undefined, ...path: string[]): JsonObject => {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
};

export const list = (value: Json | undefined, ...path: string[]): Json[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** `true`, also as AWS sends it here and there: as the text `"True"` or `"true"`. */
export const isTrue = (value: Json | undefined, ...path: string[]): boolean => {
  const found = at(value, ...path);
  return found === true || (typeof found === 'string' && found.toLowerCase() === 'true');
};

/** An object without what is absent. */
export const present = (fields: { [key: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, Json] => field[1] !== undefined && field[1] !== null),
  );

/** The beginning of a text, never half of a character. */
export const cut = (long: string, max: number): string =>
  long.length <= max ? long : long.slice(0, /[\uD800-\uDBFF]/.test(long[max - 1] ?? '') ? max - 1 : max);

/** How outcomes are written: AWS's `TIMED_OUT` is `timed-out`. */
export const inWords = (status: string): string => status.toLowerCase().replaceAll('_', '-');
