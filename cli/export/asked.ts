import { EscalatorError } from '../../shared/errors.ts';
import type { Run } from '../../shared/proof/gaps.ts';
import { extendRuns } from '../../shared/proof/gaps.ts';
import type { EntryItem } from '../../shared/question/answers.ts';
import { type Api, readUntil } from '../api.ts';

/** What an export is of. */
export type Asked = { everything: true } | { since: string; until: string } | { change: string } | { release: string };

export type ExportOptions = { since?: string; until?: string; change?: string; release?: string };

/** Reads what was asked. Throws ESC-007 where it is two things at once. */
export const askedOf = ({ since, until, change, release }: ExportOptions, now: Date): Asked => {
  const period = since !== undefined || until !== undefined;
  const told = [period, change !== undefined, release !== undefined].filter(Boolean).length;
  if (told > 1)
    throw new EscalatorError('ESC-007', 'an export is of a period, a change or a release', 'choose one of them');
  if (change !== undefined) return { change };
  if (release !== undefined) return { release };
  if (!period) return { everything: true };
  return { since: since ?? new Date(0).toISOString(), until: until ?? now.toISOString() };
};

/** Entries of one change or release that are exported, at most. */
const mostEntries = 50_000;

/** `open`: they go on to whatever is recorded until the export itself is. */
export type Wanted = { runs: Run[]; open: boolean };

/** Which entries they are. */
export const wantedBy = async (api: Api, asked: Asked): Promise<Wanted> => {
  if ('everything' in asked || 'since' in asked) {
    const span = 'since' in asked ? asked : { since: '0001-01-01T00:00:00Z', until: '9999-12-31T00:00:00Z' };
    const { open, ...run }: Run & { open: boolean } = await api.get('/api/span', span);
    return { runs: run.count === 0 ? [] : [run], open };
  }
  const query = { ...asked, limit: 500 };
  const found = await readUntil<EntryItem>(api, '/api/entries', query, (_, count) => count >= mostEntries);
  const runs: Run[] = [];
  for (const seq of found.map((entry) => entry.seq).toSorted((a, b) => a - b)) extendRuns(runs, seq);
  return { runs, open: false };
};
