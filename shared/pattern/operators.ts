import { type Address, inCidr, readAddress, readCidr } from './cidr.ts';
import { beginsFolded, endsFolded, readFolded } from './fold.ts';
import { readNumeric } from './numeric.ts';
import type { Scalar, Test, Wrong } from './value.ts';
import { readWildcard, type Wildcard, wildcardTest } from './wildcard.ts';

/** What one alternative of a leaf asks: a value, an address however it is written, something of a value, or none. */
export type Alternative =
  | { literal: Scalar }
  | { address: Address }
  | { test: Test; opening?: { begins: string } | { ends: string } }
  | { absent: true };

/**
 * Reads one alternative of a leaf: a literal, or an object with one operator.
 * Rules after https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and, where it
 * is silent, after what EventBridge's own matcher does (https://github.com/aws/event-ruler), whose refusals these are.
 */
export const readAlternative = (written: unknown): Alternative | Wrong => {
  if (typeof written === 'string') return readText(written);
  if (isLiteral(written)) return { literal: written };
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

const isLiteral = (value: unknown): value is Exclude<Scalar, string> =>
  value === null || typeof value === 'boolean' || typeof value === 'symbol' || Number.isFinite(value);

/** A literal that is an IP address is that address, in whatever spelling. */
const readText = (text: string): Alternative => {
  const address = readAddress(text);
  return address === null ? { literal: text } : { address };
};

/** Text alone can match an operator on text; a number has no prefix. */
const ofText = (test: (text: string) => boolean): { test: Test } => ({
  test: (value) => typeof value === 'string' && test(value),
});

const readExactly: Read = (operand) =>
  typeof operand === 'string' ? { literal: operand } : { wrong: 'exactly must be a string' };

const readExists: Read = (operand) => {
  if (typeof operand !== 'boolean') return { wrong: 'exists must be true or false' };
  return operand ? { test: () => true } : { absent: true };
};

const readEqualsIgnoreCase: Read = (operand) => {
  if (typeof operand !== 'string') return { wrong: 'equals-ignore-case must be a string' };
  const folded = readFolded(operand);
  return ofText((text) => beginsFolded(folded, text, true));
};

const readPrefix: Read = (operand) => {
  if (typeof operand === 'string')
    return { ...ofText((text) => text.startsWith(operand)), opening: { begins: operand } };
  const folded = foldedIn(operand);
  return folded === null ? wrongEdge('prefix') : ofText((text) => beginsFolded(folded, text));
};

const readSuffix: Read = (operand) => {
  if (typeof operand === 'string') return { ...ofText((text) => text.endsWith(operand)), opening: { ends: operand } };
  const folded = foldedIn(operand);
  return folded === null ? wrongEdge('suffix') : ofText((text) => endsFolded(folded, text));
};

const wrongEdge = (name: string): Wrong => ({
  wrong: `${name} must be a string or { "equals-ignore-case": string }`,
});

/** The text of `{ "equals-ignore-case": … }`, or null where it is not that. */
const foldedIn = (operand: unknown): ReturnType<typeof readFolded> | null => {
  if (typeof operand !== 'object' || operand === null) return null;
  const [entry, ...more] = Object.entries(operand);
  const [name, text] = (entry ?? []) as [string?, unknown?];
  return name === 'equals-ignore-case' && typeof text === 'string' && more.length === 0 ? readFolded(text) : null;
};

const readWildcardOperand: Read = (operand) => {
  if (typeof operand !== 'string') return { wrong: 'wildcard must be a string' };
  const parts = readWildcard(operand);
  return 'wrong' in parts ? parts : { ...ofText(wildcardTest(parts)), opening: openingOf(parts) };
};

/** One end of it is known, unless both are `*`: then it ends with nothing, as everything does. */
const openingOf = (parts: Wildcard): { begins: string } | { ends: string } =>
  parts[0] === '' ? { ends: parts.at(-1) ?? '' } : { begins: parts[0] ?? '' };

const readCidrOperand: Read = (operand) => {
  const range = typeof operand === 'string' ? readCidr(operand) : null;
  if (range === null)
    return { wrong: 'cidr must be an address range such as "10.0.0.0/24"; one address alone is written as it is' };
  return ofText((text) => {
    const address = readAddress(text);
    return address !== null && inCidr(range, address);
  });
};

/** The field must be there (null counts), with a value that is none of these. */
const readAnythingBut: Read = (operand) => {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) return readNot(operand);
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  const types = new Set(values.map((value) => typeof value));
  if (types.size !== 1 || !values.every((value) => typeof value === 'string' || Number.isFinite(value)))
    return { wrong: 'anything-but must be a string, a number, a list of one of them, or one operator' };
  const these = new Set(values);
  return { test: (value) => !these.has(value) };
};

const negatable = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** `{ "prefix": … }` and the like within anything-but: one string, or a list of them. */
const readNot = (operand: object): Alternative | Wrong => {
  const entries = Object.entries(operand) as [string, unknown][];
  const [name, written] = entries[0] ?? ['', null];
  if (entries.length !== 1 || !negatable.includes(name))
    return { wrong: `anything-but can hold one of ${negatable.join(', ')}` };
  const texts: unknown[] = Array.isArray(written) ? written : [written];
  if (texts.length === 0 || !texts.every((text) => isNegatable(name, text)))
    return { wrong: `${name} in anything-but must be a string that is not empty, or a list of them` };
  const inner = texts.map((text) => readAlternative({ [name]: text }));
  const wrong = inner.find((alternative) => 'wrong' in alternative);
  if (wrong !== undefined) return wrong;
  return { test: (value) => !inner.some((alternative) => 'test' in alternative && alternative.test(value)) };
};

/** Nothing begins or ends with anything but nothing. */
const isNegatable = (name: string, text: unknown): boolean =>
  typeof text === 'string' && (text !== '' || name === 'equals-ignore-case' || name === 'wildcard');

const operators: { [operator: string]: Read } = {
  prefix: readPrefix,
  suffix: readSuffix,
  'anything-but': readAnythingBut,
  numeric: readNumeric,
  exists: readExists,
  wildcard: readWildcardOperand,
  'equals-ignore-case': readEqualsIgnoreCase,
  cidr: readCidrOperand,
  exactly: readExactly,
};

/** Names that mean an operator, or are kept for one, and so cannot be fields within `$or`. */
export const reservedInOr: ReadonlySet<string> = new Set(
  Object.keys(operators).concat(
    ['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
    ['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
    ['ip-address-in-range', 'ip-address-not-in-range'],
  ),
);
