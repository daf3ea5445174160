import { parseArgs } from 'node:util';
import { simulateMany } from './many.ts';
import { storyOf } from './story.ts';

/**
 * `npm run simulate -- --seeds N --seed S`: N runs from seed S on. One run is told as a story; of many, the first that
 * fails is. The last line counts; the exit code is 1 where an invariant was violated.
 */
const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1000' }, seed: { type: 'string' } } });
const number = (name: string, text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number, found ${JSON.stringify(text)}`);
  return Number(text);
};
const from = number('seed', values.seed ?? '1');
const count =
  values.seed !== undefined && process.argv.every((word) => !word.startsWith('--seeds'))
    ? 1
    : number('seeds', values.seeds);

const { seeds, failures, struck } = await simulateMany({ from, count });
for (const { seed, violations } of failures.slice(0, 10)) console.log(`seed ${seed}: ${violations.join('; ')}`);
const told = failures[0]?.seed ?? (count === 1 ? from : null);
if (told !== null) {
  const { simulate } = await import('./simulate.ts');
  console.log(storyOf(await simulate(told)));
}
const crashed = Object.entries(struck).filter(([boundary]) => boundary.includes('(crash '));
console.log(`${seeds} seeds, ${failures.length} violations, ${crashed.length} effect boundaries crashed`);
process.exitCode = failures.length > 0 ? 1 : 0;
