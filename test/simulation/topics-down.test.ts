import { describe, expect, it } from 'vitest';
import { type Run, simulate } from './simulate.ts';

const seeds = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 80;
const hour = 3_600_000;

/** How many topics took what was told within the hour, and how late the last of them was (ms). */
const toldMeanwhile = ({ story, entries }: Run): { told: number; missing: number; late: number } | null => {
  const down = story.find(({ what }) => what.startsWith('no topic takes anything'))?.ms;
  if (down === undefined) return null;
  const told = entries.filter(({ kind, observedAt }) => {
    const at = Date.parse(observedAt);
    return kind === 'alert.told' && at >= down && at < down + hour;
  });
  const sent = told.map(({ detail }) => {
    const { id } = detail['message'] as { id: string };
    const heard = entries.find((one) => one.kind.startsWith('alert.') && one.detail['alert'] === id);
    return heard === undefined ? null : Date.parse(heard.observedAt) - (down + hour);
  });
  const late = sent.filter((ms) => ms !== null);
  return { told: told.length, missing: sent.length - late.length, late: Math.max(0, ...late) };
};

describe('what is told while no topic takes anything for an hour', () => {
  it(
    'is lost by none of them, and sent within half an hour after that, whatever else goes wrong',
    async () => {
      const found = [];
      for (let seed = 1; seed <= seeds; seed += 1) {
        const run = await simulate(seed);
        expect(run.violations).toEqual([]);
        found.push(toldMeanwhile(run));
      }
      const hours = found.filter((one) => one !== null);
      expect(hours.reduce((sum, { told }) => sum + told, 0)).toBeGreaterThan(5);
      expect(hours.reduce((sum, { missing }) => sum + missing, 0)).toBe(0);
      expect(Math.max(...hours.map(({ late }) => late))).toBeLessThanOrEqual(hour / 2);
    },
    seeds * 4_000,
  );
});
