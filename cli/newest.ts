import type { EntryItem, IncidentAnswer, Page } from '../shared/question/answers.ts';
import { EscalatorError } from '../shared/errors.ts';
import type { Api } from './api.ts';

/** The id of the newest incident. Throws ESC-011 when there was none yet. */
export const newestIncident = async (api: Api): Promise<string> => {
  const { items }: Page<IncidentAnswer> = await api.get('/api/incidents', { limit: 1 });
  if (items[0] !== undefined) return items[0].id;
  throw new EscalatorError('ESC-011', 'no incident is on record', 'nothing failed so far');
};

/** The commit that was pushed last. Throws ESC-011 when there was none yet. */
export const newestCommit = async (api: Api): Promise<string> => {
  const pages = await Promise.all(
    ['reference.updated', 'reference.created'].map((kind): Promise<Page<EntryItem>> =>
      api.get('/api/entries', { kind, limit: 20 }),
    ),
  );
  const pushes = pages.flatMap(({ items }) => items).filter(({ change }) => isCommit(change?.commit));
  const newest = pushes.toSorted((a, b) => b.seq - a.seq)[0]?.change?.commit;
  if (newest !== undefined) return newest;
  throw new EscalatorError('ESC-011', 'no change is on record', 'push one, or name a commit');
};

/** Events are put by anybody, and may name as a commit what is none. */
const isCommit = (commit: string | undefined): boolean => /^[0-9a-f]{7,64}$/.test(commit ?? '');
