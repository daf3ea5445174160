import type { Instant } from '../trail/entry.ts';
import type { ActionRead } from './executions.ts';

/** One pass of an execution through a stage: the first, or a retry. */
export type Pass = { stage: string; retry: boolean; actions: ActionRead[]; from: Instant; until: Instant };

/**
 * CodePipeline keeps of a stage only how it stands last: its passes are read from its actions. A stage that failed goes
 * on by a retry and by nothing else, so whatever begins in it after that is one.
 *
 * @param actions all of one execution, in any order
 * @returns in the order in which they began
 */
export const passesOf = (actions: ActionRead[]): Pass[] => {
  const passes: Pass[] = [];
  for (const action of actions.toSorted((a, b) => order(a, b))) {
    const before = passes.filter(({ stage }) => stage === action.stage);
    const last = before.at(-1);
    if (last === undefined || isRetry(action, last, before)) passes.push(begun(action, last));
    else join(last, action);
  }
  return passes;
};

const order = (a: ActionRead, b: ActionRead): number =>
  a.startedAt.localeCompare(b.startedAt) || a.updatedAt.localeCompare(b.updatedAt);

/** What failed runs again, or what had succeeded: that one does where all actions are retried. */
const isRetry = (action: ActionRead, last: Pass, before: Pass[]): boolean => {
  if (!hasFailed(last) || action.startedAt < last.until) return false;
  const ran = before.flatMap(({ actions }) => actions).findLast((one) => one.action === action.action);
  return ran !== undefined && (last.actions.includes(ran) || ran.status === 'Succeeded');
};

const begun = (action: ActionRead, before: Pass | undefined): Pass => ({
  stage: action.stage,
  retry: before !== undefined,
  actions: [action],
  from: action.startedAt,
  until: action.updatedAt,
});

const join = (pass: Pass, action: ActionRead): void => {
  pass.actions.push(action);
  if (action.updatedAt > pass.until) pass.until = action.updatedAt;
};

/** Whether a pass came to its end by an action that failed; while another one runs it has not ended. */
export const hasFailed = ({ actions }: Pass): boolean =>
  actions.some(({ status }) => status === 'Failed') && actions.every(({ status }) => status !== 'InProgress');

/** Whether nothing in a pass is left to be done, as far as its actions say: more of them may be to come. */
export const hasPassed = ({ actions }: Pass): boolean => actions.every(({ status }) => status === 'Succeeded');
