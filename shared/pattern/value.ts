/**
 * A value that has no parts: what patterns are compared with. A symbol is a number no double holds, by its text
 * (see json.ts).
 */
export type Scalar = string | number | boolean | null | symbol;

export type Test = (value: Scalar) => boolean;

/** What is wrong with a piece of a pattern, in words. */
export type Wrong = { wrong: string };

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  value === null ||
  typeof value === 'symbol';

export const isObject = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
