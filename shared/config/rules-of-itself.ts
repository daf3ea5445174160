import { type Finding, type Path, sayFound, valueAt } from './mistake.ts';

/** What Escalator's own stack calls its functions, and what is to be called like it: its pipeline. */
export const ownName = /^escalator(?:$|[-_])/i;

/** Where a name of something that an action would change stands in a level. */
const named = ['start-pipeline', 'previous-version'];

/**
 * Escalator never acts on itself: who repairs must not be what is repaired. Its functions have names that begin with its
 * stack's, `Escalator-...`; a pipeline called so is taken for the one that delivers it.
 */
export const itselfFindings = (ladder: unknown, path: Path): Finding[] => {
  const levels = valueAt(ladder, ['ladder']);
  const inLevels = (Array.isArray(levels) ? levels : []).flatMap((_, index) =>
    named.flatMap((action) => ownIn(ladder, ['ladder', index, 'do', action], path)),
  );
  return [...ownIn(ladder, ['pipeline'], path), ...inLevels];
};

const ownIn = (ladder: unknown, at: Path, path: Path): Finding[] => {
  const name = valueAt(ladder, at);
  if (typeof name !== 'string' || !ownName.test(name)) return [];
  const wanted = 'something else than what Escalator itself is made of: it never acts on itself';
  const todo = 'rename it if it is yours: names that begin with escalator- are its own';
  return [{ path: [...path, ...at], at: 'value', found: sayFound(name), wanted, todo }];
};
