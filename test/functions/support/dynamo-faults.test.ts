import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getAll, putAll, tableOf } from '../../../functions/support/dynamo-table.ts';
import { createTrail } from '../../../functions/support/dynamo-trail.ts';
import type { Environment } from '../../../functions/support/environment.ts';
import { type Fault, startBetween } from '../../harness/between.ts';
import { groupOf } from '../../harness/drafts.ts';
import { startTrailTables, type TrailTables } from '../../harness/trail-table.ts';

describe('the trail behind a network that loses replies and a table that is throttled', () => {
  let tables: TrailTables;
  const servers: { close: () => void }[] = [];
  beforeAll(async () => {
    tables = await startTrailTables();
  });
  afterAll(() => {
    tables.close();
    for (const server of servers) server.close();
  });

  const behind = async (fault: Fault): Promise<{ direct: Environment; faulty: Environment }> => {
    const direct = await tables.make();
    const server = await startBetween(direct.endpoint ?? '', fault);
    servers.push(server);
    return { direct, faulty: { ...direct, endpoint: server.endpoint } };
  };

  it('records a group once, and says so, when the reply to its put was lost', async () => {
    let puts = 0;
    const { direct, faulty } = await behind((operation) => ({ lose: operation === 'PutItem' && (puts += 1) === 1 }));
    const trail = createTrail(faulty, { random: () => 0 });
    const recorded = await trail.append([groupOf('a'), groupOf('b')]);
    expect(recorded.map(({ status, place }) => [status, place.segment])).toEqual([
      ['recorded', 0],
      ['recorded', 0],
    ]);
    expect(puts).toBe(1);
    expect(await createTrail(direct).since(0, 10)).toHaveLength(1);
  });

  it('writes every item that a throttled table left unprocessed', async () => {
    const { direct, faulty } = await behind((operation, asked) => {
      if (operation !== 'BatchWriteItem') return {};
      const [[table, items]] = Object.entries(asked['RequestItems'] as { [table: string]: unknown[] }) as [
        [string, unknown[]],
      ];
      const left = items.slice(10);
      return {
        pass: { ...asked, RequestItems: { [table]: items.slice(0, 10) } },
        reply: (answer) => ({ ...answer, UnprocessedItems: left.length === 0 ? {} : { [table]: left } }),
      };
    });
    const items = Array.from({ length: 60 }, (_, n) => ({ pk: 'p', sk: String(n) }));
    await putAll(tableOf(faulty), items);
    expect(await getAll(tableOf(direct), items)).toHaveLength(60);
  });

  it('reads every key that a throttled table left unprocessed: an unanswered marker is not an absent one', async () => {
    const { direct, faulty } = await behind((operation, asked) => {
      if (operation !== 'BatchGetItem') return {};
      type Keys = { Keys: unknown[]; ConsistentRead: boolean };
      const [[table, wanted]] = Object.entries(asked['RequestItems'] as { [table: string]: Keys }) as [[string, Keys]];
      const left = wanted.Keys.slice(7);
      return {
        pass: { ...asked, RequestItems: { [table]: { ...wanted, Keys: wanted.Keys.slice(0, 7) } } },
        reply: (answer) => ({
          ...answer,
          UnprocessedKeys: left.length === 0 ? {} : { [table]: { ...wanted, Keys: left } },
        }),
      };
    });
    const groups = Array.from({ length: 30 }, (_, n) => groupOf(`f#${n}`));
    await createTrail(direct).append(groups);
    await createTrail(faulty).append(groups);
    expect(await createTrail(direct).since(1, 1)).toEqual([]);
  });
});
