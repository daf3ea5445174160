import { seeded } from '../harness/random.ts';

/** Everything random in one run comes from here, so that a seed is a run. */
export type Chance = {
  /** from 0 to 1 */
  number(): number;
  /** true as often as said, from 0 to 1 */
  is(probability: number): boolean;
  /** from `low` to `high`, evenly */
  between(low: number, high: number): number;
  /** from `low` to `high`, small ones as likely as large ones by their order of magnitude */
  spread(low: number, high: number): number;
  of<T>(values: readonly T[]): T;
  id(): string;
};

export const chanceOf = (seed: number): Chance => {
  const number = seeded(seed);
  const hex = (): string =>
    Math.floor(number() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return {
    number,
    is: (probability) => number() < probability,
    between: (low, high) => Math.round(low + number() * (high - low)),
    spread: (low, high) => Math.round(low * (high / low) ** number()),
    of: (values) => values[Math.floor(number() * values.length)] as (typeof values)[number],
    id: () => `${hex()}${hex()}${hex()}${hex()}${hex()}`,
  };
};
