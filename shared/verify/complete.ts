import type { Json } from '../trail/entry.ts';
import { recordIn } from './claims.ts';
import type { Lines } from './lines.ts';
import type { Report } from './report.ts';
import type { Engine } from './source.ts';
import type { Walk } from './walk.ts';

/** When a line says that it was recorded; null where there is none, or it does not say. */
export const recordedAt = (line: Uint8Array | null | undefined): string | null => {
  const at = line == null ? null : recordIn(line, 0, line.length)?.['observedAt'];
  return typeof at === 'string' ? at : null;
};

/** A run that spans what was asked for can lack nothing of it. The export's own entry may stand apart from it. */
export const completeness = (found: Walk, asked: Json): Report['complete'] => {
  const what = typeof asked === 'object' && asked !== null && !Array.isArray(asked) ? asked : {};
  const isOneRun = found.runs === 1 || (found.runs === 2 && found.lastRun === found.last);
  if (what['everything'] === true) return found.runs === 1 && found.first === 0 ? 'yes' : 'no';
  const { since, until } = what;
  if (typeof since !== 'string' || typeof until !== 'string') return 'not provable';
  const first = recordedAt(found.firstLine);
  const end = recordedAt(found.runs === 1 ? found.lastLines.at(-1) : found.lastLines.at(0));
  const begins = found.first === 0 || (first !== null && first < since);
  return isOneRun && begins && (found.runs === 1 || (end !== null && end >= until)) ? 'yes' : 'no';
};

/**
 * What a line that names a large detail has in it. Searched for from behind, a short text that ends in a rare letter
 * costs a tenth of the whole name.
 */
const hint = 'oversiz';

/** The large details that entries name, in order. Most entries name none, and are not read for it. */
export const detailsNamed = (engine: Engine, { bytes, starts, ends }: Lines): string[] => {
  const found: string[] = [];
  let before = ends.at(-1) ?? 0;
  for (let index = starts.length - 1; index >= 0;) {
    const at = engine.findLast(bytes, hint, before - hint.length);
    if (at < (starts[0] ?? 0)) break;
    while ((starts[index] ?? 0) > at) index -= 1;
    const [start, end] = [starts[index] ?? 0, ends[index] ?? 0];
    const sha256 = largeDetailOf(recordIn(bytes, start, end));
    if (sha256 !== null) found.push(sha256);
    before = start;
    index -= 1;
  }
  return found.toReversed();
};

const largeDetailOf = (record: { [field: string]: unknown } | null): string | null => {
  const { oversized } = (record?.['detail'] ?? {}) as { oversized?: { sha256?: unknown } | null };
  const sha256 = oversized?.sha256;
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null;
};
