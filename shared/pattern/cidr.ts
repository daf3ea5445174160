/** A range of IP addresses: those whose first `bits` bits are those of `address`. */
export type Cidr = { width: 32 | 128; address: bigint; bits: number };

/** @returns the range of `10.0.0.0/24` or `2001:db8::/32`, or null when the text is none */
export const readCidr = (text: string): Cidr | null => {
  const [ip = '', mask = '', ...more] = text.split('/');
  const address = readIp(ip);
  if (address === null || more.length > 0 || !/^\d{1,3}$/.test(mask)) return null;
  const bits = Number(mask);
  return bits > address.width ? null : { ...address, bits };
};

export const inCidr = (range: Cidr, text: string): boolean => {
  const ip = readIp(text);
  if (ip === null || ip.width !== range.width) return false;
  const shift = BigInt(range.width - range.bits);
  return ip.address >> shift === range.address >> shift;
};

type Ip = Pick<Cidr, 'width' | 'address'>;

const readIp = (text: string): Ip | null => (text.includes(':') ? readIpv6(text) : readIpv4(text));

const readIpv4 = (text: string): Ip | null => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return { width: 32, address: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
};

const readIpv6 = (text: string): Ip | null => {
  const halves = text.split('::');
  if (text.length > 39 || halves.length > 2) return null;
  const [before, after] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const written = [...(before ?? []), ...(after ?? [])];
  if (!written.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  if (halves.length === 1 ? written.length !== 8 : written.length > 7) return null;
  const zeros = Array.from({ length: 8 - written.length }, () => '0');
  const groups = [...(before ?? []), ...zeros, ...(after ?? [])];
  return { width: 128, address: groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n) };
};
