import type { Test, Wrong } from './value.ts';

type Bound = { operator: string; number: number };

const comparisons: { [operator: string]: (value: number, bound: number) => boolean } = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Reads the operand of `numeric`: one comparison, or a lower bound and an upper. Only numbers can be as it says. */
export const readNumeric = (operand: unknown): { test: Test } | Wrong => {
  const bounds = readBounds(operand);
  if ('wrong' in bounds) return bounds;
  const holds = (value: number) => (bound: Bound) => comparisons[bound.operator]?.(value, bound.number) ?? false;
  return { test: (value) => typeof value === 'number' && bounds.every(holds(value)) };
};

const readBounds = (operand: unknown): Bound[] | Wrong => {
  const wrong = 'numeric must be one comparison such as [">", 0] or a range such as [">=", 1, "<", 5]';
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return { wrong };
  const bounds = [{ operator: operand[0], number: operand[1] }];
  if (operand.length === 4) bounds.push({ operator: operand[2], number: operand[3] });
  for (const { operator, number } of bounds) {
    if (typeof operator !== 'string' || !Object.hasOwn(comparisons, operator)) return { wrong };
    if (!Number.isFinite(number)) return { wrong: `the bound of "${operator}" in numeric must be a number` };
  }
  const [low, high] = bounds as Bound[];
  if (low === undefined || high === undefined) return bounds;
  if (!low.operator.startsWith('>') || !high.operator.startsWith('<')) return { wrong };
  return low.number < high.number
    ? [low, high]
    : { wrong: 'the range in numeric is empty: its lower bound must be less' };
};
