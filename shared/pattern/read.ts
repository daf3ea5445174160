import { type Leaf, leafOf } from './leaf.ts';
import { readAlternative, reservedInOr } from './operators.ts';
import { isObject } from './value.ts';

/** Something to say of a place in a pattern: the names and positions that lead there, and what. */
export type PatternMistake = { path: (string | number)[]; message: string };

/** Fields by name, with dots between its parts: all must be as their leaf asks. */
export type Fields = Map<string, Leaf>;

/** `either` of these combinations must hold. */
export type Reading = { either: Fields[]; mistakes: PatternMistake[]; remarks: PatternMistake[] };

/** Jackson, with which EventBridge reads patterns, goes no deeper. */
const maxDepth = 1000;
/** Above it EventBridge refuses a pattern: each branch of a `$or` multiplies the combinations before it. */
const maxCombinations = 1000;
/** The most fields that EventBridge's own matcher takes in one combination. */
const maxFields = 256;

/**
 * Reads a pattern into its combinations. As in EventBridge's own matcher, where `$or` is used as no operator can be
 * (on an object, or on a list of literals) it is a field like any other.
 */
export const readPattern = (pattern: unknown): Reading => {
  const reading = readAs(pattern, true);
  if (reading.mistakes.length === 0) return reading;
  const plain = readAs(pattern, false);
  return plain.mistakes.length === 0 ? plain : reading;
};

/** `fields` leads through an event, `path` through the pattern: they part at `$or`. */
type Place = {
  fields: string[];
  path: (string | number)[];
  inOr: boolean;
  orIsOperator: boolean;
  said: Pick<Reading, 'mistakes' | 'remarks'>;
};

const readAs = (pattern: unknown, orIsOperator: boolean): Reading => {
  const said = { mistakes: [], remarks: [] };
  const place: Place = { fields: [], path: [], inOr: false, orIsOperator, said };
  const either = readObject(pattern, [new Map()], place);
  if (either.some((fields) => fields.size > maxFields)) mistake(place, `asks more than ${maxFields} fields at once`);
  return { either, ...said };
};

const mistake = ({ path, said }: Place, message: string): void => void said.mistakes.push({ path, message });

const step = (place: Place, ...names: (string | number)[]): Place => ({ ...place, path: [...place.path, ...names] });

/** Adds what an object asks to every combination so far. */
const readObject = (pattern: unknown, so: Fields[], place: Place): Fields[] => {
  if (!isObject(pattern)) return (mistake(place, 'must be an object of fields'), so);
  const entries = Object.entries(pattern);
  if (entries.length === 0) mistake(place, 'must have a field; an empty object is not a pattern');
  if (place.path.length > maxDepth) return (mistake(place, `nested deeper than ${maxDepth} levels`), so);
  return entries.reduce(
    (either, [name, written]) =>
      name === '$or' && place.orIsOperator
        ? readOr(written, either, step(place, name))
        : readField(name, written, either, { ...step(place, name), fields: [...place.fields, name] }),
    so,
  );
};

const readField = (name: string, written: unknown, so: Fields[], place: Place): Fields[] => {
  if (place.inOr && reservedInOr.has(name)) mistake(place, `"${name}" is an operator, and no field within $or`);
  if (isObject(written)) return readObject(written, so, place);
  if (!Array.isArray(written)) {
    mistake(place, `must be a list of alternatives; write [${JSON.stringify(written)}]`);
    return so;
  }
  const leaf = readLeaf(written, place);
  const field = place.fields.join('.');
  if (so.some((fields) => fields.has(field))) place.said.remarks.push({ path: place.path, message: overridden });
  for (const fields of so) fields.set(field, leaf);
  return so;
};

const overridden = 'the field is asked before as well, beside or within $or: what is written last counts alone';

const readLeaf = (written: unknown[], place: Place): Leaf => {
  if (written.length === 0) mistake(place, 'must have an alternative; an empty list matches nothing');
  const alternatives = written.flatMap((item, index) => {
    const alternative = readAlternative(item);
    if (!('wrong' in alternative)) return [alternative];
    mistake(step(place, index), alternative.wrong);
    return [];
  });
  // what was refused may be nested too deep for JSON.stringify, and needs no text
  return leafOf(alternatives, alternatives.length === written.length ? textOf(written) : '');
};

/** As JSON, which has no symbols: here they are numbers by their text. */
const textOf = (written: unknown[]): string => {
  const numbers = written.filter((item) => typeof item === 'symbol');
  return `${JSON.stringify(written)} ${numbers.map(String).join(' ')}`;
};

/** Each branch goes on from all combinations so far, and what comes after `$or` from those of all branches. */
const readOr = (written: unknown, so: Fields[], place: Place): Fields[] => {
  if (!Array.isArray(written) || written.length < 2)
    return (mistake(place, '$or must be a list of two or more objects'), so);
  const either: Fields[] = [];
  for (const [index, branch] of (written as unknown[]).entries()) {
    const copies = so.map((fields) => new Map(fields));
    either.push(...readObject(branch, copies, { ...step(place, index), inOr: true }));
    if (either.length <= maxCombinations) continue;
    mistake(place, `$or makes more than ${maxCombinations} combinations, and EventBridge takes no more`);
    return so;
  }
  return either;
};
