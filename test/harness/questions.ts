import { questionApi } from '../../functions/answer-question/answer-question.ts';
import { handlerFor as indexTrail } from '../../functions/index-trail/handler.ts';
import { createRows } from '../../functions/support/dynamo-rows.ts';
import { createTrail } from '../../functions/support/dynamo-trail.ts';
import type { Environment } from '../../functions/support/environment.ts';
import type { EntryItem } from '../../shared/question/answers.ts';
import type { Draft } from '../../shared/trail/entry.ts';

/** A lane in a true table, with its index and what answers over it. */
export const askable = (environment: Environment) => {
  const ports = { trail: createTrail(environment), rows: createRows(environment) };
  const api = questionApi(ports, () => ({ version: 'test' }));
  const text = async (path: string): Promise<string> => (await api.request(path)).text();
  const items = async (query: string): Promise<EntryItem[]> =>
    (JSON.parse(await text(`/api/entries?limit=500&${query}`)) as { items: EntryItem[] }).items;
  return { environment, ports, api, text, items, index: indexTrail(environment) };
};

/** Puts drafts on record, each a second after it happened, so many a segment; they are not in the index yet. */
export const record = async (environment: Environment, drafts: Draft[], perSegment = 1): Promise<void> => {
  for (let n = 0; n < drafts.length; n += perSegment) {
    const some = drafts.slice(n, n + perSegment);
    const happened = some.map(({ occurredAt }) => Date.parse(occurredAt ?? '')).filter((ms) => !Number.isNaN(ms));
    const now = new Date(Math.max(Date.UTC(2026, 10, 20), ...happened) + 1_000);
    await createTrail(environment, { now: () => now }).append(
      some.map((draft, index) => ({ key: `f#${n + index}`, entries: [draft] })),
    );
  }
};
