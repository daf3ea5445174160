import type { Engine } from './source.ts';

/** What a line says of its own place: null where it is no record. */
export type Claim = { seq: number; prev: string };

const seqName = ',"seq":';
const prevName = ',"prev":"';
const [comma, quote, zero] = [0x2c, 0x22, 0x30];

/**
 * Whether the line says that it comes next, found without reading it as JSON: canonical JSON has its members in order
 * (RFC 8785), `prev` before `seq`, and behind them nothing that could be taken for either.
 *
 * @param at where the line begins and ends
 */
export const follows = (engine: Engine, bytes: Uint8Array, start: number, end: number, next: Claim): boolean => {
  const seq = engine.findLast(bytes, seqName, end - seqName.length);
  if (seq < start || !isNumber(bytes, seq + seqName.length, next.seq)) return false;
  const prev = engine.findLast(bytes, next.prev, seq);
  return prev > start + prevName.length && isPrev(bytes, prev, next.prev.length);
};

/** Whether the digits from `at` on, and a comma, are this number. */
const isNumber = (bytes: Uint8Array, at: number, wanted: number): boolean => {
  let [value, end] = [0, at];
  for (; bytes[end] !== comma && end < at + 16; end += 1) value = value * 10 + (bytes[end] ?? 0) - zero;
  return value === wanted && end > at;
};

/** Whether what stands there is the value of `prev`. */
const isPrev = (bytes: Uint8Array, at: number, length: number): boolean => {
  for (let back = 1; back <= prevName.length; back += 1)
    if (bytes[at - back] !== prevName.charCodeAt(prevName.length - back)) return false;
  return bytes[at + length] === quote && bytes[at + length + 1] === comma;
};

const decoder = new TextDecoder();

/** A line read in full. */
export const recordIn = (bytes: Uint8Array, start: number, end: number): { [field: string]: unknown } | null => {
  try {
    const record: unknown = JSON.parse(decoder.decode(bytes.subarray(start, end)));
    return typeof record === 'object' && record !== null && !Array.isArray(record)
      ? (record as { [field: string]: unknown })
      : null;
  } catch {
    return null;
  }
};

export const claimOf = (record: { [field: string]: unknown } | null): Claim | null => {
  const { seq, prev } = record ?? {};
  const isClaim = typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0 && typeof prev === 'string';
  return isClaim ? { seq, prev } : null;
};
