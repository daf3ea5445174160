import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { questionApi } from '../../../functions/answer-question/answer-question.ts';
import { indexSegments } from '../../../functions/index-trail/index-trail.ts';
import type { EntryItem, Page } from '../../../shared/question/answers.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const start = Date.UTC(2026, 8, 20);

/** Entries recorded one after the other, each so long after (or before) it says that it happened. */
type Told = { sinceLast: number; late: number | null; kind: string };

const late = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -20, max: 20 }).map((minutes) => minutes * minuteMs) },
  { weight: 1, arbitrary: fc.integer({ min: -40, max: 100 }).map((days) => days * dayMs) },
);

const told: fc.Arbitrary<Told> = fc.record({
  sinceLast: fc.oneof(fc.integer({ min: 0, max: 30 * minuteMs }), fc.integer({ min: 0, max: 20 * dayMs })),
  late: fc.option(late, { nil: null, freq: 9 }),
  kind: fc.constantFrom('a', 'b'),
});

const asking = async (all: Told[]) => {
  let now = start;
  const trail = memoryTrail(() => new Date(now));
  const rows = memoryRows();
  const index = indexSegments(rows);
  for (const [n, { sinceLast, late: by, kind }] of all.entries()) {
    now += sinceLast;
    const occurredAt = by === null ? null : new Date(now - by).toISOString();
    await trail.append([{ key: `f#${n}`, entries: [draftOf({ kind, occurredAt })] }]);
  }
  await index(await trail.since(0, 1_000));
  const api = questionApi({ trail, rows }, () => ({}));
  const pages = async (query: string): Promise<number[]> => {
    const seqs: number[] = [];
    let next: string | null = '';
    for (let n = 0; next !== null && n < 100; n += 1) {
      const answer = await api.request(`/api/entries?${query}${next === '' ? '' : `&cursor=${next}`}`);
      const page = (await answer.json()) as Page<EntryItem>;
      seqs.push(...page.items.map(({ seq }) => seq));
      next = page.next;
    }
    return seqs;
  };
  return { pages, entries: trail.entries };
};

describe('what happened in a time', () => {
  it('is found whenever it was recorded, once, newest first, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(told, { minLength: 1, maxLength: 40 }),
        fc.option(fc.integer({ min: -60, max: 400 })),
        fc.option(fc.integer({ min: 0, max: 200 })),
        fc.constantFrom('', 'kind=a'),
        async (all, from, length, kind) => {
          const { pages, entries } = await asking(all);
          const [since, until] = [from, length === null ? null : (from ?? 0) + length].map((days) =>
            days === null ? null : new Date(start + days * 0.9 * dayMs).toISOString(),
          );
          const query = [kind, since && `since=${since}`, until && `until=${until}`].filter(Boolean).join('&');
          const expected = entries.filter((entry) => {
            const at = entry.occurredAt ?? entry.observedAt;
            return (!since || at >= since) && (!until || at <= until) && (kind === '' || entry.kind === 'a');
          });
          expect(await pages(`limit=7&${query}`)).toEqual(expected.map(({ seq }) => seq).toReversed());
        },
      ),
      { numRuns: 300 },
    );
  });
});
