import type { Engine } from './source.ts';

/** What a line says of its own place: null where it is no record. */
export type Claim = { seq: number; prev: string };

/**
 * What the line says where it is the one that comes next, found without reading it as JSON: canonical JSON has its
 * members in order (RFC 8785), `prev` before `seq`, and nothing between them that could be taken for `seq`. False
 * where it is not, or says it otherwise.
 */
export const follows = (
  engine: Engine,
  bytes: Uint8Array,
  [start, end]: [number, number],
  { seq, prev }: Claim,
): boolean => {
  const at = engine.find(bytes, `,"prev":"${prev}","reason":`, start);
  if (at === -1 || at >= end) return false;
  const found = engine.find(bytes, `,"seq":${seq},"service":`, at);
  return found !== -1 && found < end;
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
