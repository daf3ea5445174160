import { beforeEach, describe, expect, it } from 'vitest';
import { patrol } from '../../../functions/seal-trail/patrol.ts';
import { sealTrail } from '../../../functions/seal-trail/seal-trail.ts';
import type { Lane, LaneSegment } from '../../../shared/ports.ts';
import { signCheckpoint } from '../../../shared/proof/note.ts';
import { leafHash } from '../../../shared/trail/merkle.ts';
import { buildSegment, emptyLane, type Head, linesOf, propose } from '../../../shared/trail/segment.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryArchive, memoryCursors, memorySigner } from '../../harness/sealing.ts';

const place = { lane: 'l', origin: 'escalator/0/r', at: '2026-11-21T00:00:00.000Z' };

/** Segments of three entries each, as they would be stored. */
const segmentsOf = (count: number): LaneSegment[] => {
  const segments: LaneSegment[] = [];
  let head: Head = emptyLane;
  for (let n = 0; n < count; n += 1) {
    const groups = [0, 1, 2].map((at) =>
      propose({ key: `g#${n}.${at}`, entries: [draftOf({ reason: `entry ${n}.${at}` })] }),
    );
    const segment = buildSegment(head, groups, place);
    if (segment === null) throw new Error('too large');
    segments.push({ ...segment, lines: linesOf(segment) });
    head = segment;
  }
  return segments;
};

const laneOf = (segments: LaneSegment[]): Lane => ({
  lane: place.lane,
  origin: place.origin,
  newest: () => Promise.resolve(segments.at(-1) ?? null),
  segment: (n) => Promise.resolve(segments.find((segment) => segment.n === n) ?? null),
  segments: (from, limit) => Promise.resolve(segments.filter(({ n }) => n >= from).slice(0, limit)),
});

describe('what was sealed is compared with the archive, and that with what was signed, a part of it each minute', () => {
  const signer = memorySigner(place.origin);
  let [segments, archive] = [segmentsOf(0), memoryArchive()];
  const look = (random: number) =>
    patrol({ lane: laneOf(segments), archive: archive.port, key: signer.key }, () => random);
  const everywhere = async () => {
    const rounds = await Promise.all(Array.from({ length: 50 }, (_, at) => look(at / 50)));
    return rounds.filter((found) => found !== null);
  };
  const flip = (path: string, at: number): void => {
    const body = archive.held.get(path);
    if (body === undefined) throw new Error(`${path} is not there`);
    const flipped = Uint8Array.from(body);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    archive.held.set(path, flipped);
  };
  const seal = (count: number) => {
    const cursors = memoryCursors();
    return sealTrail({ lane: laneOf(segments.slice(0, count)), cursors, archive: archive.port, signer });
  };

  beforeEach(async () => {
    [segments, archive] = [segmentsOf(100), memoryArchive()];
    for (const count of [40, 41, 100]) await seal(count);
  });

  it('finds nothing where nothing was changed, wherever it looks', async () => {
    for (let at = 0; at < 1; at += 0.02) expect(await look(at)).toBeNull();
  });

  it('looks at each segment as often as at any other, the first and the last too', async () => {
    const seen = segments.map(() => 0);
    const lane = laneOf(segments);
    const watched: Lane = {
      ...lane,
      segments: async (from, limit) => {
        const found = await lane.segments(from, limit);
        for (const { n } of found) seen[n] = (seen[n] ?? 0) + 1;
        return found;
      },
    };
    for (let at = 0; at < 100; at += 1)
      await patrol({ lane: watched, archive: archive.port, key: signer.key }, () => (at + 0.5) / 100);
    expect(new Set(seen)).toEqual(new Set([20]));
  });

  it('looks at so many segments of a long trail that each comes up once a day on average', async () => {
    const [long, asked] = [laneOf(segments), { segments: 0 }];
    const counted: Lane = {
      ...long,
      newest: () => Promise.resolve({ ...(segments[99] as LaneSegment), n: 287_999 }), // 200 days of one a minute
      segments: (_, limit) => Promise.resolve(void (asked.segments += limit)).then(() => []),
    };
    expect(await patrol({ lane: counted, archive: archive.port, key: signer.key }, () => 0.9999)).toBeNull();
    expect(asked.segments).toBe(200);
  });

  it('finds every altered entry in some round, and names it', async () => {
    for (const n of [0, 1, 19, 20, 50, 98, 99]) {
      const [segment, line] = [segments[n], segments[n]?.lines[1] ?? ''];
      if (segment === undefined) throw new Error('no such segment');
      segment.lines[1] = line.replace('"kind":"', '"kind":"x');
      expect((await everywhere())[0]).toMatchObject({ entry: { seq: 3 * n + 1, segment: n } });
      segment.lines[1] = line;
    }
  });

  it('finds an entry that was taken out, and a segment', async () => {
    const last = segments[99]?.lines.pop();
    expect(await look(0.9)).toMatchObject({ entry: { seq: 299, found: null } });
    segments[99]?.lines.push(last ?? '');
    segments.splice(97, 1);
    expect(await look(0.9)).toMatchObject({ entry: { seq: 293, found: null } });
  });

  it('finds an entry that was altered in the archive and in the table alike', async () => {
    const segment = segments[10];
    if (segment === undefined) throw new Error('no such segment');
    segment.lines[1] = (segment.lines[1] ?? '').replace('"kind":"', '"kind":"x');
    const [tile, hash] = [archive.held.get('tile/0/000'), Buffer.from(leafHash(segment.lines[1]), 'hex')];
    const forged = Uint8Array.from(tile ?? []);
    forged.set(hash, 31 * 32);
    archive.held.set('tile/0/000', forged);
    expect((await everywhere())[0]).toEqual({ archive: expect.stringContaining('tile/0/000') });
  });

  it.each(['tile/0/000', 'tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/000', 'tile/entries/001.p/44'])(
    'finds a tile or a bundle that was changed, or is gone: %s',
    async (path) => {
      const body = archive.held.get(path) ?? new Uint8Array();
      flip(path, body.length - 1);
      expect((await everywhere())[0]).toEqual({ archive: expect.any(String) });
      archive.held.delete(path);
      expect((await everywhere())[0]).toEqual({ archive: expect.any(String) });
      archive.held.set(path, body);
      expect(await everywhere()).toEqual([]);
    },
  );

  it('finds a checkpoint that was signed over another history, by whomever', async () => {
    const path = 'checkpoints/123';
    const kept = archive.held.get(path) ?? new Uint8Array();
    const other = { origin: place.origin, size: 123, root: 'ab'.repeat(32) };
    const stranger = memorySigner(place.origin);
    for (const by of [signer, stranger]) {
      archive.held.set(path, Buffer.from(await signCheckpoint(other, by.key, by.sign)));
      expect((await everywhere())[0]).toEqual({ archive: `${path} is not of the history that is sealed now` });
    }
    archive.held.set(path, kept);
    expect(await everywhere()).toEqual([]);
  });

  it('has nothing to compare before the first seal, nor by a checkpoint that is not ours', async () => {
    const stranger = memorySigner(place.origin);
    const forged = { origin: place.origin, size: 300, root: 'ab'.repeat(32) };
    archive.held.set('checkpoint', Buffer.from(await signCheckpoint(forged, stranger.key, stranger.sign)));
    expect(await everywhere()).toEqual([]);
    archive = memoryArchive();
    expect(await everywhere()).toEqual([]);
  });
});
