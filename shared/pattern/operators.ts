import { inCidr, readCidr } from './cidr.ts';
import { matchesWildcard, readWildcard } from './wildcard.ts';

/** A value that has no parts: what patterns are compared with. */
export type Scalar = string | number | boolean | null;

export type Test = (value: Scalar) => boolean;

/** What one alternative of a leaf asks: something of a value, or that there is none. */
export type Alternative = { test: Test } | { absent: true };

/** What is wrong with a piece of a pattern, in words. */
export type Wrong = { wrong: string };

/**
 * Reads one alternative of a leaf: a literal, or an object with one operator.
 * Rules after https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and
 * https://github.com/aws/event-ruler, whose refusals these are.
 */
export const readAlternative = (written: unknown): Alternative | Wrong => {
  if (isScalar(written)) return { test: (value) => value === written };
  if (typeof written !== 'object') return { wrong: 'must be a string, number, boolean, null or { operator: operand }' };
  if (Array.isArray(written)) return { wrong: 'a list within a list; write the alternatives in one list' };
  const entries = Object.entries(written);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    return { wrong: `must have exactly one operator, found ${entries.length}` };
  const [operator, operand] = entry;
  if (!Object.hasOwn(operators, operator))
    return { wrong: `unknown operator "${operator}"; there are ${Object.keys(operators).join(', ')}` };
  return (operators[operator] as Read)(operand);
};

type Read = (operand: unknown) => Alternative | Wrong;

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

/** Text alone can match an operator on text; a number has no prefix. */
const ofText =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

const fold = (text: string): string => text.toLowerCase();

const readExists: Read = (operand) => {
  if (typeof operand !== 'boolean') return { wrong: 'exists must be true or false' };
  return operand ? { test: () => true } : { absent: true };
};

const readEqualsIgnoreCase: Read = (operand) =>
  typeof operand === 'string'
    ? { test: ofText((text) => fold(text) === fold(operand)) }
    : { wrong: 'equals-ignore-case must be a string' };

/** `prefix` and `suffix`, each also as `{ "equals-ignore-case": … }`. */
const readEdge =
  (name: 'prefix' | 'suffix'): Read =>
  (operand) => {
    const at = name === 'prefix' ? 'startsWith' : 'endsWith';
    if (typeof operand === 'string') return { test: ofText((text) => text[at](operand)) };
    const folded = only(operand, 'equals-ignore-case');
    if (typeof folded === 'string') return { test: ofText((text) => fold(text)[at](fold(folded))) };
    return { wrong: `${name} must be a string or { "equals-ignore-case": string }` };
  };

const readWildcardOperand: Read = (operand) => {
  if (typeof operand !== 'string') return { wrong: 'wildcard must be a string' };
  const parts = readWildcard(operand);
  return 'wrong' in parts ? parts : { test: ofText((text) => matchesWildcard(parts, text)) };
};

const readCidrOperand: Read = (operand) => {
  const range = typeof operand === 'string' ? readCidr(operand) : null;
  if (range === null) return { wrong: 'cidr must be an address range such as "10.0.0.0/24"' };
  return { test: ofText((text) => inCidr(range, text)) };
};

type Bound = { operator: string; number: number };

const comparisons: { [operator: string]: (value: number, bound: number) => boolean } = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const readNumeric: Read = (operand) => {
  const bounds = readBounds(operand);
  if ('wrong' in bounds) return bounds;
  const holds = (value: number) => (bound: Bound) => comparisons[bound.operator]?.(value, bound.number) ?? false;
  return { test: (value) => typeof value === 'number' && bounds.every(holds(value)) };
};

const readBounds = (operand: unknown): Bound[] | Wrong => {
  const wrong = 'numeric must be one comparison such as [">", 0] or a range such as [">=", 1, "<", 5]';
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return { wrong };
  const bounds = [{ operator: operand[0], number: operand[1] }];
  if (operand.length === 4) bounds.push({ operator: operand[2], number: operand[3] });
  for (const { operator, number } of bounds) {
    if (typeof operator !== 'string' || !Object.hasOwn(comparisons, operator)) return { wrong };
    if (!Number.isFinite(number)) return { wrong: `the bound of "${operator}" in numeric must be a number` };
  }
  const [low, high] = bounds as Bound[];
  if (low === undefined || high === undefined) return bounds;
  if (!low.operator.startsWith('>') || !high.operator.startsWith('<')) return { wrong };
  return low.number < high.number
    ? [low, high]
    : { wrong: 'the range in numeric is empty: its lower bound must be less' };
};

/** The field must be there (null counts), with a value that is none of these. */
const readAnythingBut: Read = (operand) => {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) return readNot(operand);
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  const types = new Set(values.map((value) => typeof value));
  if (values.length === 0 || types.size > 1 || !values.every((value) => typeof value === 'string' || isNumber(value)))
    return { wrong: 'anything-but must be a string, a number, a list of one of them, or one operator' };
  return { test: (value) => !values.includes(value) };
};

const isNumber = (value: unknown): boolean => Number.isFinite(value);

const negatable = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** `{ "prefix": … }` and the like within anything-but: one string, or a list of them. */
const readNot = (operand: object): Alternative | Wrong => {
  const entries = Object.entries(operand) as [string, unknown][];
  const [name, written] = entries[0] ?? ['', null];
  const texts: unknown[] = Array.isArray(written) ? written : [written];
  if (entries.length !== 1 || !negatable.includes(name))
    return { wrong: `anything-but can hold one of ${negatable.join(', ')}` };
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string' && text !== ''))
    return { wrong: `${name} in anything-but must be a string that is not empty, or a list of them` };
  const inner = texts.map((text) => readAlternative({ [name]: text }));
  const wrong = inner.find((alternative) => 'wrong' in alternative);
  if (wrong !== undefined) return wrong;
  return { test: (value) => !inner.some((alternative) => 'test' in alternative && alternative.test(value)) };
};

const only = (operand: unknown, name: string): unknown => {
  if (typeof operand !== 'object' || operand === null || Object.keys(operand).length !== 1) return undefined;
  return Object.entries(operand).find(([key]) => key === name)?.[1];
};

const operators: { [operator: string]: Read } = {
  prefix: readEdge('prefix'),
  suffix: readEdge('suffix'),
  'anything-but': readAnythingBut,
  numeric: readNumeric,
  exists: readExists,
  wildcard: readWildcardOperand,
  'equals-ignore-case': readEqualsIgnoreCase,
  cidr: readCidrOperand,
};
