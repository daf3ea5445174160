import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handlerFor } from '../../../functions/index-trail/handler.ts';
import { createCursors } from '../../../functions/support/dynamo-cursors.ts';
import { createTrail } from '../../../functions/support/dynamo-trail.ts';
import { type Environment, sourceOf } from '../../../functions/support/environment.ts';
import { followLane } from '../../../shared/trail/follow.ts';
import { startBetween } from '../../harness/between.ts';
import { type Capacity, countCapacity, total } from '../../harness/capacity.ts';
import { startTrailTables, type TrailTables } from '../../harness/trail-table.ts';
import { workload } from '../../harness/workload.ts';

/** Units that DynamoDB says were consumed, by what was written, an entry: nothing here depends on the machine. */
describe('write units an entry, all in: segment, markers, index rows, cursors of two readers', () => {
  let tables: TrailTables;
  const closing: (() => void)[] = [];
  beforeAll(async () => {
    tables = await startTrailTables();
  });
  afterAll(() => {
    tables.close();
    for (const close of closing) close();
  });

  const counted = async (): Promise<{ environment: Environment; capacity: Capacity }> => {
    const direct = await tables.make();
    const { fault, capacity } = countCapacity();
    const { endpoint, close } = await startBetween(direct.endpoint ?? '', fault);
    closing.push(close);
    return { environment: { ...direct, endpoint }, capacity };
  };

  /** Appends so many at a time, the readers following each; answers units an entry by what was written. */
  const unitsAnEntry = async (batches: number, batch: number, warm: boolean): Promise<{ [what: string]: number }> => {
    const { environment, capacity } = await counted();
    const group = workload();
    const cursors = createCursors(environment);
    const index = handlerFor(environment);
    let trail = createTrail(environment);
    const react = followLane({
      trail: createTrail(environment),
      cursors,
      reader: 'react',
      source: sourceOf(environment),
      handle: () => Promise.resolve(),
    });
    for (let from = 0; from < batches * batch; from += batch) {
      if (!warm) trail = createTrail(environment);
      await trail.append(Array.from({ length: batch }, (_, n) => group(from + n)));
      await index();
      await react();
    }
    const entries = batches * batch;
    const lines = [...capacity.written].map(([what, units]): [string, number] => [what, units / entries]);
    return { ...Object.fromEntries(lines), all: total(capacity.written) / entries };
  };

  it('are at most 2.6 in batches of 100', async () => {
    const units = await unitsAnEntry(20, 100, true);
    expect(units['marker']).toBe(1);
    expect(units['all']).toBeLessThanOrEqual(2.6);
  });

  it.each([true, false])(
    'are at most 12 one by one, the writer that wrote the last one being here: %s',
    async (warm) => {
      const units = await unitsAnEntry(150, 1, warm);
      expect(units['marker']).toBe(1);
      expect(units['all']).toBeLessThanOrEqual(12);
    },
  );
});
