import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handlerFor as indexTrail } from '../../../functions/index-trail/handler.ts';
import { createCursors } from '../../../functions/support/dynamo-cursors.ts';
import { createRows } from '../../../functions/support/dynamo-rows.ts';
import { createTrail } from '../../../functions/support/dynamo-trail.ts';
import type { Environment } from '../../../functions/support/environment.ts';
import { watchPath } from '../../../functions/watch-path/watch-path.ts';
import { factsIn } from '../../../shared/event/facts-in.ts';
import { readers } from '../../../shared/trail/readers.ts';
import { canaryDetail, canaryDetailType, canarySource } from '../../../shared/watch/canary.ts';
import { startTrailTables, type TrailTables } from '../../harness/trail-table.ts';
import { context } from '../../shared/event/harness.ts';

describe('the watch, over a table', () => {
  let tables: TrailTables;
  let environment: Environment;
  let sent: string[];
  let lines: { [name: string]: unknown }[];
  let clock: number;
  const now = () => new Date(clock);

  beforeAll(async () => void (tables = await startTrailTables()));
  afterAll(() => tables.close());
  beforeEach(async () => {
    environment = await tables.make();
    [sent, lines, clock] = [[], [], Date.parse('2026-11-21T04:00:00Z')];
  });

  const watch = (send = async (at: string) => void sent.push(at)) =>
    watchPath({
      trail: createTrail(environment),
      cursors: createCursors(environment),
      rows: createRows(environment),
      send,
      write: (line) => lines.push(line as (typeof lines)[number]),
      now,
    })();

  /** As the bus delivers it to record-change. */
  const arrive = async (at: string) => {
    const event = { 'detail-type': canaryDetailType, source: canarySource, detail: canaryDetail(at) };
    const rest = { version: '0', id: `c-${at}`, account: '000000000000', region: 'us-east-1', time: at, resources: [] };
    const { groups } = factsIn(JSON.stringify({ ...rest, ...event }), context);
    await createTrail(environment, { now }).append(groups);
  };
  const told = (name: string) => lines.flatMap((line) => (name in line ? [line[name]] : []));

  it('sends a canary each time, and says nothing of its age before one has arrived', async () => {
    await watch();
    expect(sent).toEqual(['2026-11-21T04:00:00.000Z']);
    expect(told('CanaryAge')).toEqual([]);
  });

  it('says how old the newest canary is that a question finds: one that is not indexed has not come the whole way', async () => {
    await arrive('2026-11-21T04:00:00.000Z');
    clock += 60_000;
    await watch();
    expect(told('CanaryAge')).toEqual([]);
    await indexTrail(environment)();
    await watch();
    expect(told('CanaryAge')).toEqual([60]);
  });

  it('takes a canary that came twice for one', async () => {
    await arrive('2026-11-21T04:00:00.000Z');
    await arrive('2026-11-21T04:00:00.000Z');
    expect((await createTrail(environment).since(0, 10)).flatMap(({ entries }) => entries)).toHaveLength(1);
  });

  it('says of each reader how long its oldest unread entry has been there', async () => {
    await arrive('2026-11-21T04:00:00.000Z');
    await indexTrail(environment)();
    clock += 120_000;
    await watch();
    const behind = Object.fromEntries(
      lines.filter(({ Reader }) => Reader).map(({ Reader, Behind }) => [Reader, Behind]),
    );
    expect(behind).toEqual({ react: 120, [readers.index]: 0, 'seal-trail': 120 });
  });

  it('says what it found also where the bus takes nothing, and fails loudly', async () => {
    await expect(watch(() => Promise.reject(new Error('the bus took no canary')))).rejects.toThrow('no canary');
    expect(told('Behind')).toHaveLength(3);
  });
});
