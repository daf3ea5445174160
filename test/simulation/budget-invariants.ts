import type { LadderConfig, ServiceConfig } from '../../shared/config/config.ts';
import type { Memory } from './memory-of-invariants.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** No window has more runs or rollbacks than its budget, nor is a run begun behind an open circuit (I9). */
export const watchBudgets = (
  { runs, rollbacks, failedRuns }: Pick<Memory, 'runs' | 'rollbacks' | 'failedRuns'>,
  broken: (number: string, what: string) => void,
) => ({
  runBegan: ({ ladder, budgets }: LadderConfig, now: string): void => {
    const began = [...(runs.get(ladder) ?? []), now];
    runs.set(ladder, began);
    if (within(began, hourMs, now) > budgets.runsPerHour)
      broken('I9', `${ladder} began more runs than its budget an hour`);
    if (within(began, dayMs, now) > budgets.runsPerDay) broken('I9', `${ladder} began more runs than its budget a day`);
    // Two runs in a row that claimed an act and did not converge: the next one waits for a person.
    const failed = failedRuns.get(ladder) ?? 0;
    if (failed >= budgets.failedRuns) broken('I9', `${ladder} begins a run after ${failed} that did not converge`);
  },
  wentBack: ({ ladder, budgets }: ServiceConfig, now: string): void => {
    const times = [...(rollbacks.get(ladder) ?? []), now];
    rollbacks.set(ladder, times);
    if (within(times, dayMs, now) > budgets.rollbacksPerDay)
      broken('I9', `${ladder} went back more often than its budget a day`);
  },
});

const within = (times: string[], ms: number, now: string): number =>
  times.filter((at) => Date.parse(now) - Date.parse(at) < ms && at <= now).length;
