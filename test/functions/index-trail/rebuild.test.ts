import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexSegments } from '../../../functions/index-trail/index-trail.ts';
import { createCursors } from '../../../functions/support/dynamo-cursors.ts';
import type { EntryItem, Page } from '../../../shared/question/answers.ts';
import type { SegmentEntries } from '../../../shared/ports.ts';
import { actorName } from '../../../shared/trail/actor-name.ts';
import { askable, record } from '../../harness/questions.ts';
import { seeded, shuffled } from '../../harness/random.ts';
import * as story from '../../harness/story.ts';
import { deleteItems, startTrailTables, type TrailTables } from '../../harness/trail-table.ts';
import { at } from '../../shared/population/given.ts';

/** Everything that can be asked about what is on record: each route, each filter with each value that there is. */
const questionsAbout = (items: EntryItem[]): string[] => {
  const values = (of: (entry: EntryItem) => unknown): string[] => [
    ...new Set(items.map(of).filter((value) => typeof value === 'string')),
  ];
  const filters: [name: string, values: string[]][] = [
    ['kind', values(({ kind }) => kind)],
    ['subject', values(({ subject }) => subject)],
    ['actor', values(({ actor }) => actorName(actor))],
    ['service', values(({ service }) => service)],
    ['environment', values(({ environment }) => environment)],
    ['execution', values(({ execution }) => execution)],
    ['release', values(({ release }) => release)],
    ['incident', values(({ detail }) => detail['incident'])],
    ['change', values(({ change }) => change?.commit)],
    ['since', [at(10), at(30)]],
    ['until', [at(10), at(30)]],
  ];
  const asked = filters.flatMap(([name, all]) => all.map((value) => `${name}=${encodeURIComponent(value)}`));
  const combined = asked.filter((query) => !query.startsWith('kind=')).map((query) => `kind=call&${query}`);
  return [
    ...asked.map((query) => `/api/entries?limit=500&${query}`),
    ...combined.map((query) => `/api/entries?limit=3&${query}`),
    ...items.map(({ seq }) => `/api/entries/${seq}`),
    ...values(({ change }) => change?.commit).flatMap((commit) => [
      `/api/changes/${commit}`,
      `/api/changes/${commit.slice(0, 8)}`,
    ]),
    ...values(({ detail }) => detail['incident']).map((id) => `/api/incidents/${id}`),
    ...['incidents', 'releases', 'alerts'].flatMap((list) =>
      ['', '?service=shop', '?environment=production', '?service=shop&environment=production', '?limit=1'].map(
        (query) => `/api/${list}${query}`,
      ),
    ),
    '/api/entries',
    '/api/about',
  ];
};

describe('the index made anew', { timeout: 60_000 }, () => {
  let tables: TrailTables;
  beforeAll(async () => {
    tables = await startTrailTables();
  });
  afterAll(() => tables.close());

  const asking = async (perSegment: number) => {
    const lane = askable(await tables.make());
    await record(lane.environment, story.wholeStory(), perSegment);
    await lane.index();
    const { items } = JSON.parse(await lane.text('/api/entries?limit=500')) as Page<EntryItem>;
    const questions = questionsAbout(items);
    const answers = (): Promise<[string, string][]> => {
      const { text } = askable(lane.environment);
      return Promise.all(
        questions.map(async (question): Promise<[string, string]> => [question, await text(question)]),
      );
    };
    return { ...lane, answers };
  };

  it.each([1, 7])('gives every answer byte for byte, %d entries a segment, when all rows are deleted', async (n) => {
    const { environment, answers, index } = await asking(n);
    const before = await answers();
    const errors = before.filter(([, answer]) => answer.startsWith('{"error"'));
    expect(errors).toEqual([]);
    expect(before.length).toBeGreaterThan(120);
    expect(await deleteItems(environment, 'ASK#', 'CURSOR#')).toBeGreaterThan(50);
    expect(await answers()).not.toEqual(before);
    await (n === 1 ? index : askable(environment).index)(); // who has been here all along, and who is new
    expect(await answers()).toEqual(before);
  });

  it('is made complete where rows were made before the index was what it is now', async () => {
    const { environment, ports, answers } = await asking(3);
    const before = await answers();
    const rows = await deleteItems(environment, 'ASK#', 'CURSOR#');
    await createCursors(environment).advance('index-trail', 1_000);
    await take(ports.rows, (await ports.trail.since(0, 1_000)).slice(0, 5));
    await askable(environment).index();
    expect(await answers()).toEqual(before);
    expect(rows).toBeGreaterThan(100);
  });

  it('gives every answer when three runners make it at once', async () => {
    const { environment, answers } = await asking(3);
    const before = await answers();
    await deleteItems(environment, 'ASK#', 'CURSOR#');
    await Promise.all([1, 2, 3].map(() => askable(environment).index()));
    expect(await answers()).toEqual(before);
  });

  it('gives every answer when segments come again, in any order, by a runner that is behind', async () => {
    const { ports, answers } = await asking(3);
    const before = await answers();
    const segments = await ports.trail.since(0, 1_000);
    for (const seed of [1, 2]) {
      const random = seeded(seed);
      await take(ports.rows, shuffled([...segments, ...segments.slice(0, 10)], random));
      expect(await answers()).toEqual(before);
    }
  });

  it('gives every answer when runners leave off anywhere and others begin again from the start', async () => {
    const { environment, ports, answers } = await asking(3);
    const before = await answers();
    const segments = await ports.trail.since(0, 1_000);
    await deleteItems(environment, 'ASK#', 'CURSOR#');
    for (let reached = 0; reached < segments.length; reached += 5)
      await take(ports.rows, segments.slice(0, reached + 5));
    expect(await answers()).toEqual(before);
  });
});

const take = async (rows: Parameters<typeof indexSegments>[0], segments: SegmentEntries[]): Promise<void> => {
  const index = indexSegments(rows);
  // One, two, three, ... at a time: what is taken in together changes no answer.
  for (let from = 0, count = 1; from < segments.length; from += count, count = (count % 7) + 1)
    await index(segments.slice(from, from + count));
};
