import { generateKeyPairSync, sign } from 'node:crypto';
import type { Cursors, Lane, LaneSegment } from '../../shared/ports.ts';
import { verifierKey } from '../../shared/proof/note.ts';
import type { Archive, Signer } from '../../shared/seal/archive.ts';
import { buildSegment, emptyLane, type Head, linesOf, propose } from '../../shared/trail/segment.ts';
import { draftOf } from './drafts.ts';

const origin = 'escalator/000000000000/us-east-1';
const lane = '000000000000.us-east-1';

/** A lane in memory, whose segments are made as writers make them; a test may change what it holds. */
export const memoryLane = (facts = 'fact') => {
  const segments: LaneSegment[] = [];
  let head: Head = emptyLane;
  const port: Lane = {
    lane,
    origin,
    newest: () => Promise.resolve(segments.at(-1) ?? null),
    segment: (n) => Promise.resolve(segments.find((segment) => segment.n === n) ?? null),
    segments: (from, limit) => Promise.resolve(segments.filter(({ n }) => n >= from).slice(0, limit)),
  };
  /** one more segment, of so many entries */
  const append = (count: number, at = '2026-11-21T00:00:00.000Z'): void => {
    const first = (segments.at(-1)?.first ?? 0) + (segments.at(-1)?.count ?? 0);
    const groups = Array.from({ length: count }, (_, index) =>
      propose({ key: `${facts}#${first + index}`, entries: [draftOf({ reason: `entry ${first + index} ☃` })] }),
    );
    const built = buildSegment(head, groups, { lane, origin, at });
    if (built === null) throw new Error(`${count} entries are too many for a segment`);
    head = built;
    segments.push({ ...built, lines: linesOf(built) });
  };
  return { port, segments, append };
};

/** An archive in memory; `held` is what it holds. `beforeWrite` is called with the path before anything is written. */
export const memoryArchive = (beforeWrite: (path: string) => void = () => {}) => {
  const held = new Map<string, Uint8Array>();
  const port: Archive = {
    get: (path) => Promise.resolve(held.get(path) ?? null),
    putOnce: async (path, body) => {
      await Promise.resolve(beforeWrite(path));
      if (held.has(path)) return false;
      held.set(path, Uint8Array.from(body));
      return true;
    },
    put: async (path, body) => {
      await Promise.resolve(beforeWrite(path));
      held.set(path, Uint8Array.from(body));
    },
    checkpoints: () =>
      Promise.resolve(
        [...held.keys()]
          .filter((path) => path.startsWith('checkpoints/'))
          .map((path) => ({ size: Number(path.slice('checkpoints/'.length)), at: '2026-11-21T00:00:00.000Z' }))
          .toSorted((a, b) => a.size - b.size),
      ),
  };
  return { port, held };
};

/** Signs truly, with a key of its own; `signed` counts. */
export const memorySigner = (name = origin): Signer & { signed: () => number } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  let signed = 0;
  return {
    key: verifierKey(name, Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')),
    sign: (message) => {
      signed += 1;
      return Promise.resolve(sign(null, message, privateKey));
    },
    signed: () => signed,
  };
};

export const memoryCursors = (next = 0): Pick<Cursors, 'get' | 'advance'> & { next: number } => {
  const cursors = {
    next,
    get: () => Promise.resolve(cursors.next),
    advance: (_reader: string, segment: number) => Promise.resolve(void (cursors.next = segment)),
  };
  return cursors;
};
