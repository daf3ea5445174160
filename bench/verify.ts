import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePack } from './pack.ts';

/**
 * Verifying an export (signatures, leaves, root, gaps, prev) beside `openssl dgst -sha256` over the same entries, each a
 * process of its own, one core, in turns. `node bench/verify.ts [entries] [rounds]`
 */
const entries = Number(process.argv[2] ?? 200_000);
const rounds = Number(process.argv[3] ?? 7);
const root = fileURLToPath(new URL('..', import.meta.url));

type Cost = { cpu: number; wall: number; peakMiB: number };

/** User and system seconds of one process, on one core, by GNU time. */
const cost = (command: string, args: string[], wanted: string): Cost => {
  const timed = spawnSync('taskset', ['-c', '0', '/usr/bin/env', 'time', '-f', '%U %S %e %M', command, ...args]);
  const said = timed.stderr.toString().trim().split('\n').at(-1) ?? '';
  if (!timed.stdout.toString().includes(wanted))
    throw new Error(`wrong answer: ${timed.stdout.toString()}${timed.stderr.toString()}`);
  const [user = 0, system = 0, wall = 0, peak = 0] = said.split(' ').map(Number);
  return { cpu: user + system, wall, peakMiB: peak / 1024 };
};

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const spread = (values: number[]): string =>
  `${median(values).toFixed(2)} [${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}]`;

const dir = mkdtempSync(join(tmpdir(), 'escalator-bench-'));
try {
  const key = await writePack(join(dir, 'pack'), entries);
  execFileSync('npm', ['run', '-s', 'build:verify'], { cwd: root, stdio: 'ignore' });
  const file = join(dir, 'pack/entries.jsonl');
  const digest = execFileSync('sha256sum', [file]).toString().slice(0, 64);
  const verify = () =>
    cost(process.execPath, [join(root, 'dist/escalator-verify.mjs'), join(dir, 'pack'), '--key', key], 'good');
  const openssl = () => cost('openssl', ['dgst', '-sha256', file], digest);
  verify();
  openssl();
  const pairs = Array.from({ length: rounds }, (_, round) => {
    if (round % 2 === 0) return { ours: verify(), theirs: openssl() };
    const theirs = openssl();
    return { theirs, ours: verify() };
  });
  const report = {
    entries,
    mib: Math.round(statSync(file).size / 1024 / 1024),
    cpuRatio: spread(pairs.map(({ ours, theirs }) => ours.cpu / theirs.cpu)),
    wallRatio: spread(pairs.map(({ ours, theirs }) => ours.wall / theirs.wall)),
    peakMiB: Math.round(median(pairs.map(({ ours }) => ours.peakMiB))),
    bundleKiB: Math.round(statSync(join(root, 'dist/escalator-verify.mjs')).size / 1024),
    goal: 'at most 3.0 times openssl, at most 150 MiB, at most 200 KB',
    node: process.version,
    openssl: readFileSync('/dev/null', 'utf8') + execFileSync('openssl', ['version']).toString().trim(),
  };
  console.log(JSON.stringify(report, null, 2));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
