import { beforeEach, describe, expect, it } from 'vitest';
import type { Misdated } from '../../../functions/seal-trail/misdated.ts';
import { sealTrail } from '../../../functions/seal-trail/seal-trail.ts';
import { readNote, signCheckpoint, signedBy } from '../../../shared/proof/note.ts';
import { entriesIn } from '../../../shared/proof/tiles.ts';
import { edgeRoot } from '../../../shared/seal/edge.ts';
import { readEdge } from '../../../shared/seal/read-tree.ts';
import { type Refusal, SealRefused } from '../../../shared/seal/refusals.ts';
import { rootOf } from '../../../shared/trail/merkle.ts';
import { memoryArchive, memoryCursors, memoryLane, memorySigner } from '../../harness/sealing.ts';

const signer = memorySigner();
let [lane, archive, cursors] = [memoryLane(), memoryArchive(), memoryCursors()];
const seal = () => sealTrail({ lane: lane.port, cursors, archive: archive.port, signer });
const contents = (held = archive.held) =>
  [...held].map(([path, body]) => [path, Buffer.from(body).toString('hex')]).toSorted();

/** Why the lane is not signed; that nothing was signed or published for it goes with it. */
const refusal = async (): Promise<Refusal | 'sealed'> => {
  const [signed, published] = [signer.signed(), archive.held.get('checkpoint')];
  try {
    await seal();
    return 'sealed';
  } catch (error) {
    if (!(error instanceof SealRefused)) throw error;
    expect(signer.signed()).toBe(signed);
    expect(archive.held.get('checkpoint')).toEqual(published);
    return error.refusal;
  }
};

/** Entries of a trail that a tile of the first level, and the beginning of a second, are full of. */
const growTo = (size: number): void => {
  for (let left = size - (lane.segments.at(-1)?.first ?? 0) - (lane.segments.at(-1)?.count ?? 0); left > 0; left -= 7)
    lane.append(Math.min(7, left));
};

beforeEach(() => {
  [lane, archive, cursors] = [memoryLane(), memoryArchive(), memoryCursors()];
});

describe('a seal', () => {
  it('signs the size and the root that the writers kept', async () => {
    growTo(300);
    expect(await seal()).toEqual({
      checkpoint: { origin: lane.port.origin, size: 300, root: rootOf(lane.segments.at(-1)?.frontier ?? []) },
      added: 300,
    });
    const note = readNote(Buffer.from(archive.held.get('checkpoint') ?? []).toString());
    expect(note === null ? 'none' : signedBy(note, signer.key)).toBe('good');
    expect(archive.held.get('checkpoints/300')).toEqual(archive.held.get('checkpoint'));
  });

  it('puts the exact bytes of every entry into the archive, and the tree over them', async () => {
    growTo(300);
    await seal();
    const bundles = ['tile/entries/000', 'tile/entries/001.p/44'].map(
      (path) => archive.held.get(path) ?? new Uint8Array(),
    );
    const entries = bundles.flatMap((bundle) => entriesIn(bundle) ?? []).map((entry) => Buffer.from(entry).toString());
    expect(entries).toEqual(lane.segments.flatMap(({ lines }) => lines));
    expect(edgeRoot(await readEdge(archive.port, 300))).toBe(rootOf(lane.segments.at(-1)?.frontier ?? []));
  });

  it('of a lane with nothing in it signs nothing', async () => {
    const signed = signer.signed();
    expect(await seal()).toEqual({ checkpoint: null, added: 0 });
    expect([signer.signed(), archive.held.size]).toEqual([signed, 0]);
  });

  it('with nothing new signs nothing again and writes nothing', async () => {
    growTo(10);
    const first = await seal();
    const [signed, before] = [signer.signed(), contents()];
    expect(await seal()).toEqual({ checkpoint: first.checkpoint, added: 0 });
    expect([signer.signed(), contents()]).toEqual([signed, before]);
  });

  it('after growth covers what came since, and keeps every earlier checkpoint', async () => {
    for (const size of [1, 255, 256, 257, 300, 511, 512, 520]) {
      growTo(size);
      expect((await seal()).checkpoint?.size).toBe(size);
    }
    expect((await archive.port.checkpoints()).map(({ size }) => size)).toEqual([1, 255, 256, 257, 300, 511, 512, 520]);
  });

  it('of a lane that grew long goes step by step, so that not all of it is held in memory; the last covers all', async () => {
    for (let n = 0; n < 400; n += 1) lane.append(100);
    const { checkpoint, added } = await seal();
    expect([checkpoint?.size, added]).toEqual([40_000, 40_000]);
    expect(checkpoint?.root).toBe(rootOf(lane.segments.at(-1)?.frontier ?? []));
    const sizes = (await archive.port.checkpoints()).map(({ size }) => size);
    expect(sizes.length).toBeGreaterThan(1);
    const bytes = lane.segments.flatMap(({ lines }) => lines).map((line) => Buffer.byteLength(line));
    const steps = sizes.map((size, step) =>
      bytes.slice(sizes[step - 1] ?? 0, size).reduce((sum, line) => sum + line, 0),
    );
    expect(Math.max(...steps)).toBeLessThan(17 * 1024 * 1024);
  });

  it.each([0, 1, 5, 44, 1_000, 999_999_999])('seals the same with its cursor at %i, lost or wrong', async (wrong) => {
    growTo(200);
    await seal();
    growTo(300);
    cursors.next = wrong;
    expect((await seal()).checkpoint).toEqual({
      origin: lane.port.origin,
      size: 300,
      root: rootOf(lane.segments.at(-1)?.frontier ?? []),
    });
    expect(entriesIn(archive.held.get('tile/entries/001.p/44') ?? new Uint8Array())).toHaveLength(44);
  });
});

