import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failing } from '../../functions/seal-trail/handler.ts';
import { createCursors } from '../../functions/support/dynamo-cursors.ts';
import { laneOf } from '../../functions/support/environment.ts';
import { alteredMark } from '../../shared/seal/refusals.ts';
import { keys } from '../../shared/trail/keys.ts';
import { startTrailTables, type TrailTables } from '../harness/trail-table.ts';
import { alterText, reasons, rewriteFrom, saying, without } from './forge.ts';
import { startWorld, type World } from './world.ts';

describe('whoever can write to the table', () => {
  let tables: TrailTables;
  let world: World;
  const lie = (line: string): string => line.replace('"reason":"b"', '"reason":"B"');

  beforeAll(async () => void (tables = await startTrailTables()));
  afterAll(() => tables.close());
  beforeEach(async () => void (world = await startWorld(tables)));
  afterEach(() => world.close());

  it('alters an entry before it is sealed: the next seal refuses, and signs nothing', async () => {
    await world.record('a', 'b', 'c');
    await alterText(world, 1, lie);
    expect(await world.seal()).toEqual([expect.stringMatching(/another hash|does not name the one before/)]);
    expect((await world.entries()).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['seal.refused', 'alert.raised']),
    );
    expect(await world.run('key')).toMatchObject({ code: 0 });
    expect(await world.export('pack')).toMatchObject({ code: 1, err: expect.stringContaining('ESC-014') });
  });

  it('writes everything since the last seal anew, consistent in itself: it is signed, and nobody finds it', async () => {
    await world.record('a');
    await world.seal();
    await world.record('b', 'c');
    await rewriteFrom(world, 1, saying(1, 'a lie'));
    expect(await world.sealAndLookEverywhere()).toEqual([]);
    await world.export('pack');
    expect(await world.verify('pack')).toMatchObject({ code: 0, out: expect.stringContaining('complete: yes') });
    expect(world.read('pack', 'entries.jsonl')).toContain('a lie');
  });

  it('writes anew what was sealed, consistent in itself: the next seal refuses', async () => {
    await world.record('a', 'b', 'c');
    await world.seal();
    await rewriteFrom(world, 1, saying(1, 'a lie'));
    expect((await world.seal())[0]).toContain('differ');
    await world.record('d');
    expect((await world.seal())[0]).toContain('does not name the one before it');
  });

  it('alters an entry that was sealed: the look each minute finds and names it', async () => {
    await world.record('a', 'b', 'c');
    await world.seal();
    await alterText(world, 1, lie);
    expect(await world.seal()).toEqual([expect.stringContaining('"seq":1')]);
    expect((await world.entries()).find(({ kind }) => kind === 'trail.altered')).toMatchObject({
      reason: 'entry 1 in segment 1 of the table is not the one that was signed',
    });
  });

  it('alters an entry of a long trail: a look elsewhere does not find it, a look there does, and each look is drawn', async () => {
    await world.record(...Array.from({ length: 45 }, (_, n) => (n === 30 ? 'b' : `fact ${n}`)));
    await world.seal();
    await alterText(world, 30, lie);
    world.clock.random = 0;
    expect(await world.seal()).toEqual([]);
    world.clock.random = 0.5;
    expect(await world.seal()).toEqual([expect.stringContaining('"seq":30')]);
  });

  it('alters an entry that was sealed: verify names it in every pack that holds it', async () => {
    await world.record('a', 'b', 'c');
    await world.seal();
    await alterText(world, 1, lie);
    for (const [name, asked] of [
      ['all', []],
      ['day', ['--since', '1d']],
    ] as const) {
      expect(await world.export(name, ...asked)).toMatchObject({ code: 1 });
      expect(await world.verify(name)).toMatchObject({
        code: 2,
        out: expect.stringMatching(/first bad +entry 1\n/),
      });
    }
  });

  it('takes a sealed entry out and writes the rest anew, or cuts the end off: the next seal refuses', async () => {
    await world.record('a', 'b', 'c');
    await world.seal();
    await rewriteFrom(world, 1, without(1));
    expect((await world.seal())[0]).toContain('fewer entries than were signed');
    const other = await startWorld(tables);
    await other.record('a', 'b', 'c');
    await other.seal();
    for (const n of [2, 1, 0]) await other.table.removeSegment(n);
    expect((await other.seal())[0]).toContain('fewer entries than were signed');
    await other.close();
  });

  it('alters an entry that was sealed and puts it back before anybody looks: nobody finds it', async () => {
    await world.record('a', 'b', 'c');
    await world.seal();
    const before = await world.table.segment(1);
    await alterText(world, 1, lie);
    expect(reasons(await world.entries())).toEqual(['a', 'B', 'c']);
    await world.table.put(before);
    expect(await world.sealAndLookEverywhere()).toEqual([]);
    await world.export('pack');
    expect(await world.verify('pack')).toMatchObject({ code: 0 });
  });

  it('puts a forged entry at the end: it is signed like any other, and cannot be taken away again', async () => {
    await world.record('a');
    await world.recordDraft('pipeline#forged', {
      kind: 'approval.given',
      actor: { type: 'person', id: 'arn:aws:iam::000000000000:user/bob', name: 'bob', verified: true },
    });
    await world.seal();
    await world.export('pack');
    expect(await world.verify('pack')).toMatchObject({ code: 0 });
    expect(world.read('pack', 'entries.jsonl')).toContain('approval.given');
    await rewriteFrom(world, 1, without(1));
    expect((await world.seal())[0]).toContain('fewer entries than were signed');
  });

  it('puts a marker there for a fact to come: the fact is taken for recorded, and nobody is told', async () => {
    await world.record('a');
    const marker = { key: 'test#b', segment: 0, seq: 0, count: 1, digest: '0'.repeat(64) };
    await world.table.put({ ...keys.marker(laneOf(world.environment), 'test#b'), ...marker });
    await world.record('b');
    expect(reasons(await world.entries())).toEqual(['a']);
    expect(await world.sealAndLookEverywhere()).toEqual([]);
  });

  it('takes a marker away: the fact can be recorded a second time, under the same factKey, for all to see', async () => {
    await world.record('a', 'b', 'c');
    await world.table.remove(keys.marker(laneOf(world.environment), 'test#a'));
    await world.record('a');
    expect((await world.entries()).map(({ factKey }) => factKey)).toEqual(['test#a', 'test#b', 'test#c', 'test#a']);
    await world.seal();
    await world.export('pack');
    expect(world.read('pack', 'entries.jsonl').match(/"factKey":"test#a"/g)).toHaveLength(2);
  });

  it('alters the rows that lists are made from: lists follow, packs of a period do not', async () => {
    await world.record('a', 'b', 'c');
    await world.run('trail');
    for (const n of [0, 1, 2]) await world.table.remove(await rowOf(world, n));
    expect((await world.run('trail', '--kind', 'test')).out).not.toContain('test#b');
    expect(await world.export('pack', '--since', '1d')).toMatchObject({ code: 0 });
    expect(world.read('pack', 'entries.jsonl')).toContain('"factKey":"test#b"');
    expect((await world.verify('pack')).out).toContain('complete: yes');
  });

  it('keeps an alert back: the call of the sealer fails all the same, and says why, for an alarm that is not in the table', async () => {
    await world.record('a', 'b', 'c');
    await world.seal();
    await world.table.removeSegment(1);
    await createCursors(world.environment).advance('react', 1_000_000);
    for (let minute = 0; minute < 3; minute += 1) await expect(failing(world.seal)()).rejects.toThrow(alteredMark);
  });
});

/** The row under which a list of entries of the kind `test` finds a segment. */
const rowOf = async (world: World, n: number) => {
  const { pk, sk } = keys.row(laneOf(world.environment), 'kind:test', String(n).padStart(12, '0'));
  return world.table.get({ pk, sk });
};
