/**
 * Which of the known names somebody most likely meant: the nearest by edits (insert, delete, replace, swap of
 * neighbours), if it is near enough to be a slip, else one that begins alike.
 *
 * @returns null when no name comes near: a wild guess misleads more than none
 */
export const suggest = (written: string, known: string[]): string | null => {
  if (written.length > longestName) return null;
  const lower = written.toLowerCase();
  const ranked = known
    .map((name) => ({ name, edits: editsBetween(lower, name.toLowerCase()) }))
    .toSorted((a, b) => a.edits - b.edits);
  const [nearest] = ranked;
  if (nearest === undefined) return null;
  if (nearest.edits <= Math.max(1, Math.floor(written.length / 3))) return nearest.name;
  const [alike] = known.toSorted((a, b) => prefixOf(lower, b) - prefixOf(lower, a));
  return alike !== undefined && prefixOf(lower, alike) >= 3 ? alike : null;
};

/** How many letters two names begin with in common. */
const prefixOf = (lower: string, name: string): number => {
  const differs = Array.from(lower).findIndex((letter, index) => letter !== name[index]?.toLowerCase());
  return differs < 0 ? lower.length : differs;
};

/** Comparing takes time by the product of the lengths, and no name is longer. */
const longestName = 100;

/** Optimal string alignment distance, a row of the table at a time. */
const editsBetween = (a: string, b: string): number => {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row.push(nextCell({ a, b, i, j, row, above, before }));
    [before, above] = [above, row];
  }
  return above[b.length] ?? 0;
};

type Cell = { a: string; b: string; i: number; j: number; row: number[]; above: number[]; before: number[] };

const nextCell = ({ a, b, i, j, row, above, before }: Cell): number => {
  const replace = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return Math.min(at(row, j - 1) + 1, at(above, j) + 1, replace, swapped ? at(before, j - 2) + 1 : Infinity);
};

const at = (cells: number[], index: number): number => cells[index] ?? Infinity;
