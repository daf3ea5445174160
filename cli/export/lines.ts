import { EscalatorError } from '../../shared/errors.ts';
import { extendRuns, type Run } from '../../shared/proof/gaps.ts';
import type { TrailRecord } from '../../shared/trail/entry.ts';
import type { Api } from '../api.ts';
import type { PackWriter } from './writer.ts';

/** Entries asked for at once. */
const linesAtOnce = 1_000;

/** What was taken over so far. */
export type Taken = {
  runs: Run[];
  count: number;
  /** SHA-256 of the large details that they name */ details: Set<string>;
};

export const nothingTaken = (): Taken => ({ runs: [], count: 0, details: new Set() });

/** Takes a run of entries over into the pack, byte for byte. Throws ESC-011 where the trail has fewer. */
export const takeLines = async (
  api: Api,
  pack: PackWriter,
  taken: Taken,
  { first, count }: Run,
  each: (record: TrailRecord) => void,
): Promise<void> => {
  for (let from = first; from < first + count;) {
    const asked = Math.min(linesAtOnce, first + count - from);
    const lines = linesIn(await api.bytes('/api/lines', { from, count: asked }));
    if (lines.length === 0) throw new EscalatorError('ESC-011', `the trail has no entry ${from}`);
    for (const line of lines) {
      const record = JSON.parse(line.toString('utf8')) as TrailRecord;
      pack.entry(record.seq, line);
      extendRuns(taken.runs, record.seq);
      taken.count += 1;
      const large = largeDetailOf(record);
      if (large !== null) taken.details.add(large);
      each(record);
    }
    from += lines.length;
  }
};

const newline = 0x0a;

const linesIn = (bytes: Uint8Array): Buffer[] => {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: Buffer[] = [];
  for (let start = 0, end = all.indexOf(newline); end !== -1; start = end + 1, end = all.indexOf(newline, start))
    lines.push(all.subarray(start, end));
  return lines;
};

const largeDetailOf = ({ detail }: TrailRecord): string | null => {
  const large = detail['oversized'];
  const sha256 = typeof large === 'object' && large !== null && !Array.isArray(large) ? large['sha256'] : null;
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null;
};
