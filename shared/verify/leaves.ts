import type { Engine, PackSource } from './source.ts';
import { files } from './source.ts';

/** What the file of leaves says: the places of the entries, and their hashes. */
export type Leaf = { seq: number; hash: string };

export const leafBytes = 40;
const seqDigits = 16;

/** As the file has it: the seq in eight bytes, big-endian, and the hash. */
export const leafRecord = ({ seq, hash }: Leaf): string => seq.toString(16).padStart(seqDigits, '0') + hash;

/** The leaves, in order, in pieces; each leaf as `leafRecord` writes it. A last one that is cut off is left out. */
export async function* leavesOf(source: PackSource, { hex }: Pick<Engine, 'hex'>): AsyncGenerator<string[]> {
  let rest = '';
  const digits = 2 * leafBytes;
  for await (const chunk of source.chunks(files.leaves)) {
    const text = rest + hex(chunk);
    const whole = Math.floor(text.length / digits);
    yield Array.from({ length: whole }, (_, index) => text.slice(index * digits, (index + 1) * digits));
    rest = text.slice(whole * digits);
  }
}

export const leafOf = (record: string): Leaf => ({
  seq: Number.parseInt(record.slice(0, seqDigits), 16),
  hash: record.slice(seqDigits),
});

/** Takes from what comes in pieces one at a time; null at its end. */
export const oneByOne = <T>(pieces: AsyncIterator<T[]>): (() => T | null | Promise<T | null>) => {
  let [piece, at]: [T[], number] = [[], 0];
  const next = async (): Promise<T | null> => {
    for (;;) {
      const { value, done } = await pieces.next();
      if (done === true) return null;
      [piece, at] = [value, 0];
      if (piece.length > 0) return piece[at++] ?? null;
    }
  };
  return () => (at < piece.length ? (piece[at++] ?? null) : next());
};
