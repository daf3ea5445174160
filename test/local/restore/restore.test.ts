import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handlerFor as sealTrail } from '../../../functions/seal-trail/handler.ts';
import { createCursors } from '../../../functions/support/dynamo-cursors.ts';
import { createTimers } from '../../../functions/support/dynamo-timers.ts';
import { createTrail } from '../../../functions/support/dynamo-trail.ts';
import { type Environment, laneOf } from '../../../functions/support/environment.ts';
import { archiveOf, signerOf } from '../../../functions/support/seals.ts';
import { type Restored, restoreTrail } from '../../../local/restore/restore.ts';
import { readers } from '../../../shared/trail/readers.ts';
import { draftOf, groupOf } from '../../harness/drafts.ts';
import { temporary } from '../../harness/product.ts';
import { askable } from '../../harness/questions.ts';
import { startTrailTables, type TrailTables } from '../../harness/trail-table.ts';

describe('restoring the trail from its archive', () => {
  let tables: TrailTables;
  let was: Environment;
  let data: ReturnType<typeof temporary>;
  beforeAll(async () => void (tables = await startTrailTables()));
  afterAll(() => tables.close());
  beforeEach(async () => {
    data = temporary();
    const archive = { dir: join(data.dir, 'archive'), bucket: '' };
    was = { ...(await tables.make()), archive, sealKey: { file: join(data.dir, 'seal.key'), kms: '' } };
  });
  afterEach(() => data.remove());

  const seal = (environment: Environment): Promise<void> => sealTrail(environment, { random: () => 0 })();
  const record = async (environment: Environment, from: number, to: number): Promise<void> => {
    const trail = createTrail(environment);
    for (let n = from; n < to; n += 1)
      await trail.append([
        { key: `f#${n}`, entries: [draftOf({ reason: `entry ${n}` }), draftOf({ service: 'shop' })] },
      ]);
  };
  const hashes = async (environment: Environment): Promise<string[]> =>
    (await createTrail(environment).since(0, 10_000)).flatMap(({ entries }) => entries.map(({ hash }) => hash));
  const restoreInto = async (environment: Environment): Promise<Restored> =>
    restoreTrail({
      environment,
      archive: archiveOf(was),
      key: (await signerOf(was)).key,
      by: 'ada',
      now: () => new Date('2026-11-21T12:00:00Z'),
      progress: () => {},
    });
  const another = async (): Promise<Environment> => ({ ...was, table: (await tables.make()).table });

  it('brings back every sealed entry byte for byte, and says until when, and what came after is lost', async () => {
    await record(was, 0, 150);
    await seal(was);
    const sealed = await hashes(was);
    await record(was, 150, 153);
    const is = await another();
    const { size, sealedUntil } = await restoreInto(is);
    expect(size).toBe(300);
    const [entries, [said]] = [
      (await hashes(is)).slice(0, size),
      (await createTrail(is).latest(1e9, 1))[0]?.entries ?? [],
    ];
    expect(entries).toEqual(sealed);
    expect(said).toMatchObject({
      kind: 'trail.restored',
      seq: 300,
      actor: { name: 'ada' },
      detail: { size: 300, sealedUntil },
    });
  });

  it('answers what it answered: the index and the markers are made anew', async () => {
    await record(was, 0, 150);
    await seal(was);
    const before = askable(was);
    await before.index();
    const is = await another();
    await restoreInto(is);
    const after = askable(is);
    const ids = async (world: typeof before): Promise<string[]> =>
      (await world.items('service=shop')).map(({ hash }) => hash);
    expect(await ids(after)).toEqual(await ids(before));
    expect(await createTrail(is).append([{ key: 'f#7', entries: [draftOf({ reason: 'again' })] }])).toMatchObject([
      { status: 'stood', place: { seq: 14, count: 2 } },
    ]);
  });

  it('goes on: the sealer signs what comes after over what was restored', async () => {
    await record(was, 0, 3);
    await seal(was);
    const is = await another();
    await restoreInto(is);
    await createTrail(is).append([groupOf('next')]);
    await seal(is);
    expect((await archiveOf(is).checkpoints()).map(({ size }) => size)).toEqual([6, 8]);
  });

  it('sets nothing in motion again, but what a ladder waits for is waited for', async () => {
    const due = (time: string, version: number) =>
      draftOf({ kind: 'timer.set', environment: 'production', service: 'shop', detail: { version, due: time } });
    await createTrail(was).append([
      { key: 'ladder/production/shop#1', entries: [due('2026-11-21T00:00:00.000Z', 1)] },
      { key: 'ladder/production/shop#2', entries: [due('2026-11-21T01:00:00.000Z', 2)] },
    ]);
    await seal(was);
    const is = await another();
    await restoreInto(is);
    expect(await createTimers(is).due('2026-12-01T00:00:00.000Z', 10)).toEqual([
      { ladder: 'production/shop', version: 2, name: 'decide', due: '2026-11-21T01:00:00.000Z' },
    ]);
    expect(await createCursors(is).get(readers.react)).toBe(1);
  });

  it('writes nothing into a table that has entries', async () => {
    await record(was, 0, 1);
    await seal(was);
    await expect(restoreInto(was)).rejects.toMatchObject({
      code: 'ESC-051',
      message: expect.stringContaining('has entries') as string,
    });
    expect(await hashes(was)).toHaveLength(2);
  });

  const inArchive = (path: string): string => join(data.dir, 'archive', laneOf(was), path);

  it.each([
    ['a bundle is gone', () => rmSync(inArchive('tile/entries/000.p/4')), 'tile/entries/000.p/4 is not in the archive'],
    [
      'a bundle holds something else',
      () => writeFileSync(inArchive('tile/entries/000.p/4'), '\0\u0001a\0\u0001b\0\u0001c\0\u0001d'),
      'not those that were signed',
    ],
    [
      'the newest checkpoint says something else',
      () => writeFileSync(inArchive('checkpoints/4'), 'escalator\n5\n'),
      'is not signed by',
    ],
  ])('writes nothing where %s', async (_, damage, words) => {
    await record(was, 0, 2);
    await seal(was);
    damage();
    const is = await another();
    await expect(restoreInto(is)).rejects.toMatchObject({
      code: 'ESC-051',
      message: expect.stringContaining(words) as string,
    });
    expect(await hashes(is)).toEqual([]);
  });

  it('is not led back by a name checkpoint that somebody set to an older one', async () => {
    await record(was, 0, 1);
    await seal(was);
    const older = await archiveOf(was).get('checkpoint');
    await record(was, 1, 2);
    await seal(was);
    writeFileSync(inArchive('checkpoint'), older ?? '');
    expect((await restoreInto(await another())).size).toBe(4);
  });
});
