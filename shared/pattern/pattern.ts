import { readAlternative, type Alternative, type Scalar } from './operators.ts';

/** A pattern of the EventBridge language, checked and ready to be matched. */
export type Matcher = Branch;

type Branch = { fields: Field[]; either: Branch[][] };
type Field = { name: string; path: string[] } & ({ leaf: Alternative[] } | { branch: Branch });

export type PatternMistake = { path: (string | number)[]; message: string };

/** All mistakes of a pattern: where, as the names and places that lead there, and what. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly mistakes: PatternMistake[];

  constructor(mistakes: PatternMistake[]) {
    super(mistakes.map(({ path, message }) => `${path.join('.') || 'pattern'}: ${message}`).join('\n'));
    this.mistakes = mistakes;
  }
}

/** No event of AWS's is nested deeper, and a pattern from outside must not exhaust the stack. */
const maxDepth = 50;

/**
 * Checks a pattern and makes it ready. What EventBridge refuses is refused here as well; and so is a field that
 * stands both beside `$or` and within it, for which EventBridge has rules of its own that nobody would guess.
 *
 * @param pattern as parsed from JSON or YAML
 * @throws PatternError with every mistake
 */
export const compilePattern = (pattern: unknown): Matcher => {
  const mistakes: PatternMistake[] = [];
  const matcher = readBranch(pattern, { path: [], written: [], mistakes });
  if (mistakes.length > 0) throw new PatternError(mistakes);
  return matcher;
};

/** `path` leads through an event, `written` through the pattern: they part at `$or`. */
type Place = { path: string[]; written: (string | number)[]; mistakes: PatternMistake[] };

const mistake = ({ written, mistakes }: Place, message: string): void => void mistakes.push({ path: written, message });

const nothing: Branch = { fields: [], either: [] };

const readBranch = (pattern: unknown, place: Place): Branch => {
  if (!isObject(pattern)) return (mistake(place, 'must be an object of fields'), nothing);
  const entries = Object.entries(pattern);
  if (entries.length === 0) mistake(place, 'must have a field; an empty object is not a pattern');
  if (place.path.length > maxDepth) return (mistake(place, `nested deeper than ${maxDepth} levels`), nothing);
  const fields = entries.filter(([name]) => name !== '$or').map(([name, written]) => readField(name, written, place));
  const either = Object.hasOwn(pattern, '$or') ? [readOr(pattern.$or, fields, step(place, '$or'))] : [];
  return { fields, either };
};

const step = (place: Place, ...names: (string | number)[]): Place => ({
  ...place,
  written: [...place.written, ...names],
});

const readField = (name: string, written: unknown, place: Place): Field => {
  const path = [...place.path, name];
  const here = { ...step(place, name), path };
  if (Array.isArray(written)) return { name, path, leaf: readLeaf(written, here) };
  if (isObject(written)) return { name, path, branch: readBranch(written, here) };
  mistake(here, `must be a list of alternatives; write [${JSON.stringify(written)}]`);
  return { name, path, leaf: [] };
};

const readLeaf = (written: unknown[], place: Place): Alternative[] => {
  if (written.length === 0) mistake(place, 'must have an alternative; an empty list matches nothing');
  return written.flatMap((item, index) => {
    const alternative = readAlternative(item);
    if (!('wrong' in alternative)) return [alternative];
    mistake(step(place, index), alternative.wrong);
    return [];
  });
};

const readOr = (written: unknown, beside: Field[], place: Place): Branch[] => {
  if (!Array.isArray(written) || written.length < 2)
    return (mistake(place, '$or must be a list of two or more objects'), []);
  return written.map((item: unknown, index) => {
    const here = step(place, index);
    const branch = readBranch(item, here);
    for (const { name } of branch.fields)
      if (beside.some((field) => field.name === name))
        mistake(step(here, name), `stands beside $or as well; write it in each branch, or only beside`);
    return branch;
  });
};

const isObject = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether an event is as the pattern says. Fields all hold, alternatives of a field are an or. A list in the event
 * matches by any of its elements, but what a pattern asks of the fields of one object must hold for one object.
 * Absence (`exists: false`) is asked of the whole event: no element anywhere on the path may have the field.
 */
export const matches = (matcher: Matcher, event: unknown): boolean => holdsFor(matcher, event, event);

const holdsFor = (branch: Branch, value: unknown, event: unknown): boolean => {
  const candidates = Array.isArray(value) ? (value.flat(maxDepth) as unknown[]).filter(isObject) : [value];
  // nothing there may still be what is asked for
  return (candidates.length === 0 ? [undefined] : candidates).some((candidate) => holds(branch, candidate, event));
};

const holds = (branch: Branch, candidate: unknown, event: unknown): boolean =>
  branch.fields.every((field) => fieldHolds(field, candidate, event)) &&
  branch.either.every((branches) => branches.some((one) => holds(one, candidate, event)));

const fieldHolds = (field: Field, candidate: unknown, event: unknown): boolean => {
  const value = isObject(candidate) && Object.hasOwn(candidate, field.name) ? candidate[field.name] : undefined;
  if ('branch' in field) return holdsFor(field.branch, value, event);
  const values = scalarsOf(value);
  return field.leaf.some((alternative) =>
    'test' in alternative ? values.some(alternative.test) : isAbsent(event, field.path),
  );
};

/** An object is not a value, and neither is what an empty list holds. */
const scalarsOf = (value: unknown): Scalar[] => {
  const values: unknown[] = Array.isArray(value) ? value.flat(maxDepth) : [value];
  return values.filter((one): one is Scalar => one !== undefined && (one === null || typeof one !== 'object'));
};

const isAbsent = (value: unknown, path: string[]): boolean => {
  const [name, ...rest] = path;
  if (name === undefined) return scalarsOf(value).length === 0;
  const objects = (Array.isArray(value) ? (value.flat(maxDepth) as unknown[]) : [value]).filter(isObject);
  return objects.every((object) => !Object.hasOwn(object, name) || isAbsent(object[name], rest));
};
