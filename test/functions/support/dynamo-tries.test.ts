import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTries } from '../../../functions/support/dynamo-tries.ts';
import type { Tries } from '../../../shared/ports.ts';
import { startTrailTables, type TrailTables } from '../../harness/trail-table.ts';

describe('the count of what was begun, in the table', () => {
  let tables: TrailTables;
  let tries: Tries;
  beforeAll(async () => {
    tables = await startTrailTables();
    tries = createTries(await tables.make());
  });
  afterAll(() => tables.close());

  const at = (second: number): string => `2026-11-21T12:00:0${second}.000Z`;

  it('takes as many as it may, and then says when the last one was begun', async () => {
    const begun = [1, 2, 3, 4, 5].map((second) => () => tries.begin('alert/a/sre#sent', 3, at(second)));
    const answers = [];
    for (const begin of begun) answers.push(await begin());
    expect(answers).toEqual([null, null, null, at(3), at(3)]);
  });

  it('counts each key by itself', async () => {
    expect(await tries.begin('alert/b/sre#sent', 1, at(1))).toBeNull();
    expect(await tries.begin('alert/b/team#sent', 1, at(2))).toBeNull();
  });

  it('has room for another one where one was called off', async () => {
    await tries.begin('alert/c/sre#sent', 1, at(1));
    await tries.callOff('alert/c/sre#sent');
    expect(await tries.begin('alert/c/sre#sent', 1, at(2))).toBeNull();
    expect(await tries.begin('alert/c/sre#sent', 1, at(3))).toBe(at(2));
  });

  it('lets no more begin than may, of many who begin at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => tries.begin('alert/d/sre#sent', 3, at(1))));
    expect(answers.filter((answer) => answer === null)).toHaveLength(3);
  });
});
