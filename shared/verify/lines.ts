import { longestEntry } from '../proof/tiles.ts';
import type { Engine } from './source.ts';

/** Lines within a piece of memory: from `starts[i]` to before `ends[i]`. The byte before a start may be overwritten. */
export type Lines = { bytes: Uint8Array; starts: number[]; ends: number[] };

const newline = 0x0a;

/**
 * Splits what comes in pieces into lines, as many at a time as a piece holds; they are good until the next are asked
 * for. No more than a piece and one line is kept. A last line without its newline is cut off, and is not one.
 *
 * @returns how it ended: `whole`; `cut off` within a line; or `too long` where a line was longer than an entry can be,
 *   and nothing was read after it
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  engine: Pick<Engine, 'memory' | 'nextByte'>,
): AsyncGenerator<Lines, 'whole' | 'cut off' | 'too long'> {
  // One piece of memory for all: a byte of room before the first line, what was left of the last piece, what came.
  let [memory, left] = [engine.memory(0), 0];
  for await (const chunk of chunks) {
    const filled = 1 + left + chunk.length;
    if (memory.length < filled) memory = moved(memory, engine.memory(filled + longestEntry), 1 + left);
    memory.set(chunk, 1 + left);
    const lines = split(memory, filled, engine);
    const isTooLong = cutAtTooLong(lines);
    if (lines.starts.length > 0) yield lines;
    const end = (lines.ends.at(-1) ?? 0) + 1;
    left = filled - end;
    if (left > longestEntry || isTooLong) return 'too long';
    memory.copyWithin(1, end, filled);
  }
  return left === 0 ? 'whole' : 'cut off';
}

const moved = (from: Uint8Array, to: Uint8Array, bytes: number): Uint8Array => {
  to.set(from.subarray(0, bytes));
  return to;
};

const split = (bytes: Uint8Array, filled: number, engine: Pick<Engine, 'nextByte'>): Lines => {
  const lines: Lines = { bytes, starts: [], ends: [] };
  let start = 1;
  for (;;) {
    const end = engine.nextByte(bytes, newline, start);
    if (end === -1 || end >= filled) return lines;
    lines.starts.push(start);
    lines.ends.push(end);
    start = end + 1;
  }
};

/** Leaves out the first line that is too long, and all after it, wherever a piece ended; answers whether there is one. */
const cutAtTooLong = ({ starts, ends }: Lines): boolean => {
  const first = starts.findIndex((start, index) => (ends[index] ?? start) - start > longestEntry);
  if (first === -1) return false;
  starts.length = first;
  ends.length = first;
  return true;
};
