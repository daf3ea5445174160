import type { LadderConfig } from '../config/config.ts';

/**
 * A ladder that was taken out of the configuration, as far as it is known without it: by its name. It checks nothing and
 * has no levels, so that nothing can be done by it; its open incident can be handed over.
 */
export const withdrawnLadder = (ladder: string): LadderConfig => {
  const [environment = '', service] = ladder.split('/');
  const base = {
    environment,
    ladder,
    checks: {},
    levels: [],
    quiescence: 0,
    settle: 0,
    verify: { every: 0, times: 1, within: 0 },
    attempts: 0,
    stepDeadline: 0,
    poll: 0,
    freeAfter: 0,
    askFor: 0,
    approvers: 1,
    handsOff: 0,
    budgets: { runsPerHour: 0, runsPerDay: 0, failedRuns: Infinity },
  };
  if (service === undefined) return { ...base, service: null, below: [] };
  return {
    ...base,
    service,
    above: null,
    pipeline: '',
    stage: '',
    repository: '',
    revoked: [],
    bake: 0,
    bakeWhenReplaced: 0,
    suspectFor: 0,
    budgets: { ...base.budgets, rollbacksPerDay: 0 },
  };
};

/** One that is configured has levels. */
export const isWithdrawn = ({ levels }: LadderConfig): boolean => levels.length === 0;

/** Why its incident is handed over. */
export const withdrawnReason = 'it is not in the configuration any more';
