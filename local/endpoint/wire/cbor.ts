/**
 * As much of CBOR (RFC 8949) as smithy's rpc-v2-cbor sends and takes: integers, floats, text, byte strings, lists,
 * maps with text keys, booleans, null, and tag 1 for timestamps. It stands here because one client, the AWS CLI's
 * for CloudWatch, speaks it, and that is not worth a dependency.
 */

/** @returns the bytes of a value; a `Date` is tagged epoch seconds, `undefined` members are left out */
export const encodeCbor = (value: unknown): Uint8Array => {
  const chunks: Uint8Array[] = [];
  write(value, chunks);
  return Buffer.concat(chunks);
};

const write = (value: unknown, out: Uint8Array[]): void => {
  if (value === null || value === undefined) out.push(Uint8Array.of(0xf6));
  else if (typeof value === 'boolean') out.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  else if (typeof value === 'number') writeNumber(value, out);
  else if (typeof value === 'string') writeText(value, out);
  else if (value instanceof Uint8Array) out.push(head(2, value.length), value);
  else if (value instanceof Date) {
    out.push(head(6, 1));
    writeNumber(value.getTime() / 1000, out);
  } else if (Array.isArray(value)) {
    out.push(head(4, value.length));
    for (const item of value) write(item, out);
  } else if (typeof value === 'object') writeMap(value, out);
  else throw new TypeError(`CBOR: a ${typeof value} cannot be written`);
};

const writeMap = (value: object, out: Uint8Array[]): void => {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  out.push(head(5, members.length));
  for (const [name, member] of members) {
    writeText(name, out);
    write(member, out);
  }
};

const writeText = (text: string, out: Uint8Array[]): void => {
  const bytes = Buffer.from(text, 'utf8');
  out.push(head(3, bytes.length), bytes);
};

const writeNumber = (value: number, out: Uint8Array[]): void => {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    out.push(value >= 0 ? head(0, value) : head(1, -1 - value));
    return;
  }
  const bytes = Buffer.alloc(9, 0xfb);
  bytes.writeDoubleBE(value, 1);
  out.push(bytes);
};

const head = (major: number, argument: number): Uint8Array => {
  if (argument < 24) return Uint8Array.of((major << 5) | argument);
  const size = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = (major << 5) | (24 + Math.log2(size));
  if (size === 8) bytes.writeBigUInt64BE(BigInt(argument), 1);
  else bytes.writeUIntBE(argument, 1, size);
  return bytes;
};

/** Deeper than any request of AWS's; a bound, since the bytes come from outside. */
const maxDepth = 32;

type Cursor = { bytes: Buffer; at: number };

/**
 * @returns the value; timestamps as epoch seconds, as they come over JSON too
 * @throws Error when the bytes are not one such value
 */
export const decodeCbor = (bytes: Uint8Array): unknown => {
  const cursor = { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  const value = read(cursor, 0);
  if (value === end) throw new Error('CBOR: a break where a value was wanted');
  if (cursor.at !== bytes.length) throw new Error('CBOR: bytes after the end of the value');
  return value;
};

const indefinite = Symbol('indefinite');
const end = Symbol('break');

const read = (cursor: Cursor, depth: number): unknown => {
  if (depth > maxDepth) throw new Error('CBOR: nested too deeply');
  const first = cursor.bytes.readUInt8(cursor.at);
  cursor.at += 1;
  const [major, info] = [first >> 5, first & 0x1f];
  if (major === 7) return readSimple(cursor, info);
  const argument = readArgument(cursor, info);
  if (major < 2 || major === 6) return readPlain(cursor, major, argument, depth);
  if (major === 4) return readItems(cursor, argument, depth);
  if (major === 5) return readMap(cursor, argument, depth);
  return readString(cursor, major, argument, depth);
};

const readArgument = (cursor: Cursor, info: number): number | typeof indefinite => {
  if (info < 24) return info;
  if (info === 31) return indefinite;
  if (info > 27) throw new Error('CBOR: reserved length');
  const size = 2 ** (info - 24);
  const at = cursor.at;
  cursor.at += size;
  return size === 8 ? Number(cursor.bytes.readBigUInt64BE(at)) : cursor.bytes.readUIntBE(at, size);
};

const readPlain = (cursor: Cursor, major: number, argument: number | typeof indefinite, depth: number): unknown => {
  if (argument === indefinite) throw new Error('CBOR: indefinite number');
  if (major === 0) return argument;
  if (major === 1) return -1 - argument;
  return read(cursor, depth + 1); // a tag: of these only timestamps are sent, and their number is what is wanted
};

const readItems = (cursor: Cursor, count: number | typeof indefinite, depth: number): unknown[] => {
  const items: unknown[] = [];
  while (count === indefinite || items.length < count) {
    const item = read(cursor, depth + 1);
    if (item === end) {
      if (count === indefinite) return items;
      throw new Error('CBOR: a break where an item was wanted');
    }
    items.push(item);
  }
  return items;
};

const readMap = (cursor: Cursor, count: number | typeof indefinite, depth: number): { [name: string]: unknown } => {
  const items = readItems(cursor, count === indefinite ? count : count * 2, depth);
  if (items.length % 2 !== 0) throw new Error('CBOR: a key without a value');
  const pairs = Array.from({ length: items.length / 2 }, (_, i) => [String(items[2 * i]), items[2 * i + 1]] as const);
  return Object.fromEntries(pairs);
};

const readString = (cursor: Cursor, major: number, length: number | typeof indefinite, depth: number): unknown => {
  if (length === indefinite) {
    const parts = readItems(cursor, indefinite, depth);
    return major === 3 ? parts.join('') : Buffer.concat(parts as Uint8Array[]);
  }
  const bytes = cursor.bytes.subarray(cursor.at, cursor.at + length);
  if (bytes.length < length) throw new Error('CBOR: the value ends too early');
  cursor.at += length;
  return major === 3 ? bytes.toString('utf8') : bytes;
};

const readSimple = (cursor: Cursor, info: number): unknown => {
  const at = cursor.at;
  if (info === 20 || info === 21) return info === 21;
  if (info === 22 || info === 23) return null;
  if (info === 31) return end;
  if (info < 25 || info > 27) throw new Error('CBOR: unknown simple value');
  cursor.at += 2 ** (info - 24);
  if (info === 27) return cursor.bytes.readDoubleBE(at);
  return info === 26 ? cursor.bytes.readFloatBE(at) : halfFloat(cursor.bytes.readUInt16BE(at));
};

const halfFloat = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
};
