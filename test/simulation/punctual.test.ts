import { describe, expect, it } from 'vitest';
import type { Input } from '../../shared/ladder/input.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import type { Faults } from './faults.ts';
import { simulate } from './simulate.ts';

const seeds = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 30;

/** How long after it was due each decision was made that a timer asked for (ms). */
const lateness = (entries: Entry[]): number[] =>
  entries.flatMap(({ kind, detail, observedAt }) => {
    const input = detail['input'] as unknown as Input | undefined;
    return kind === 'ladder.decided' && input?.type === 'timer' ? [Date.parse(observedAt) - Date.parse(input.due)] : [];
  });

const latest = async (faults: Partial<Faults>): Promise<{ timers: number; early: number; latest: number }> => {
  const all: number[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) all.push(...lateness((await simulate(seed, faults)).entries));
  return { timers: all.length, early: all.filter((ms) => ms < 0).length, latest: Math.max(...all) };
};

describe('what a ladder waits for', { timeout: seeds * 4_000 }, () => {
  it('is decided at most a second after it is due: a quiescence, and whatever else has its time', async () => {
    const found = await latest({});
    expect(found).toMatchObject({ early: 0 });
    expect(found.timers).toBeGreaterThan(seeds * 5);
    expect(found.latest).toBeLessThanOrEqual(1_000);
  });

  it('is decided at most two minutes after it is due where the message of its timer never comes', async () => {
    const found = await latest({ timerLost: 1 });
    expect(found).toMatchObject({ early: 0 });
    expect(found.timers).toBeGreaterThan(seeds * 5);
    expect(found.latest).toBeGreaterThan(1_000);
    expect(found.latest).toBeLessThanOrEqual(120_000);
  });
});
