import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { patrol } from '../../../functions/seal-trail/patrol.ts';
import { sealTrail } from '../../../functions/seal-trail/seal-trail.ts';
import type { Lane, LaneSegment } from '../../../shared/ports.ts';
import { verifierKey } from '../../../shared/proof/note.ts';
import type { Archive } from '../../../shared/seal/archive.ts';
import { buildSegment, emptyLane, type Head, linesOf, propose } from '../../../shared/trail/segment.ts';
import { draftOf } from '../../harness/drafts.ts';

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

const memoryArchive = (): Archive => {
  const held = new Map<string, Uint8Array>();
  return {
    get: (path) => Promise.resolve(held.get(path) ?? null),
    putOnce: (path, body) => Promise.resolve(held.has(path) ? false : (held.set(path, body), true)),
    put: (path, body) => Promise.resolve(void held.set(path, body)),
    checkpoints: () => Promise.resolve([]),
  };
};

describe('what was sealed is compared with the archive, a part of it each minute', () => {
  let [segments, archive]: [LaneSegment[], Archive] = [[], memoryArchive()];
  const look = (random: number) => patrol({ lane: laneOf(segments), archive }, () => random);

  beforeEach(async () => {
    segments = segmentsOf(100);
    archive = memoryArchive();
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const x = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const signer = {
      key: verifierKey(place.origin, x),
      sign: (text: Uint8Array) => Promise.resolve(sign(null, text, privateKey)),
    };
    const cursors = { get: () => Promise.resolve(0), advance: () => Promise.resolve() };
    await sealTrail({ lane: laneOf(segments), cursors, archive, signer });
  });

  it('finds nothing where nothing was changed, wherever it looks', async () => {
    for (let at = 0; at < 1; at += 0.01) expect(await look(at)).toBeNull();
  });

  it('finds every altered entry in some round, and names it', async () => {
    for (const n of [0, 1, 19, 20, 50, 98, 99]) {
      const [segment, line] = [segments[n], segments[n]?.lines[1] ?? ''];
      if (segment === undefined) throw new Error('no such segment');
      segment.lines[1] = line.replace('"kind":"', '"kind":"x');
      const rounds = await Promise.all(Array.from({ length: 100 }, (_, at) => look(at / 100)));
      expect(rounds.find((found) => found !== null)).toMatchObject({ seq: 3 * n + 1, segment: n });
      segment.lines[1] = line;
    }
  });

  it('finds an entry that was taken out, and a segment', async () => {
    const last = segments[99]?.lines.pop();
    expect(await look(0.999)).toMatchObject({ seq: 299, found: null });
    segments[99]?.lines.push(last ?? '');
    segments.splice(97, 1);
    expect(await look(0.999)).toMatchObject({ seq: 293, found: null });
  });

  it('has nothing to compare before the first seal', async () => {
    archive = memoryArchive();
    expect(await look(0)).toBeNull();
  });
});
