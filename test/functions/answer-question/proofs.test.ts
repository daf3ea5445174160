import { beforeAll, describe, expect, it } from 'vitest';
import { proofApi } from '../../../functions/answer-question/proofs.ts';
import { sealTrail } from '../../../functions/seal-trail/seal-trail.ts';
import { readKey, readNote, signedBy } from '../../../shared/proof/note.ts';
import { addLeaf, leafHash, rootOf } from '../../../shared/trail/merkle.ts';
import { memoryArchive, memoryCursors, memoryLane, memorySigner } from '../../harness/sealing.ts';
import { leafOf, proves } from '../../shared/proof/rfc6962.ts';

const [lane, archive, signer, cursors] = [memoryLane(), memoryArchive(), memorySigner(), memoryCursors()];
const detail = Buffer.from('{"large":"☃"}');
const detailName = 'ab'.repeat(32);
const objects = {
  put: () => Promise.reject(new Error('nothing is put by a question')),
  get: (sha256: string) => Promise.resolve(sha256 === detailName ? detail : null),
};
const api = proofApi({ lane: lane.port, archive: archive.port, objects, key: () => Promise.resolve(signer.key) });
const ask = async (path: string) => {
  const answer = await api.request(path);
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const told = async (path: string) => {
  const { status, bytes } = await ask(path);
  return {
    status,
    ...(JSON.parse(bytes.toString()) as { error: { code: string; message: string; todo: string | null } }),
  };
};
const json = async <T>(path: string): Promise<T> => JSON.parse((await ask(path)).bytes.toString()) as T;

const minute = (n: number): string => `2026-11-21T10:${String(n).padStart(2, '0')}:00.000Z`;
const lines = () => lane.segments.flatMap((segment) => segment.lines);

beforeAll(async () => {
  // A segment each minute, of seven entries; 280 of them are sealed at 10:39, 300 by 10:42, 307 are there.
  const seal = () => sealTrail({ lane: lane.port, cursors, archive: archive.port, signer });
  for (let n = 0; n < 40; n += 1) lane.append(7, minute(n));
  await seal();
  for (const [n, count] of [7, 7, 6].entries()) lane.append(count, minute(40 + n));
  await seal();
  lane.append(7, minute(43));
});

describe('what a pack is made from', () => {
  it('has the key as a key file, and the newest checkpoint signed by it', async () => {
    const key = readKey((await ask('/api/key')).bytes.toString());
    const note = readNote((await ask('/api/checkpoint')).bytes.toString());
    expect(key).toMatchObject({ name: signer.key.name, id: signer.key.id });
    expect(note === null || key === null ? 'none' : signedBy(note, key)).toBe('good');
    expect(note?.checkpoint.size).toBe(300);
  });

  it('has every checkpoint by its size, and lists those between two', async () => {
    expect((await ask('/api/checkpoints/280')).bytes.toString()).toContain('\n280\n');
    const sizes = async (from: number, to: number) =>
      (await json<{ items: { size: number }[] }>(`/api/checkpoints?from=${from}&to=${to}`)).items.map(
        ({ size }) => size,
      );
    expect(await sizes(0, 1_000)).toEqual([280, 300]);
    expect([await sizes(280, 299), await sizes(281, 299), await sizes(300, 300)]).toEqual([[280], [], [300]]);
  });

  it.each([
    [0, 1],
    [0, 7],
    [3, 8],
    [6, 2],
    [7, 7],
    [299, 8],
    [306, 1_000],
    [0, 1_000],
  ])('has the exact bytes of the lines from %i on, %i at most', async (from, count) => {
    const { status, bytes } = await ask(`/api/lines?from=${from}&count=${count}`);
    const wanted = lines().slice(from, from + count);
    expect(status).toBe(200);
    expect(bytes.equals(Buffer.from(wanted.map((line) => `${line}\n`).join('')))).toBe(true);
    expect(wanted.length).toBeGreaterThan(0);
  });

  it('has nothing, and no error, where the lane has ended', async () => {
    expect(await ask('/api/lines?from=307&count=1')).toEqual({ status: 200, bytes: Buffer.alloc(0) });
  });

  const span = (since: string, until: string) => json<unknown>(`/api/span?since=${since}&until=${until}`);

  it('has the entries of a period with the one before it and the one after it', async () => {
    expect(await span(minute(10), minute(12))).toEqual({ first: 69, count: 1 + 14 + 1, open: false });
  });

  it('takes what was recorded at the beginning of a period as in it, and what was at its end as after it', async () => {
    expect(await span(minute(10), minute(11))).toEqual({ first: 69, count: 1 + 7 + 1, open: false });
    expect(await span('2026-11-21T10:09:59.999Z', '2026-11-21T10:10:00.001Z')).toEqual({
      first: 69,
      count: 9,
      open: false,
    });
    expect(await span('2026-11-21T10:10:00.001Z', '2026-11-21T10:10:59.999Z')).toEqual({
      first: 76,
      count: 2,
      open: false,
    });
  });

  it('says that a period is open where nothing was recorded after it yet', async () => {
    expect(await span(minute(0), minute(44))).toEqual({ first: 0, count: 307, open: true });
    expect(await span(minute(0), minute(43))).toEqual({ first: 0, count: 301, open: false });
    expect(await span('2027-01-01T00:00:00Z', '2027-01-02T00:00:00Z')).toEqual({ first: 306, count: 1, open: true });
    expect(await span('2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z')).toEqual({ first: 0, count: 1, open: false });
  });

  it('has an inclusion proof of each sealed entry, that holds by RFC 9162', async () => {
    const root = Buffer.from(rootOf(lane.segments[42]?.frontier ?? []), 'hex');
    for (const seq of [0, 1, 255, 256, 298, 299]) {
      const { status, bytes } = await ask(`/api/entries/${seq}/proof`);
      const [head, index, ...rest] = bytes.toString().split('\n');
      expect([status, head, index]).toEqual([200, 'c2sp.org/tlog-proof@v1', `index ${seq}`]);
      const proof = rest.slice(0, rest.indexOf('')).map((hash) => Buffer.from(hash, 'base64'));
      expect(proves(leafOf(lines()[seq] ?? ''), seq, 300, proof, root)).toBe(true);
      expect(bytes.toString().endsWith(`\n\n${(await ask('/api/checkpoint')).bytes.toString()}`)).toBe(true);
    }
  });

  it('has the hashes of whole subtrees, in the order asked for', async () => {
    const naive = (level: number, index: number): string => {
      const leaves = lines().slice(index * 2 ** level, (index + 1) * 2 ** level);
      return rootOf(leaves.reduce<string[]>((frontier, line, at) => addLeaf(frontier, at, leafHash(line)), []));
    };
    const asked = [
      [8, 0],
      [0, 299],
      [5, 8],
      [3, 2],
      [0, 0],
    ] as const;
    const of = asked.map(([level, index]) => `${level}.${index}`).join(',');
    const { hashes } = await json<{ hashes: string[] }>(`/api/subtrees?size=300&of=${of}`);
    expect(hashes).toEqual(asked.map(([level, index]) => naive(level, index)));
  });

  it('has the details by the hash of their bytes', async () => {
    expect((await ask(`/api/details/${detailName}`)).bytes.equals(detail)).toBe(true);
    expect(await told(`/api/details/${'0'.repeat(64)}`)).toMatchObject({ status: 404, error: { code: 'ESC-011' } });
  });
});

describe('a question that is not well formed is refused, and what is wrong is named', () => {
  const wrong: [string, string][] = [
    ...['-1', '1.5', 'x', '', '1e16', '0x10', '1e2', '+1', 'NaN', 'Infinity', '-0.1', '%00'].flatMap(
      (bad): [string, string][] => [
        [`/api/lines?from=${bad}&count=1`, 'from'],
        [`/api/lines?from=0&count=${bad}`, 'count'],
        [`/api/subtrees?size=${bad}&of=0.0`, 'size'],
      ],
    ),
    ['/api/lines', 'from'],
    ['/api/lines?from=0', 'count'],
    ['/api/lines?from=0&count=0', 'count'],
    ['/api/lines?from=0&count=1001', 'count'],
    ['/api/lines?from=0&count=1&more=1', 'more'],
    ['/api/span', 'since'],
    ['/api/span?since=yesterday&until=today', 'since'],
    ['/api/span?since=2026-11-21&until=2026-11-22', 'since'],
    ['/api/checkpoints?from=-1&to=1', 'from'],
    ['/api/checkpoints/x', 'the address'],
    ['/api/checkpoints/-1', 'the address'],
    ['/api/checkpoints/..%2Fcheckpoint', 'the address'],
    ['/api/entries/-1/proof', 'the address'],
    ['/api/entries/x/proof', 'the address'],
    ['/api/entries/99999999999999999999/proof', 'the address'],
    ['/api/subtrees?size=300', 'of'],
    ['/api/subtrees?size=300&of=', 'of'],
    ['/api/subtrees?size=300&of=0.-1', 'of'],
    ['/api/subtrees?size=300&of=0.300', '0.300 is not within 300'],
    ['/api/subtrees?size=300&of=9.0', '9.0 is not within 300'],
    ['/api/subtrees?size=300&of=99.0', '99.0 is not within 300'],
    [`/api/subtrees?size=300&of=${Array<string>(501).fill('0.0').join(',')}`, '500 subtrees'],
    ['/api/details/nothing', 'the address'],
    [`/api/details/${'AB'.repeat(32)}`, 'the address'],
    ['/api/details/..%2F..%2Fseal.key', 'the address'],
  ];
  it.each(wrong)('%s: %s', async (path, named) => {
    const { status, error } = await told(path);
    expect([status, error.code]).toEqual([400, 'ESC-012']);
    expect(error.message).toContain(named);
  });
});

describe('what cannot be answered', () => {
  it('as it is not sealed yet is said, and when to ask again', async () => {
    expect(await told('/api/entries/300/proof')).toMatchObject({
      status: 404,
      error: { code: 'ESC-011', message: 'entry 300 is not sealed: the newest checkpoint has 300 entries' },
    });
    expect(await told('/api/checkpoints/299')).toMatchObject({ status: 404 });
  });

  it('as the archive lacks it is said to be the archive, not the question', async () => {
    const tile = archive.held.get('tile/0/000') ?? new Uint8Array();
    archive.held.delete('tile/0/000');
    try {
      const { status, error } = await told('/api/entries/3/proof');
      expect([status, error.code]).toEqual([502, 'ESC-015']);
      expect(error.message).toContain('tile/0/000 is not in the archive');
    } finally {
      archive.held.set('tile/0/000', tile);
    }
  });

  it('of a tree that was never sealed is no hash of something else', async () => {
    // 290 lies between two seals: its partial tile was never written.
    expect(await told('/api/subtrees?size=290&of=0.289')).toMatchObject({ status: 502 });
  });
});