describe('a time of recording that goes back', () => {
  const told: Misdated[] = [];
  const sealing = () =>
    sealTrail({
      lane: lane.port,
      cursors,
      archive: archive.port,
      signer,
      misdated: (found) => Promise.resolve(void told.push(found)),
    });
  beforeEach(() => void told.splice(0));

  it.each([1, 256, 300])(
    'by more than five minutes is told before it is signed, after %i that were: once',
    async (size) => {
      for (let left = size; left > 0; left -= 100) lane.append(Math.min(100, left), '2026-11-21T00:10:00.000Z');
      await sealing();
      lane.append(2, '2026-11-21T00:04:59.999Z');
      lane.append(1, '2026-11-21T00:12:00.000Z');
      await sealing();
      await sealing();
      expect(told).toEqual([{ seq: size, observedAt: '2026-11-21T00:04:59.999Z', after: '2026-11-21T00:10:00.000Z' }]);
    },
  );

  it('by five minutes or less is how clocks differ', async () => {
    lane.append(1, '2026-11-21T00:10:00.000Z');
    lane.append(1, '2026-11-21T00:05:00.000Z');
    await sealing();
    expect(told).toEqual([]);
  });
});

describe('a seal that ends in the middle', () => {
  it('at any write, and is done again, comes to the same archive', async () => {
    const whole = async (crashAt: number) => {
      let writes = 0;
      const crashing = memoryArchive(() => {
        writes += 1;
        if (writes === crashAt) throw new Error('the power is gone');
      });
      const own = memoryLane();
      const ports = { lane: own.port, cursors: memoryCursors(), archive: crashing.port, signer };
      let crashes = 0;
      for (const count of [40, 30]) {
        for (let segments = 0; segments < 7; segments += 1) own.append(count);
        await sealTrail(ports).catch((error: unknown) => {
          if (!String(error).includes('power')) throw error;
          crashes += 1;
          return sealTrail(ports);
        });
      }
      return { held: contents(crashing.held), writes, crashes };
    };
    const { held, writes } = await whole(0);
    expect(writes).toBeGreaterThan(10);
    for (let crashAt = 1; crashAt <= writes; crashAt += 1) {
      const again = await whole(crashAt);
      expect([crashAt, again.crashes]).toEqual([crashAt, 1]);
      expect(again.held).toEqual(held);
    }
  });

  it('and the lane has grown before it is done again, comes to a checkpoint over all', async () => {
    let writes = 0;
    archive = memoryArchive(() => {
      writes += 1;
      if (writes === 2) throw new Error('the power is gone');
    });
    growTo(300);
    await expect(seal()).rejects.toThrow('power');
    growTo(320);
    expect((await seal()).checkpoint?.size).toBe(320);
  });
});

