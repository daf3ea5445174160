import type { LadderConfig } from '../config/config.ts';

/** Of what it neither waits for nor counts. */
const none = 0;

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
    quiescence: none,
    settle: none,
    verify: { every: none, times: none, within: none },
    attempts: none,
    stepDeadline: none,
    poll: none,
    freeAfter: none,
    askFor: none,
    approvers: none,
    handsOff: none,
    budgets: { runsPerHour: none, runsPerDay: none, failedRuns: Infinity },
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
    bake: none,
    bakeWhenReplaced: none,
    suspectFor: none,
    budgets: { ...base.budgets, rollbacksPerDay: none },
  };
};

/** One that is configured has levels. */
export const isWithdrawn = ({ levels }: LadderConfig): boolean => levels.length === 0;

/** Why its incident is handed over. */
export const withdrawnReason = 'it is not in the configuration any more';
