import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBetween } from '../../harness/between.ts';
import { countCapacity } from '../../harness/capacity.ts';
import { type Cost, costsOf, laneIn, longTrail, newestQuestions, oldQuestions } from '../../harness/long-trail.ts';
import { startTrailTables, type TrailTables } from '../../harness/trail-table.ts';

type Costs = { [question: string]: Cost };

describe('what a question costs, in items and read units as DynamoDB counts them', { timeout: 120_000 }, () => {
  let tables: TrailTables;
  let close = (): void => {};
  const [old, newest]: [Costs[], Costs[]] = [[], []];

  beforeAll(async () => {
    tables = await startTrailTables();
    const direct = laneIn(await tables.make());
    const { fault, capacity } = countCapacity();
    const between = await startBetween(direct.endpoint ?? '', fault);
    close = between.close;
    const environment = { ...direct, endpoint: between.endpoint };
    const trail = longTrail(direct);
    for (const entries of [1_000, 10_000]) {
      await trail.growTo(entries);
      old.push(await costsOf(environment, capacity, oldQuestions));
      newest.push(await costsOf(environment, capacity, newestQuestions(entries, trail.newest())));
    }
  }, 120_000);
  afterAll(() => {
    close();
    tables.close();
  });

  it.each(Object.keys(oldQuestions))('does not grow with the trail: %s', (question) => {
    const [short, long] = old.map((costs) => costs[question]);
    expect(long).toEqual(short);
    expect(question === 'a common kind, where it never was' || (short?.items ?? 0) > 0).toBe(true);
  });

  it.each(Object.keys(newestQuestions(1_000, new Date(0).toISOString())))(
    'does not grow with the trail: %s',
    (question) => {
      const [short, long] = newest.map((costs) => costs[question]);
      expect(long?.items).toBe(short?.items);
      expect(long?.units).toBeLessThanOrEqual((short?.units ?? 0) + 1); // numbers of more digits take more bytes
    },
  );
});
