/**
 * How long the template takes, offline: `node bench/synth.ts [rounds]` runs `npx cdk synth` as a user does, from the sources to
 * the template with the bundles of all functions, and prints the time that passed and the CPU it took (of all processes but
 * the bundler's own, whose end nobody waits for). It needs GNU `time`. Exits 1 where the quickest round took longer than the
 * goal: a machine that others use too only makes it slower.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporary } from '../test/harness/product.ts';

const rounds = Number(process.argv[2] ?? 3);
const goalSeconds = 20;
const root = fileURLToPath(new URL('..', import.meta.url));

type Round = { wall: number; cpu: number };

const synthesize = (): Round => {
  const place = temporary();
  const words = ['-f', '%e %U %S', 'npx', 'cdk', 'synth', '--quiet', '--output', join(place.dir, 'out')];
  const { status, stderr } = spawnSync('time', words, { cwd: root, encoding: 'utf8' });
  place.remove();
  if (status !== 0) throw new Error(stderr);
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = (stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { wall, cpu: user + system };
};

const done = Array.from({ length: rounds }, synthesize);
const spread = (of: keyof Round): string => {
  const values = done.map((round) => round[of]);
  return `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)} s`;
};
const quickest = Math.min(...done.map(({ wall }) => wall));
console.log(`cdk synth: ${spread('wall')}, of CPU ${spread('cpu')}; goal ${goalSeconds} s`);
process.exitCode = quickest <= goalSeconds ? 0 : 1;
