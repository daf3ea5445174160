import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Config, laddersOf } from '../../shared/config/config.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { inputsOf } from '../../shared/ladder/inputs-of.ts';
import type { EntryItem } from '../../shared/question/answers.ts';
import type { Entry, TrailRecord } from '../../shared/trail/entry.ts';
import { files } from '../../shared/verify/source.ts';
import { type Api, readUntil } from '../api.ts';

/** The time that is rehearsed, as ISO instants. */
export type Period = { since: string | null; until: string | null };

/** What was read: the entries that a rehearsal needs, and the seq from which on decisions are compared. */
export type Gathered = { entries: Entry[]; from: number };

/** Entries asked for at once, and kept in memory at most. */
const linesAtOnce = 1_000;
const keptAtMost = 300_000;

/**
 * Reads the lane of a running product: the period itself, and before it what ladders decided, so that their state is
 * known when it begins.
 */
export const entriesFrom = async (
  api: Api,
  config: Config | null,
  ladders: string[] | null,
  period: Period,
): Promise<Gathered> => {
  const since = period.since ?? new Date(0).toISOString();
  const until = period.until ?? '9999-12-31T00:00:00Z';
  const { first, count }: { first: number; count: number } = await api.get('/api/span', { since, until });
  const kept: Entry[] = [];
  for (let from = first; from < first + count;) {
    const asked = Math.min(linesAtOnce, first + count - from);
    const lines = (await api.text('/api/lines', { from, count: asked })).split('\n').filter((line) => line !== '');
    if (lines.length === 0) break;
    keep(kept, lines, config);
    from += lines.length;
  }
  const before = first === 0 ? [] : await decidedBefore(api, ladders ?? namesIn(config), first, since);
  return { entries: [...before, ...kept], from: first };
};

/** Reads the entries of an evidence pack. */
export const entriesIn = async (dir: string, config: Config | null, { since, until }: Period): Promise<Gathered> => {
  const kept: Entry[] = [];
  let from = Infinity;
  try {
    for await (const line of createInterface({ input: createReadStream(join(dir, files.entries)), crlfDelay: 0 })) {
      const entry = entryOf(line);
      if (until !== null && entry.observedAt >= until) break;
      if (since === null || entry.observedAt >= since) from = Math.min(from, entry.seq);
      keepOne(kept, entry, config);
    }
  } catch (error) {
    if (error instanceof EscalatorError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new EscalatorError('ESC-006', `${dir} cannot be read as an export: ${why}`, 'see escalator export', {
      cause: error,
    });
  }
  return { entries: kept, from };
};

const keep = (kept: Entry[], lines: string[], config: Config | null): void => {
  for (const line of lines) keepOne(kept, entryOf(line), config);
};

const keepOne = (kept: Entry[], entry: Entry, config: Config | null): void => {
  if (!matters(entry, config)) return;
  kept.push(entry);
  if (kept.length > keptAtMost)
    throw new EscalatorError(
      'ESC-007',
      `more than ${keptAtMost} entries would be rehearsed at once`,
      'give --since and --until',
    );
};

/** What decides, or may: most of what is on a trail does not. */
const matters = (entry: Entry, config: Config | null): boolean =>
  entry.source.name === 'escalator' ||
  /^(?:call$|(?:alarm|stage|action|pipeline|reference)\.)/.test(entry.kind) ||
  (config !== null && inputsOf(entry, config).length > 0);

/** A record has all that a decision can ask of an entry; what only a reader of the table knows is left empty. */
const entryOf = (line: string): Entry => {
  const record = JSON.parse(line) as TrailRecord;
  return { ...record, id: `${record.origin}/${record.seq}`, lane: record.origin, segment: 0, hash: '' };
};

/** Clocks of those who decide may differ from those who record by this much. */
const clocksDifferMs = 15 * 60_000;

const namesIn = (config: Config | null): string[] =>
  config === null ? [] : laddersOf(config).map(({ ladder }) => ladder);

const decidedBefore = async (api: Api, ladders: string[], first: number, since: string): Promise<Entry[]> => {
  const until = new Date(Date.parse(since) + clocksDifferMs).toISOString();
  const read = (query: { [name: string]: string }): Promise<EntryItem[]> =>
    readUntil<EntryItem>(api, '/api/entries', { ...query, until, limit: 500 }, () => false);
  const found: EntryItem[] = await read({ kind: 'configuration.loaded' });
  for (const ladder of ladders) found.push(...(await read({ subject: `escalator:ladder/${ladder}` })));
  return found.filter(({ seq }) => seq < first).map(({ says: _, ...entry }) => ({ ...entry, v: 1 as const, prev: '' }));
};
