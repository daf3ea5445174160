import { type Effort, spend } from './effort.ts';
import { isScalar, type Scalar } from './value.ts';

/** One element of a list in the event, of those that have several: where a value stands. */
export type Element = { list: readonly unknown[]; id: number; within: Element | null };

/** A value of a field, and the innermost element it stands in. */
export type Found = { value: Scalar; element: Element | null };

/** The fields that patterns name, as a tree of the parts of their names. */
export type Wanted = { field: number | null; parts: Map<string, Wanted> };

/** No event of AWS's is nested deeper than this, and one from outside must not exhaust the stack. */
const maxDepth = 1000;

/** @param names of fields, with dots between their parts: `detail.state` */
export const wantedOf = (names: readonly string[]): Wanted => {
  const root: Wanted = { field: null, parts: new Map() };
  for (const [field, name] of names.entries()) {
    let at = root;
    for (const part of name.split('.')) {
      const next = at.parts.get(part) ?? { field: null, parts: new Map() };
      at.parts.set(part, next);
      at = next;
    }
    at.field = field;
  }
  return root;
};

/**
 * The values of the fields that are wanted, by their number. As in EventBridge's own matcher a dot in a name is as
 * good as a level: `{"a.b": 1}` and `{"a": {"b": 1}}` have the same field. Lists in lists are seen through; an object
 * is no value, and an empty list holds none.
 */
export const fieldsOf = (wanted: Wanted, count: number, event: unknown, effort: Effort): Found[][] => {
  const found: Found[][] = Array.from({ length: count }, () => []);
  walk(event, wanted, { element: null, depth: 0 }, { found, effort, elements: 0 });
  return found;
};

type Place = { element: Element | null; depth: number };
type Search = { found: Found[][]; effort: Effort; elements: number };

const walk = (value: unknown, wanted: Wanted, place: Place, search: Search): void => {
  if (place.depth > maxDepth || !spend(search.effort, 1)) return;
  if (Array.isArray(value)) return walkList(value, wanted, place, search);
  if (typeof value === 'object' && value !== null) return walkObject(value, wanted, place, search);
  if (wanted.field !== null && isScalar(value)) search.found[wanted.field]?.push({ value, element: place.element });
};

const walkObject = (object: object, wanted: Wanted, { element, depth }: Place, search: Search): void => {
  if (wanted.parts.size === 0) return;
  for (const [name, value] of Object.entries(object)) {
    const next = wanted.parts.get(name) ?? (name.includes('.') ? partOf(wanted, name) : undefined);
    if (next !== undefined) walk(value, next, { element, depth: depth + 1 }, search);
  }
};

const partOf = (wanted: Wanted, name: string): Wanted | undefined => {
  let at: Wanted | undefined = wanted;
  for (const part of name.split('.')) at = at?.parts.get(part);
  return at;
};

/** A value directly in a list is in no element of it: only what has parts holds them together. */
const walkList = (list: unknown[], wanted: Wanted, { element, depth }: Place, search: Search): void => {
  for (const item of list) {
    const apart = typeof item === 'object' && item !== null && list.length > 1;
    const within = apart ? { list, id: search.elements++, within: element } : element;
    walk(item, wanted, { element: within, depth: depth + 1 }, search);
  }
};
