import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { failing, handlerFor, sealing } from '../../../functions/seal-trail/handler.ts';
import { tableOf } from '../../../functions/support/dynamo-table.ts';
import { createTrail } from '../../../functions/support/dynamo-trail.ts';
import { type Environment, laneOf } from '../../../functions/support/environment.ts';
import type { Alert } from '../../../shared/ladder/events.ts';
import type { Trail } from '../../../shared/ports.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { keys } from '../../../shared/trail/keys.ts';
import { groupOf } from '../../harness/drafts.ts';
import { temporary } from '../../harness/product.ts';
import { startTrailTables, type TrailTables } from '../../harness/trail-table.ts';

describe('the sealer, over a table, a directory and a key file', () => {
  let tables: TrailTables;
  let environment: Environment;
  let trail: Trail;
  let data: ReturnType<typeof temporary>;
  let clock: number;
  const now = () => new Date(clock);
  const inArchive = (path: string) => join(data.dir, 'archive', laneOf(environment), path);
  const sealed = (): string => readFileSync(inArchive('checkpoint'), 'utf8').split('\n')[1] ?? '';
  const seal = () => handlerFor(environment, { now, random: () => 0 })();
  const all = async (): Promise<Entry[]> => (await trail.since(0, 1_000)).flatMap(({ entries }) => entries);
  const record = (name: string) => trail.append([groupOf(name)]);

  beforeAll(async () => void (tables = await startTrailTables()));
  afterAll(() => tables.close());
  beforeEach(async () => {
    data = temporary();
    clock = Date.parse('2026-11-21T04:00:00Z');
    const archive = { dir: join(data.dir, 'archive'), bucket: '' };
    environment = { ...(await tables.make()), archive, sealKey: { file: join(data.dir, 'seal.key'), kms: '' } };
    trail = createTrail(environment, { now });
  });
  afterEach(() => data.remove());

  const itemOf = async (n: number) => {
    const { client, name } = tableOf(environment);
    const { pk, sk } = keys.segment(laneOf(environment), n);
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const { Item } = await client.send(new GetItemCommand({ TableName: name, Key }));
    if (Item === undefined) throw new Error(`segment ${n} is not there`);
    return {
      remove: () => client.send(new DeleteItemCommand({ TableName: name, Key })),
      restore: () => client.send(new PutItemCommand({ TableName: name, Item })),
    };
  };

  it('seals what is there, and what came since', async () => {
    await record('a');
    await seal();
    expect(sealed()).toBe('1');
    await record('b');
    await record('c');
    await seal();
    expect(sealed()).toBe('3');
  });

  describe('where only canaries came', () => {
    const canary = (): Promise<unknown> => trail.append([groupOf(`canary#${clock}`, { kind: 'canary.arrived' })]);

    it('seals them together, before the watchdog would call that late', async () => {
      await record('a');
      await seal();
      const sizes: string[] = [];
      for (let minute = 0; minute < 10; minute += 1) {
        clock += 60_000;
        await canary();
        await seal();
        sizes.push(sealed());
      }
      expect(sizes).toEqual(['1', '1', '1', '1', '6', '6', '6', '6', '6', '11']);
    });

    it('seals anything else within the minute, and the canaries before it with it', async () => {
      await record('a');
      await seal();
      clock += 60_000;
      await canary();
      await seal();
      await record('b');
      await seal();
      expect(sealed()).toBe('3');
    });

    it('seals the first entry of a lane at once, whatever it is', async () => {
      await record('a');
      await seal();
      expect(sealed()).toBe('1');
    });

    it('seals at once where there are more than can have come in that time', async () => {
      await record('a');
      await seal();
      for (let n = 0; n < 10; n += 1) await trail.append([groupOf(`canary#${n}`, { kind: 'canary.arrived' })]);
      await seal();
      expect(sealed()).toBe('11');
    });
  });

  it('says that the trail is idle after ten minutes without an entry, not before, and once', async () => {
    await record('a');
    clock += 10 * 60_000 - 1;
    await seal();
    expect((await all()).map(({ kind }) => kind)).toEqual(['test']);
    clock += 1;
    await seal();
    await seal();
    expect((await all()).map(({ kind }) => kind)).toEqual(['test', 'trail.idle']);
    expect(sealed()).toBe('2');
    clock += 10 * 60_000;
    await seal();
    expect((await all()).map(({ kind }) => kind)).toEqual(['test', 'trail.idle', 'trail.idle']);
  });

  it('says nothing of a lane that never began', async () => {
    await seal();
    expect(await all()).toEqual([]);
    expect(existsSync(inArchive('checkpoint'))).toBe(false);
  });

  it('puts a refusal on record once, with an alert that pages, and signs nothing until it is settled', async () => {
    await record('a');
    await seal();
    await record('b');
    await record('c');
    const { remove, restore } = await itemOf(1);
    await remove();
    for (let minute = 0; minute < 3; minute += 1) await seal();
    const told = (await all()).filter(({ kind }) => kind !== 'test');
    expect(told.map(({ kind }) => kind)).toEqual(['seal.refused', 'alert.raised']);
    expect(told[0]).toMatchObject({ outcome: 'failed', detail: { refusal: 'gap', signed: 1 } });
    expect(told[1]?.detail['alert'] as Alert).toMatchObject({
      severity: 'page',
      headline: expect.stringContaining('the lane has a gap') as string,
    });
    expect(sealed()).toBe('1');
    await restore();
    await seal();
    expect(sealed()).toBe('5');
  });

  it('fails as a function whenever it found something, so that the alarm does not hang on what the table says', async () => {
    const call = failing(sealing(environment, { now, random: () => 0 }));
    await record('a');
    await call();
    await record('b');
    await record('c');
    const { remove, restore } = await itemOf(1);
    await remove();
    for (let minute = 0; minute < 2; minute += 1) await expect(call()).rejects.toThrow('the lane has a gap');
    await restore();
    await call();
    writeFileSync(inArchive('tile/0/000.p/5'), 'something else');
    await expect(call()).rejects.toThrow('tile/0/000.p/5');
  });

  it('puts on record, once, that something in the archive is not what was signed', async () => {
    await record('a');
    await record('b');
    await seal();
    const forged = readFileSync(inArchive('checkpoints/2'), 'utf8').replace('\n2\n', '\n1\n');
    writeFileSync(inArchive('checkpoints/1'), forged);
    for (let minute = 0; minute < 2; minute += 1) await seal();
    const told = (await all()).filter(({ kind }) => kind !== 'test');
    expect(told.map(({ kind }) => kind)).toEqual(['trail.altered', 'alert.raised']);
    expect(told[0]?.reason).toBe('in the archive checkpoints/1 is not of the history that is sealed now');
  });

  it('puts a checkpoint of somebody else on record in the same way', async () => {
    await record('a');
    await seal();
    await record('b');
    rmSync(join(data.dir, 'seal.key'));
    const before = readFileSync(inArchive('checkpoint'));
    for (let minute = 0; minute < 2; minute += 1) await seal();
    expect((await all()).map(({ kind }) => kind)).toEqual(['test', 'test', 'seal.refused', 'alert.raised']);
    expect((await all())[2]?.detail).toMatchObject({ refusal: 'checkpoint-not-ours' });
    expect(readFileSync(inArchive('checkpoint'))).toEqual(before);
  });

  it('throws where the archive does not answer, so that it counts as failed: that is no refusal', async () => {
    await record('a');
    writeFileSync(join(data.dir, 'archive'), 'a file where the directory should be');
    await expect(seal()).rejects.toThrow();
    expect((await all()).map(({ kind }) => kind)).toEqual(['test']);
  });
});
