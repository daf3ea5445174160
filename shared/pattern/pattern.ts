import { type Effort, maxEffort, spend } from './effort.ts';
import { fieldsOf, type Found, type Values, type Wanted, wantedOf } from './fields.ts';
import { accepts, type Leaf } from './leaf.ts';
import { type Fields, type PatternMistake, readPattern } from './read.ts';
import { holdTogether } from './together.ts';
import { isObject } from './value.ts';

export type { PatternMistake } from './read.ts';

/** A pattern of the EventBridge language, checked and ready to be matched. */
export type Matcher = {
  /** the fields it asks for, sorted */
  names: string[];
  /** made when it is first matched by itself: an index has one tree for all */
  wanted: Wanted | null;
  /** each leaf once, with the number of its field */
  leaves: { field: number; leaf: Leaf }[];
  /** combinations, one of which must hold: numbers of leaves in the order of their fields' names */
  either: number[][];
  /** what is no mistake, and probably not meant */
  remarks: PatternMistake[];
};

/** All mistakes of a pattern: where, as the names and places that lead there, and what. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly mistakes: PatternMistake[];

  constructor(mistakes: PatternMistake[]) {
    super(mistakes.map(({ path, message }) => `${path.join('.') || 'pattern'}: ${message}`).join('\n'));
    this.mistakes = mistakes;
  }
}

/**
 * Checks a pattern and makes it ready. What EventBridge refuses is refused here as well.
 *
 * @param pattern as parsed from JSON or YAML; from `readJson`, where numbers beyond a double must keep their text
 * @throws PatternError with every mistake
 */
export const compilePattern = (pattern: unknown): Matcher => {
  const { either, mistakes, remarks } = readPattern(pattern);
  if (mistakes.length > 0) throw new PatternError(mistakes);
  const names = [...new Set(either.flatMap((fields) => [...fields.keys()]))].toSorted();
  const numberOf = new Map(names.map((name, number) => [name, number]));
  const leaves = new Map<Leaf, { number: number; field: number }>();
  const combinations = either.map((fields) => combinationOf(fields, numberOf, leaves));
  return {
    names,
    wanted: null,
    leaves: [...leaves].map(([leaf, { field }]) => ({ field, leaf })),
    either: combinations,
    remarks,
  };
};

const combinationOf = (
  fields: Fields,
  numberOf: ReadonlyMap<string, number>,
  leaves: Map<Leaf, { number: number; field: number }>,
): number[] =>
  [...fields]
    .map(([name, leaf]) => {
      const known = leaves.get(leaf) ?? { number: leaves.size, field: numberOf.get(name) ?? 0 };
      leaves.set(leaf, known);
      return known;
    })
    .toSorted((one, other) => one.field - other.field)
    .map(({ number }) => number);

/**
 * Whether an event is as the pattern says. Fields all hold, alternatives of a field are an or. A list in the event
 * matches by any of its elements, but what a pattern asks of the fields of one object must hold for one object.
 *
 * @param effort what it may cost; an event that would cost more does not match
 */
export const matches = (matcher: Matcher, event: unknown, effort: Effort = { left: maxEffort }): boolean => {
  if (!isObject(event)) return false;
  const values = fieldsOf((matcher.wanted ??= wantedOf(matcher.names)), event, effort);
  const hits = matcher.leaves.map(({ field, leaf }) => hitsOf(leaf, values[field] ?? [], effort));
  return matcher.either.some((leaves) => holds(leaves, { matcher, values, hits, effort }));
};

/** An event, looked at with the eyes of one pattern. */
type Look = { matcher: Matcher; values: Values; hits: Found[][]; effort: Effort };

const hitsOf = (leaf: Leaf, values: readonly Found[], effort: Effort): Found[] =>
  values.filter(({ value }) => spend(effort, 1 + leaf.tests.length) && accepts(leaf, value));

const holds = (leaves: number[], { matcher, values, hits, effort }: Look): boolean => {
  const asked = leaves.map((number) => {
    const { field, leaf } = matcher.leaves[number] as Matcher['leaves'][number];
    return { hits: hits[number] ?? [], all: values[field] ?? [], absent: leaf.absent };
  });
  if (!spend(effort, asked.length) || !asked.every(({ hits: found, absent }) => found.length > 0 || absent))
    return false;
  return asked.every(({ all }) => all.every(({ element }) => element === null))
    ? asked.every(({ hits: found, all }) => found.length > 0 || all.length === 0)
    : holdTogether(asked, effort);
};
