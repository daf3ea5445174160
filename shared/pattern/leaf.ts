import { type Address, isAddressOf, readAddress } from './cidr.ts';
import type { Alternative } from './operators.ts';
import type { Scalar, Test } from './value.ts';

/** What a pattern asks of one field: any of its alternatives. */
export type Leaf = {
  literals: ReadonlySet<Scalar>;
  addresses: ReadonlySet<Address>;
  tests: readonly Test[];
  /** that there is no such field will do as well */
  absent: boolean;
};

export const leafOf = (alternatives: readonly Alternative[]): Leaf => ({
  literals: new Set(alternatives.flatMap((one) => ('literal' in one ? [one.literal] : []))),
  addresses: new Set(alternatives.flatMap((one) => ('address' in one ? [one.address] : []))),
  tests: alternatives.flatMap((one) => ('test' in one ? [one.test] : [])),
  absent: alternatives.some((one) => 'absent' in one),
});

/** Whether a value is one of the alternatives. Literals cost one look-up, however many there are. */
export const accepts = (leaf: Leaf, value: Scalar): boolean =>
  leaf.literals.has(value) ||
  leaf.tests.some((test) => test(value)) ||
  (leaf.addresses.size > 0 && typeof value === 'string' && hasAddress(leaf.addresses, value));

const hasAddress = (addresses: ReadonlySet<Address>, text: string): boolean => {
  const address = readAddress(text);
  return address !== null && isAddressOf(addresses, address);
};
