import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyDirectory } from '../../cli/verify/run.ts';
import { signerFrom } from './signer.ts';
import { type Files, makePack, writePack } from './make-pack.ts';
import { origin } from './make-trail.ts';
import { type Answer, lacking, script } from './second.ts';

const lacks = lacking();
const place = mkdtempSync(join(tmpdir(), 'second-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const pack = makePack({ seed: 1, size: 40, form: 'everything', details: 1, checkpoints: 2, later: 1 });
const bytesOf = (path: string): Buffer => {
  const file = pack.files.get(path);
  return Buffer.isBuffer(file) ? file : Buffer.alloc(0);
};
const aDetail = [...pack.files.keys()].find((path) => path.startsWith('details/')) ?? '';

let packs = 0;
const written = (...over: [string, Files extends Map<string, infer File> ? File : never][]): string => {
  const dir = join(place, String((packs += 1)));
  mkdirSync(dir);
  writePack(new Map([...pack.files, ...over]), dir);
  return dir;
};

const keyFile = (text: string): string => {
  const path = join(place, `${(packs += 1)}.key`);
  writeFileSync(path, text);
  return path;
};
const key = keyFile(pack.signer.keyFile);

/** The second verifier as a person starts it. */
const run = (dir: string, ...options: string[]): Answer & { status: number | null } => {
  const { status, stdout, stderr } = spawnSync('python3', [script, dir, ...options], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toHaveLength(2);
  return { ...(JSON.parse(stdout) as Answer), status };
};

describe.skipIf(lacks !== null)(`the second verifier at the command line${lacks === null ? '' : `: ${lacks}`}`, () => {
  it('answers in one line, and exits with the code it names', () => {
    expect(run(written(), '--key', key)).toEqual({ exit: 0, status: 0, firstBad: null, why: '' });
    const flipped = Buffer.from(bytesOf('entries.jsonl').toString().replace('"seq":7,', '"seq":8,'));
    expect(run(written(['entries.jsonl', flipped]), '--key', key)).toMatchObject({ exit: 2, status: 2, firstBad: 7 });
    const cut = bytesOf('entries.jsonl').subarray(0, -1);
    expect(run(written(['entries.jsonl', cut]), '--key', key)).toMatchObject({ exit: 3, status: 3, firstBad: 39 });
    const other = keyFile(signerFrom(origin, 2).keyFile);
    expect(run(written(), '--key', other)).toMatchObject({ exit: 4, status: 4, firstBad: null });
  });

  it('finds that a detail is missing which an entry names, though nothing else is wrong', async () => {
    const plan = { ...pack.plan, detailsLeftOut: true };
    const dir = join(place, 'details-left-out');
    writePack(makePack(plan).files, dir);
    expect(run(dir, '--key', key)).toMatchObject({ exit: 3, firstBad: null });
    const { exit, firstBad, problems } = await verifyDirectory({ dir, key });
    expect({ exit, firstBad, problems }).toEqual({
      exit: 3,
      firstBad: null,
      problems: [`${aDetail}, which an entry names, is missing`],
    });
  });

  it('compares with a checkpoint that was kept', () => {
    const [size = 0] = pack.earlier;
    const kept = join(place, 'kept');
    writeFileSync(kept, bytesOf(`checkpoints/${size}`));
    expect(run(written(), '--key', key, '--checkpoint', kept)).toMatchObject({ exit: 0 });
    writeFileSync(kept, pack.signer.note(size, 'ab'.repeat(32)));
    expect(run(written(), '--key', key, '--checkpoint', kept)).toMatchObject({ exit: 2, firstBad: null });
  });
});

describe.skipIf(lacks !== null)('a file of 10 GB that is not there, nearly all of it', { timeout: 60_000 }, () => {
  const sparse = 10 * 1024 ** 3;
  /** Long enough for a busy machine, and much too short for reading 10 GB. */
  const mostMs = 3_000;
  const paths = ['entries.jsonl', 'leaves', 'proof', 'checkpoint', 'SHA256SUMS', 'changes.csv', 'verify.html', aDetail];

  it.each(paths)('is refused without being read: %s', async (path) => {
    for (const before of [bytesOf(path), Buffer.alloc(0)]) {
      const dir = written([path, { before, sparse }]);
      const started = performance.now();
      const first = await verifyDirectory({ dir, key });
      const between = performance.now();
      const second = run(dir, '--key', key);
      expect([first.exit, first.firstBad]).toEqual([second.exit, second.firstBad]);
      expect(second.exit).toBe(2);
      expect(between - started).toBeLessThan(mostMs);
      expect(performance.now() - between).toBeLessThan(mostMs);
    }
  });
});

describe.skipIf(lacks !== null)('what is no file of a pack', { timeout: 10_000 }, () => {
  it('links that lead round and round are told, and not followed', async () => {
    const dir = written(['a', { link: '.' }], ['b', { link: '.' }], ['details/c', { link: '..' }]);
    expect(await verifyDirectory({ dir, key })).toMatchObject({ exit: 2, firstBad: null });
    expect(run(dir, '--key', key)).toMatchObject({ exit: 2, firstBad: null });
  });

  it('a name that another system reads as a path is a stray', async () => {
    const dir = written([aDetail.replace('/', '\\'), bytesOf(aDetail)]);
    expect(await verifyDirectory({ dir, key })).toMatchObject({ exit: 2, firstBad: null });
    expect(run(dir, '--key', key)).toMatchObject({ exit: 2, firstBad: null });
  });
});
