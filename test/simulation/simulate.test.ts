import { describe, expect, it } from 'vitest';
import { simulateMany } from './many.ts';
import { simulate } from './simulate.ts';
import { storyOf } from './story.ts';

const seeds = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 1_000;

describe('the whole product in virtual time, with everything going wrong that can', () => {
  it(
    'holds every invariant after every step',
    async () => {
      const { failures, struck, seeds: taken } = await simulateMany({ from: 1, count: seeds });
      expect(taken).toBe(seeds);
      expect(failures.map(({ seed, violations }) => `npm run simulate -- --seed ${seed}: ${violations[0]}`)).toEqual(
        [],
      );
      const crashed = Object.keys(struck).filter((boundary) => boundary.includes('(crash '));
      expect(crashed.length).toBeGreaterThan(60);
    },
    seeds * 200,
  );

  it('is the same run for the same seed, word for word', async () => {
    const [first, second] = [await simulate(7), await simulate(7)];
    expect(storyOf(first)).toBe(storyOf(second));
    expect(JSON.stringify(first.entries)).toBe(JSON.stringify(second.entries));
    expect(storyOf(await simulate(8))).not.toBe(storyOf(first));
  });

  it('comes to messages that go round a topic which takes nothing', async () => {
    const goesRound = async (seed: number): Promise<boolean> =>
      (await simulate(seed)).entries.some(({ kind, detail }) => kind === 'alert.sent' && detail['insteadOf'] === 'sre');
    let seed = 1;
    while (seed < 300 && !(await goesRound(seed))) seed += 1;
    expect(seed).toBeLessThan(300);
  }, 120_000);
});
