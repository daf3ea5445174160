/**
 * Whether a relative path matches a pattern of a buildspec: a double star for any directories, `*` for anything in
 * one name (dot files too), `?` for one character, a directory's name alone for nothing but a file of that name.
 */
export const matchesGlob = (pattern: string, path: string): boolean => {
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
  return matchSegments(segments, path.split('/'));
};

/** A table row per pattern segment instead of trying all ways: linear in segments times names. */
const matchSegments = (pattern: string[], names: string[]): boolean => {
  let reachable = names.map(() => false).concat(false);
  reachable[0] = true;
  for (const segment of pattern)
    reachable =
      segment === '**'
        ? fromFirst(reachable)
        : oneFurther(reachable, (index) => matchName(segment, names[index] ?? ''));
  return reachable.at(-1) ?? false;
};

const matchName = (pattern: string, name: string): boolean => {
  let reachable = Array.from(name, () => false).concat(false);
  reachable[0] = true;
  for (const character of pattern)
    reachable =
      character === '*'
        ? fromFirst(reachable)
        : oneFurther(reachable, (index) => character === '?' || character === name[index]);
  return reachable.at(-1) ?? false;
};

/** Everything from the first reachable place on. */
const fromFirst = (reachable: boolean[]): boolean[] => {
  const first = reachable.indexOf(true);
  return reachable.map((_, index) => first !== -1 && index >= first);
};

const oneFurther = (reachable: boolean[], fits: (index: number) => boolean): boolean[] =>
  reachable.map((_, index) => index > 0 && reachable[index - 1] === true && fits(index - 1));
