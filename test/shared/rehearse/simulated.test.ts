import { describe, expect, it } from 'vitest';
import { type Config, laddersOf } from '../../../shared/config/config.ts';
import { pastOf } from '../../../shared/rehearse/past.ts';
import { rehearse } from '../../../shared/rehearse/rehearse.ts';
import { simulate } from '../../simulation/simulate.ts';

const seeds = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 60;

/** The same in every word, and yet another object, under another digest. */
const alike = (config: Config): Config => ({ ...structuredClone(config), digest: 'another' });

describe('whatever happened', () => {
  it('the configuration that decided it would decide it the same, version for version', async () => {
    let compared = 0;
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { entries, configs } = await simulate(seed);
      const [config, changed] = configs;
      if (config === undefined || changed !== undefined) continue;
      const past = pastOf(entries, [config]);
      const again = alike(config);
      for (const service of laddersOf(again)) {
        const lines = rehearse(past, again, service);
        const others = lines.filter(({ type }) => type !== 'same');
        expect({ seed, others }).toEqual({ seed, others: [] });
        compared += lines.length;
      }
    }
    expect(compared).toBeGreaterThan(seeds * 20);
  });
});
