import { beforeAll, describe, expect, it } from 'vitest';
import type { Config, LadderConfig } from '../../../shared/config/config.ts';
import type { Line } from '../../../shared/rehearse/line.ts';
import { pastOf } from '../../../shared/rehearse/past.ts';
import { rehearseAll } from '../../../shared/rehearse/together.ts';
import { type Run, simulate } from '../../simulation/simulate.ts';

const seeds = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 25;
const runs: Run[] = [];
beforeAll(async () => {
  for (let seed = 1; seed <= seeds; seed += 1) runs.push(await simulate(seed));
}, seeds * 1_000);

/** The same in every word, and yet another object, under another digest. */
const alike = (config: Config): Config => ({ ...structuredClone(config), digest: 'another' });

/** Each changes one thing; what is said of it is checked, not what it is. */
const changes: { [what: string]: (ladder: LadderConfig) => Partial<LadderConfig> } = {
  'a longer quiescence': ({ quiescence }) => ({ quiescence: 2 * quiescence }),
  'a shorter quiescence': ({ quiescence }) => ({ quiescence: quiescence / 2 }),
  'no check but one': ({ checks }) => ({ checks: Object.fromEntries(Object.entries(checks).slice(0, 1)) }),
  'only observing': ({ levels }) => ({ levels: levels.map((level) => ({ ...level, mode: 'observe' as const })) }),
  'one attempt': () => ({ attempts: 1 }),
  'looking more often': ({ poll }) => ({ poll: poll / 3 }),
};

const changed = (config: Config, change: (ladder: LadderConfig) => Partial<LadderConfig>): Config => ({
  ...alike(config),
  environments: config.environments.map((one) => ({ ...one, ...change(one) }) as typeof one),
  services: config.services.map((one) => ({ ...one, ...change(one) }) as typeof one),
});

/** What must be so of every rehearsal. */
const follows = (lines: Line[]): void => {
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (line.type === 'unknown') expect(next === undefined || next.type === 'again').toBe(true);
    if (line.type === 'again') expect(lines[index - 1]?.type).toBe('unknown');
    if (line.type !== 'differs') continue;
    expect(line.why.length).toBeGreaterThan(0);
    expect(line.recorded).not.toEqual(line.rehearsed);
    if (line.acts) expect(next?.type).toBe('unknown');
  }
};

describe('whatever happened', () => {
  it.each(Object.entries(changes))(
    '%s is told: after an act that differs nothing is known, until it is again',
    (_, change) => {
      let differing = 0;
      for (const { entries, configs } of runs) {
        const past = pastOf(entries, configs);
        const other = changed(configs[0] as Config, change);
        for (const lines of rehearseAll(past, other).values()) {
          follows(lines);
          differing += lines.filter(({ type }) => type === 'differs').length;
        }
      }
      expect(differing).toBeGreaterThan(0);
    },
  );

  it('the configuration that decided it would decide it the same, version for version', () => {
    let compared = 0;
    for (const { seed, entries, configs } of runs) {
      const [config, changed] = configs;
      if (config === undefined || changed !== undefined) continue;
      const past = pastOf(entries, [config]);
      const again = alike(config);
      for (const lines of rehearseAll(past, again).values()) {
        const others = lines.filter(({ type }) => type !== 'same');
        expect({ seed, others }).toEqual({ seed, others: [] });
        compared += lines.length;
      }
    }
    expect(compared).toBeGreaterThan(seeds * 10);
  });
});
