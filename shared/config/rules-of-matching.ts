import { type Finding, type Path, sayFound } from './mistake.ts';
import { itemsAt } from './raw.ts';
import { suggest } from './suggest.ts';

/** What there is to be matched: every field, and of some fields every value. */
export type Matchable = { fields: string[]; values: { [field: string]: string[] } };

/**
 * What a pattern asks for that is never there: a field by a name that nothing has, a value that a field never has. A
 * pattern with such a slip matches nothing, and looks as if it did. What operators ask of a value is not judged.
 */
export const neverMatches = (match: unknown, path: Path, { fields, values }: Matchable): Finding[] => [
  ...Object.keys(mapping(match))
    .filter((field) => field !== '$or')
    .flatMap((field) => never(field.split('.')[0], fields, 'field', { path: [...path, field], at: 'key' })),
  ...Object.entries(values).flatMap(([field, known]) =>
    itemsAt(match, field).flatMap((one, index) =>
      never(one, known, field, { path: [...path, field, index], at: 'value' }),
    ),
  ),
  ...itemsAt(match, '$or').flatMap((branch, index) =>
    neverMatches(branch, [...path, '$or', index], { fields, values }),
  ),
];

const listedAtMost = 12;

/** Where nothing is known of a field there is nothing to say: that it is missing is told elsewhere. */
export const never = (
  written: unknown,
  known: string[],
  noun: string,
  where: Pick<Finding, 'path' | 'at'>,
): Finding[] => {
  if (typeof written !== 'string' || known.length === 0 || known.includes(written)) return [];
  const meant = suggest(written, known);
  const todo = meant === null ? 'use one that is there' : `did you mean ${JSON.stringify(meant)}?`;
  const named = known.filter((name) => name !== '');
  const wanted = named.length > listedAtMost ? `any ${noun} that there is` : `one of ${named.join(', ')}`;
  return [{ ...where, found: `${noun} ${sayFound(written)}, which nothing here has`, wanted, todo }];
};

const mapping = (value: unknown): object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
