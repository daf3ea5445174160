import { cpSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failing } from '../../functions/seal-trail/handler.ts';
import { laneOf } from '../../functions/support/environment.ts';
import { leafHash } from '../../shared/trail/merkle.ts';
import { keys } from '../../shared/trail/keys.ts';
import { startTrailTables, type TrailTables } from '../harness/trail-table.ts';
import { alterText, rewriteFrom, saying } from './forge.ts';
import { startWorld, type World } from './world.ts';

describe('whoever can write to the archive', () => {
  let tables: TrailTables;
  let world: World;

  beforeAll(async () => void (tables = await startTrailTables()));
  afterAll(() => tables.close());
  beforeEach(async () => {
    world = await startWorld(tables);
    await world.record('a', 'b', 'c');
    await world.seal();
  });
  afterEach(() => world.close());

  const archive = () => dirname(world.inArchive('checkpoint'));
  const flip = (path: string): void => {
    const body = readFileSync(world.inArchive(path));
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
    writeFileSync(world.inArchive(path), body);
  };

  it.each(['tile/0/000.p/3', 'tile/entries/000.p/3', 'checkpoints/3', 'checkpoint'])(
    'alters what the next seal goes on from, or the last checkpoint: the next call of the sealer finds it: %s',
    async (path) => {
      flip(path);
      expect(await world.seal()).not.toEqual([]);
    },
  );

  it('alters what a pack would be proved by: the pack does not verify', async () => {
    await world.record(...Array.from({ length: 260 }, (_, n) => `more ${n}`));
    await world.recordDraft('test#z', { change: { repository: 'shop', commit: 'abcdef1234567890' } });
    await world.seal();
    flip('tile/1/000.p/1');
    expect(await world.export('pack', '--change', 'abcdef1234567890')).not.toMatchObject({ code: 0 });
    flip('tile/1/000.p/1');
    expect(await world.seal()).toEqual([]);
    expect(await world.export('good', '--change', 'abcdef1234567890')).toMatchObject({ code: 0 });
  });

  it('alters an entry in the table and in the archive alike, without the key: the look finds that it is not what was signed', async () => {
    await world.record(...Array.from({ length: 260 }, (_, n) => `more ${n}`));
    await world.seal();
    await alterText(world, 1, (line) => line.replace('"reason":"b"', '"reason":"B"'));
    const tile = readFileSync(world.inArchive('tile/0/000'));
    tile.set(Buffer.from(leafHash((await world.lane.segment(1))?.lines[0] ?? ''), 'hex'), 32);
    writeFileSync(world.inArchive('tile/0/000'), tile);
    expect(await world.sealAndLookEverywhere()).toEqual([expect.stringContaining('tile/0/000')]);
  });

  it('empties the archive: nothing is signed until it is put back', async () => {
    cpSync(archive(), world.at('aside'), { recursive: true });
    rmSync(archive(), { recursive: true });
    await world.record('d');
    for (let minute = 0; minute < 2; minute += 1) expect((await world.seal())[0]).toContain('checkpoint is gone');
    cpSync(world.at('aside'), archive(), { recursive: true });
    expect(await world.seal()).toEqual([]);
  });

  it('makes the archive fail to answer: the call of the sealer fails, and after ten minutes the alarm comes', async () => {
    rmSync(archive(), { recursive: true });
    writeFileSync(archive(), 'a file where the archive should be');
    await world.record('d');
    await expect(failing(world.seal)()).rejects.toThrow();
  });

  describe('and to the table too, but cannot sign', () => {
    let kept: string[] = [];
    const olderSize = (): number => Number(world.read('older', 'checkpoint').split('\n')[1]);

    /** The archive is laid aside as it is at five entries, and goes on to seven; somebody keeps that checkpoint. */
    beforeEach(async () => {
      await world.record('d', 'e');
      await world.seal();
      cpSync(archive(), world.at('older'), { recursive: true });
      await world.record('f', 'g');
      await world.export('kept');
      kept = ['--checkpoint', world.at('kept', 'checkpoint')];
    });

    const expectOnlyTheKeptToTell = async () => {
      expect(await world.sealAndLookEverywhere()).toEqual([]);
      expect(await world.export('after')).toMatchObject({ code: 0 });
      expect(await world.verify('after')).toMatchObject({ code: 0 });
      expect(await world.verify('after', ...kept)).toMatchObject({
        code: 2,
        out: expect.stringContaining('the history is not the one you kept the checkpoint of'),
      });
    };

    it('empties the archive and writes the table anew, the cursor too: it is signed as if it began, and only a kept checkpoint tells', async () => {
      rmSync(archive(), { recursive: true });
      await rewriteFrom(world, 1, saying(1, 'a lie'));
      await world.table.remove(keys.cursor(laneOf(world.environment), 'seal-trail'));
      await expectOnlyTheKeptToTell();
    });

    it('puts the archive back as it was and writes anew what came since: it is signed, and only a kept checkpoint tells', async () => {
      rmSync(archive(), { recursive: true });
      cpSync(world.at('older'), archive(), { recursive: true });
      await rewriteFrom(world, olderSize(), saying(olderSize(), 'a lie'));
      await expectOnlyTheKeptToTell();
    });

    it('cannot delete there, but puts an older checkpoint in front and writes anew what came since: the look finds the newer ones', async () => {
      writeFileSync(world.inArchive('checkpoint'), world.read('older', 'checkpoint'));
      await rewriteFrom(world, olderSize(), saying(olderSize(), 'a lie'));
      await world.record('h');
      expect(await world.sealAndLookEverywhere()).toEqual([
        expect.stringContaining('checkpoints/8 is not of the history that is sealed now'),
      ]);
    });

    it('cannot delete there, and does so a day later: no pack that spans both days verifies', async () => {
      const yesterday = new Date(Date.now() - 86_400_000);
      for (const size of readdirSync(world.inArchive('checkpoints')))
        utimesSync(world.inArchive(`checkpoints/${size}`), yesterday, yesterday);
      writeFileSync(world.inArchive('checkpoint'), world.read('older', 'checkpoint'));
      await rewriteFrom(world, olderSize(), saying(olderSize(), 'a lie'));
      await world.record('h');
      await world.export('after');
      expect(await world.verify('after')).toMatchObject({
        code: 2,
        out: expect.stringContaining('checkpoints/8 is of another history'),
      });
    });
  });
});
