import { type Effort, spend } from './effort.ts';
import { isScalar, type Scalar } from './value.ts';

/** One element of a list in the event, of those that have several: where a value stands. */
export type Element = { list: readonly unknown[]; id: number; within: Element | null };

/** A value of a field, and the innermost element it stands in. */
export type Found = { value: Scalar; element: Element | null };

/** The fields that patterns name, as a tree of the parts of their names, and their values where there are none. */
export type Wanted = { root: Part; none: Found[][] };
type Part = { field: number | null; parts: Map<string, Part> };

/** No event of AWS's is nested deeper than this, and one from outside must not exhaust the stack. */
const maxDepth = 1000;

/** @param names of fields, with dots between their parts: `detail.state` */
export const wantedOf = (names: readonly string[]): Wanted => {
  const root: Part = { field: null, parts: new Map() };
  for (const [field, name] of names.entries()) {
    let at = root;
    for (const part of name.split('.')) {
      const next = at.parts.get(part) ?? { field: null, parts: new Map() };
      at.parts.set(part, next);
      at = next;
    }
    at.field = field;
  }
  return { root, none: names.map(() => none) };
};

/** The values of each field that is wanted, by its number; none where the event has none. */
export type Values = readonly (readonly Found[])[];

/**
 * The values of the fields that are wanted, by their number. As in EventBridge's own matcher a dot in a name is as
 * good as a level: `{"a.b": 1}` and `{"a": {"b": 1}}` have the same field. Lists in lists are seen through; an object
 * is no value, and an empty list holds none.
 */
export const fieldsOf = ({ root, none: found }: Wanted, event: unknown, effort: Effort): Values => {
  const search: Search = { found: found.slice(), effort, elements: 0 };
  walk(event, root, null, 0, search);
  return search.found;
};

/** Shared by all fields without a value: most events have few of the fields that many patterns want. */
const none: Found[] = [];

type Search = { found: Found[][]; effort: Effort; elements: number };

const walk = (value: unknown, wanted: Part, element: Element | null, depth: number, search: Search): void => {
  if (depth > maxDepth || !spend(search.effort, 1)) return;
  if (Array.isArray(value)) walkList(value, wanted, element, depth, search);
  else if (typeof value === 'object' && value !== null) {
    if (wanted.parts.size > 0) walkObject(value as Members, wanted, element, depth, search);
  } else if (wanted.field !== null && isScalar(value)) add(search.found, wanted.field, { value, element });
};

const add = (found: Found[][], field: number, one: Found): void => {
  if (found[field] === none) found[field] = [one];
  else found[field]?.push(one);
};

type Members = { [name: string]: unknown };

const walkObject = (object: Members, wanted: Part, element: Element | null, depth: number, search: Search): void => {
  // not Object.entries, which costs more than all the rest; what JSON.parse makes inherits no field
  for (const name in object) {
    const next = wanted.parts.get(name) ?? (name.includes('.') ? partOf(wanted, name) : undefined);
    if (next !== undefined && Object.hasOwn(object, name)) walk(object[name], next, element, depth + 1, search);
  }
};

const partOf = (wanted: Part, name: string): Part | undefined => {
  let at: Part | undefined = wanted;
  for (const part of name.split('.')) at = at?.parts.get(part);
  return at;
};

/** A value directly in a list is in no element of it: only what has parts holds them together. */
const walkList = (list: unknown[], wanted: Part, element: Element | null, depth: number, search: Search): void => {
  for (const item of list) {
    const apart = list.length > 1 && typeof item === 'object' && item !== null;
    walk(item, wanted, apart ? { list, id: search.elements++, within: element } : element, depth + 1, search);
  }
};
