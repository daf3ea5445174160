import type * as z from 'zod';
import { durationWanted, likelyDuration } from './duration.ts';
import { type Finding, type Path, sayFound, valueAt } from './mistake.ts';
import { suggest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** What zod found wrong, in the words of a person: what was found, what was wanted, what to do. */
export const findingsOf = (issues: Issue[], value: unknown): Finding[] =>
  issues.flatMap((issue) => {
    const path = issue.path.map((name) => (typeof name === 'symbol' ? String(name) : name));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, [...path], issue.message));
    if (issue.code === 'invalid_union') return unionFindings(issue, path, value);
    return [issue.code === 'invalid_key' ? wrongKey(path, issue.message) : wrongValue(issue, path, value)];
  });

const unknownKey = (key: string, path: Path, known: string): Finding => {
  const meant = suggest(key, known.split(', '));
  const todo = meant === null ? 'remove it' : `did you mean ${JSON.stringify(meant)}?`;
  return { path: [...path, key], at: 'key', found: `unknown key ${sayFound(key)}`, wanted: `one of ${known}`, todo };
};

const wrongKey = (path: Path, wanted: string): Finding => ({
  path,
  at: 'key',
  found: `the name ${sayFound(path.at(-1))}`,
  wanted,
  todo: 'rename it',
});

/** Where a mapping was written, what is wrong within it says more than that nothing fits. */
const unionFindings = (issue: Union, path: Path, value: unknown): Finding[] => {
  const found = valueAt(value, path);
  const written = typeof found === 'object' && found !== null ? Object.keys(found).length : 0;
  const within =
    typeof found === 'object' && found !== null ? meantOf(issue.errors.filter(isWithin), written) : undefined;
  if (within !== undefined)
    return findingsOf(
      within.map((inner) => ({ ...inner, path: [...path, ...inner.path] })),
      value,
    );
  const options = issue.errors.flatMap((inner) => inner.flatMap(optionsOf));
  return [{ path, at: 'value', found: sayFound(found), wanted: issue.message, todo: nextFor(found, options) }];
};

type Union = Extract<Issue, { code: 'invalid_union' }>;

/**
 * Of several mappings the one that was meant: it knows most of the names that were written, and misses least; where none
 * knows any, the one whose name is nearest to one of them.
 */
const meantOf = (forms: Issue[][], written: number): Issue[] | undefined => {
  if (forms.length <= 1) return forms[0];
  const [best] = forms.toSorted((a, b) => strangeIn(a).length - strangeIn(b).length || a.length - b.length);
  if (best !== undefined && strangeIn(best).length < Math.max(1, written)) return best;
  return forms.find((form) => strangeIn(form).some(({ key, known }) => suggest(key, known) !== null));
};

/** The names that a form does not know, at its own place. */
const strangeIn = (form: Issue[]): { key: string; known: string[] }[] =>
  form.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0
      ? issue.keys.map((key) => ({ key, known: issue.message.split(', ') }))
      : [],
  );

const isWithin = (issues: Issue[]): boolean =>
  issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys');

const optionsOf = (issue: Issue): string[] => (issue.code === 'invalid_value' ? issue.values.map(String) : []);

const wrongValue = (issue: Issue, path: Path, value: unknown): Finding => {
  const found = valueAt(value, path);
  const duration = issue.message === durationWanted ? likelyDuration(found) : null;
  const todo = duration === null ? nextFor(found, optionsOf(issue)) : `did you mean ${duration}?`;
  return { path, at: 'value', found: sayFound(found), wanted: issue.message, todo };
};

const nextFor = (found: unknown, options: string[]): string => {
  if (found === undefined || found === null) return 'add it';
  const meant = typeof found === 'string' ? suggest(found, options) : null;
  return meant === null ? 'change it' : `did you mean ${JSON.stringify(meant)}?`;
};
