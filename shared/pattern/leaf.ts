import { type Address, isAddressOf, readAddress } from './cidr.ts';
import type { Alternative } from './operators.ts';
import type { Scalar, Test } from './value.ts';

/** What a value must be, or begin or end with, to be one of the alternatives: what an index finds them by. */
export type Opening = { is: Scalar } | { begins: string } | { ends: string };

/** What a pattern asks of one field: any of its alternatives. */
export type Leaf = {
  /** the alternatives as JSON: leaves that are written alike ask the same */
  written: string;
  literals: ReadonlySet<Scalar>;
  addresses: ReadonlySet<Address>;
  tests: readonly Test[];
  /** that there is no such field will do as well */
  absent: boolean;
  /** one for each alternative, or null where one of them has none */
  openings: Opening[] | null;
};

export const leafOf = (alternatives: readonly Alternative[], written: string): Leaf => {
  const openings = alternatives.map(openingOf);
  return {
    written,
    literals: new Set(alternatives.flatMap((one) => ('literal' in one ? [one.literal] : []))),
    addresses: new Set(alternatives.flatMap((one) => ('address' in one ? [one.address] : []))),
    tests: alternatives.flatMap((one) => ('test' in one ? [one.test] : [])),
    absent: alternatives.some((one) => 'absent' in one),
    openings: openings.every((one) => one !== null) ? openings : null,
  };
};

const openingOf = (alternative: Alternative): Opening | null => {
  if ('literal' in alternative) return { is: alternative.literal };
  return ('test' in alternative ? alternative.opening : undefined) ?? null;
};

/** Whether a value is one of the alternatives. Literals cost one look-up, however many there are. */
export const accepts = (leaf: Leaf, value: Scalar): boolean =>
  leaf.literals.has(value) ||
  leaf.tests.some((test) => test(value)) ||
  (leaf.addresses.size > 0 && typeof value === 'string' && hasAddress(leaf.addresses, value));

const hasAddress = (addresses: ReadonlySet<Address>, text: string): boolean => {
  const address = readAddress(text);
  return address !== null && isAddressOf(addresses, address);
};
