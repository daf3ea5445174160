import { longestEntry } from '../proof/tiles.ts';

/** Lines within a piece of memory: from `starts[i]` to before `ends[i]`. The byte before a start may be overwritten. */
export type Lines = { bytes: Uint8Array; starts: number[]; ends: number[] };

const newline = 0x0a;

/**
 * Splits what comes in pieces into lines, as many at a time as a piece holds. No more than a piece and one line is
 * kept. A last line without its newline is cut off, and is not one.
 *
 * @returns how it ended: `whole`; `cut off` within a line; or `too long` where a line was longer than an entry can be,
 *   and nothing was read after it
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Lines, 'whole' | 'cut off' | 'too long'> {
  let rest = new Uint8Array(0);
  for await (const chunk of chunks) {
    const bytes = room(rest, chunk);
    const { lines, end } = split(bytes);
    if (lines.starts.length > 0) yield lines;
    if (tooLong(lines)) return 'too long';
    rest = bytes.slice(end);
    if (rest.length > longestEntry) return 'too long';
  }
  return rest.length === 0 ? 'whole' : 'cut off';
}

/** What was left, and what came: with a byte of room before the first line. */
const room = (rest: Uint8Array, chunk: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(1 + rest.length + chunk.length);
  bytes.set(rest, 1);
  bytes.set(chunk, 1 + rest.length);
  return bytes;
};

const split = (bytes: Uint8Array): { lines: Lines; end: number } => {
  const lines: Lines = { bytes, starts: [], ends: [] };
  let start = 1;
  for (let end = bytes.indexOf(newline, start); end !== -1; end = bytes.indexOf(newline, start)) {
    lines.starts.push(start);
    lines.ends.push(end);
    start = end + 1;
  }
  return { lines, end: start };
};

const tooLong = ({ starts, ends }: Lines): boolean =>
  starts.some((start, index) => (ends[index] ?? start) - start > longestEntry);