describe('a lane is not signed', () => {
  const segmentAt = (n: number) => {
    const segment = lane.segments[n];
    if (segment === undefined) throw new Error(`there is no segment ${n}`);
    return segment;
  };
  const altered = (line: string): string => line.replace('"kind":"test"', '"kind":"tess"');

  beforeEach(async () => {
    growTo(280); // 40 segments of 7
    await seal();
    growTo(350); // 10 more, not sealed yet
  });

  it('that has fewer entries than were signed: shrank', async () => {
    lane.segments.splice(39);
    expect(await refusal()).toBe('shrank');
    lane.segments.splice(0);
    expect(await refusal()).toBe('shrank');
  });

  it.each([40, 41, 45, 48])('that lacks segment %i: gap', async (n) => {
    lane.segments.splice(n, 1);
    expect(await refusal()).toBe('gap');
  });

  it('that lacks an entry in a segment: gap', async () => {
    segmentAt(44).lines.splice(3, 1);
    expect(await refusal()).toBe('gap');
  });

  it('whose segment says that it begins elsewhere: gap', async () => {
    segmentAt(44).first += 1;
    expect(await refusal()).toBe('gap');
  });

  it('where an entry was put in the place of another: chain-broken', async () => {
    const { lines } = segmentAt(44);
    [lines[2], lines[3]] = [lines[3] ?? '', lines[2] ?? ''];
    expect(await refusal()).toBe('chain-broken');
  });

  it.each(['', '{', 'null', '"text"', '[]', '{"seq":310}'])(
    'where an entry was made into %j: chain-broken',
    async (text) => {
      segmentAt(44).lines[2] = text;
      expect(await refusal()).toBe('chain-broken');
    },
  );

  it("where only an entry's bytes were changed: the next does not follow, or the head is another", async () => {
    const { lines } = segmentAt(44);
    const line = lines[2] ?? '';
    lines[2] = altered(line);
    expect(lines[2]).not.toBe(line);
    expect(await refusal()).toBe('chain-broken');
    lines[2] = line;
    const last = segmentAt(49).lines;
    last[6] = altered(last[6] ?? '');
    expect(await refusal()).toBe('roots-differ');
  });

  it('where only the frontier was changed: roots-differ', async () => {
    segmentAt(49).frontier[0] = 'ab'.repeat(32);
    expect(await refusal()).toBe('roots-differ');
  });

  it('where the frontier was changed and nothing is new: roots-differ', async () => {
    lane.segments.splice(40);
    segmentAt(39).frontier[0] = 'ab'.repeat(32);
    expect(await refusal()).toBe('roots-differ');
  });

  it('that was written anew, consistent in itself: what is new does not follow what was signed', async () => {
    lane = memoryLane('other facts');
    growTo(350);
    expect(await refusal()).toBe('chain-broken');
    lane = memoryLane('other facts');
    growTo(280);
    expect(await refusal()).toBe('roots-differ');
  });

  it.each(['tile/0/001.p/24', 'tile/1/000.p/1', 'tile/entries/001.p/24'])(
    'where %s in the archive was changed, and is needed: archive-differs',
    async (path) => {
      const body = archive.held.get(path);
      if (body === undefined) throw new Error(`${path} is not there`);
      const changed = Uint8Array.from(body);
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
      archive.held.set(path, changed);
      growTo(600);
      expect(await refusal()).toBe('archive-differs');
    },
  );

  it.each(['tile/0/001.p/24', 'tile/1/000.p/1', 'tile/entries/001.p/24'])(
    'where %s is gone: archive-differs',
    async (path) => {
      expect(archive.held.delete(path)).toBe(true);
      expect(await refusal()).toBe('archive-differs');
    },
  );

  it('where something else lies where a tile is to be: archive-differs', async () => {
    archive.held.set('tile/0/001.p/94', new Uint8Array(94 * 32));
    expect(await refusal()).toBe('archive-differs');
  });

  it('after a checkpoint by another key, for another lane, or that is none: checkpoint-not-ours', async () => {
    const checkpoint = { origin: lane.port.origin, size: 350, root: rootOf(segmentAt(49).frontier) };
    const put = (note: string) => archive.held.set('checkpoint', Buffer.from(note));
    const other = memorySigner();
    put(await signCheckpoint(checkpoint, other.key, other.sign));
    expect(await refusal()).toBe('checkpoint-not-ours');
    const elsewhere = memorySigner('escalator/999999999999/us-east-1');
    put(await signCheckpoint({ ...checkpoint, origin: elsewhere.key.name }, elsewhere.key, elsewhere.sign));
    expect(await refusal()).toBe('checkpoint-not-ours');
    put('what is this');
    expect(await refusal()).toBe('checkpoint-not-ours');
  });

  it('where no checkpoint is left in an archive that had one: archive-differs, and not begun again', async () => {
    archive.held.clear();
    expect(await refusal()).toBe('archive-differs');
    cursors.next = 0; // somebody with the table as well: only a checkpoint kept elsewhere tells
    expect(await refusal()).toBe('sealed');
  });

  it('and nothing is written for it: where the last entry of a tile was altered, its restoring is enough', async () => {
    lane = memoryLane();
    [archive, cursors] = [memoryArchive(), memoryCursors()];
    growTo(200);
    await seal();
    growTo(280);
    const before = contents();
    const { lines, first } = segmentAt(36);
    const line = lines[255 - first] ?? '';
    lines[255 - first] = altered(line);
    expect(await refusal()).toBe('roots-differ');
    expect(contents()).toEqual(before);
    lines[255 - first] = line;
    expect((await seal()).checkpoint?.size).toBe(280);
  });

  it('until it is as it was: then the next seal goes through', async () => {
    const [removed] = lane.segments.splice(44, 1);
    expect(await refusal()).toBe('gap');
    if (removed !== undefined) lane.segments.splice(44, 0, removed);
    expect((await seal()).checkpoint?.size).toBe(350);
  });
});
