/** Names and places that lead from the top of the file to a value. */
export type Path = (string | number)[];

/** One mistake in a configuration, for the person who wrote it. */
export type Mistake = {
  file: string;
  /** from 1 */
  line: number;
  /** from 1 */
  column: number;
  /** `environments.production.services.shop.checks.smoke.level`; empty for the file as a whole */
  path: string;
  found: string;
  wanted: string;
  /** what to do next */
  todo: string;
};

/** A mistake that knows where in the structure it is, but not yet where in the text. */
export type Finding = { path: Path; at: 'key' | 'value'; found: string; wanted: string; todo: string };

/** `escalator.yaml:12:21  services.shop.checks.smoke.level  found "depoy", wanted ...; did you mean "deploy"?` */
export const formatMistake = ({ file, line, column, path, found, wanted, todo }: Mistake): string =>
  [`${file}:${line}:${column}`, path, `found ${found}, wanted ${wanted}; ${todo}`]
    .filter((part) => part !== '')
    .join('  ');

/** A value as its author would recognise it, in a few words. */
export const sayFound = (value: unknown): string => {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'an empty mapping' : `a mapping with ${sayFound(keys.slice(0, 3).join(', '))}`;
  }
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= longestFound ? text : `${text.slice(0, longestFound)}...`;
};

const longestFound = 60;

/** What stands at a path in a value of any shape; undefined where nothing does. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (within, name) =>
      typeof within === 'object' && within !== null ? Object.getOwnPropertyDescriptor(within, name)?.value : undefined,
    value,
  );
