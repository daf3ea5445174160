/** An IP address as its hexadecimal digits: 8 of IPv4, 32 of IPv6. */
export type Address = string;

/** A range of IP addresses: from the lowest to the highest, both within. */
export type Cidr = { low: Address; high: Address };

/**
 * Reads `10.0.0.0/24` or `2001:db8::/32`. A mask over the whole address is none, as with EventBridge: a literal says
 * the same.
 *
 * @returns the range, or null when the text is none
 */
export const readCidr = (text: string): Cidr | null => {
  const [ip = '', mask = '', ...more] = text.split('/');
  const address = readAddress(ip);
  if (address === null || more.length > 0 || !/^\d{1,3}$/.test(mask)) return null;
  const free = address.length * 4 - Number(mask);
  if (free < 1) return null;
  const low = (BigInt(`0x${address}`) >> BigInt(free)) << BigInt(free);
  const high = low + (1n << BigInt(free)) - 1n;
  return { low: digitsOf(low, address.length), high: digitsOf(high, address.length) };
};

const digitsOf = (number: bigint, length: number): Address => number.toString(16).padStart(length, '0');

/**
 * Whether an address lies in a range. EventBridge's own matcher compares digit by digit and knows no versions: of a
 * longer address the first digits decide, and a shorter one is within when its digits alone leave no doubt.
 */
export const inCidr = ({ low, high }: Cidr, address: Address): boolean => {
  const digits = address.slice(0, low.length);
  if (digits.length === low.length) return low <= digits && digits <= high;
  return low.slice(0, digits.length) < digits && digits < high.slice(0, digits.length);
};

/** Whether an address, of either version, is one of these, compared as {@link inCidr} does. */
export const isAddressOf = (addresses: ReadonlySet<Address>, address: Address): boolean =>
  addresses.has(address) || (address.length === 32 && addresses.has(address.slice(0, 8)));

/** @returns the digits of an address as it is written, or null when the text is none */
export const readAddress = (text: string): Address | null => (text.includes(':') ? readIpv6(text) : readIpv4(text));

const readIpv4 = (text: string): Address | null => {
  if (text.length > 15 || !/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  const parts = text.split('.').map(Number);
  return parts.every((part) => part < 256) ? parts.map((part) => digitsOf(BigInt(part), 2)).join('') : null;
};

const readIpv6 = (text: string): Address | null => {
  const halves = text.split('::');
  if (text.length > 39 || halves.length > 2) return null;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const written = before.length + after.length;
  if (![...before, ...after].every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  if (halves.length === 1 ? written !== 8 : written > 7) return null;
  const groups = [...before, ...Array.from({ length: 8 - written }, () => '0'), ...after];
  const digits = groups.map((group) => group.toLowerCase().padStart(4, '0')).join('');
  return digits.startsWith(mapped) ? digits.slice(mapped.length) : digits;
};

/** What stands before an IPv4 address that is written as one of IPv6 (RFC 4291, 2.5.5.2). */
const mapped = 'ffff'.padStart(24, '0');
