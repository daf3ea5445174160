import { type Finding, type Path, sayFound, valueAt } from './mistake.ts';
import { suggest } from './suggest.ts';

/** What is written under a name, whatever shape the value around it has. */
export const at = (value: unknown, name: string): unknown => valueAt(value, [name]);

export const entriesAt = (value: unknown, name: string): [string, unknown][] => {
  const record = at(value, name);
  return typeof record === 'object' && record !== null && !Array.isArray(record) ? Object.entries(record) : [];
};

export const itemsAt = (value: unknown, name: string): unknown[] => {
  const list = at(value, name);
  return Array.isArray(list) ? list : [];
};

/** Nothing to say where there are no names at all: that they are missing is told already. */
export const unknownName = (written: unknown, known: unknown[], noun: string, path: Path): Finding[] => {
  const names = [...new Set(known)].filter((name) => typeof name === 'string');
  if (typeof written !== 'string' || names.length === 0 || names.includes(written)) return [];
  const meant = suggest(written, names);
  const todo =
    meant === null ? `declare the ${noun}, or use one that is there` : `did you mean ${JSON.stringify(meant)}?`;
  const wanted = `a ${noun} that is declared: ${names.join(', ')}`;
  return [{ path, at: 'value', found: `${noun} ${sayFound(written)}`, wanted, todo }];
};
