/** What an ECS service runs: a revision of the service, with the task definition it is made of. */
export type Revision = { id: string; taskDefinition: string; createdAt: number };

/** A service deployment as it is kept. Where it stands follows from this and the time; nothing is written meanwhile. */
export type Rollout = {
  id: string;
  target: Revision;
  /** the id of the set of tasks that a rollback starts */
  backId: string;
  /** what ran steadily before: where a rollback goes to */
  source: Revision | null;
  /** ms, as all times here */
  createdAt: number;
  pace: number;
  /** whether its tasks will become steady */
  steady: boolean;
  breaker: { enable: boolean; rollback: boolean };
  stopped: { at: number; type: 'ROLLBACK' | 'ABORT' } | null;
  /** when a newer deployment took its place */
  replacedAt: number | null;
};

export type RolloutStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

type Stage = { status: RolloutStatus; at: number };

/**
 * The states a service deployment goes through, and when. Without a circuit breaker one that does not become steady
 * goes on for ever, as in ECS. Source: ECS Developer Guide, "Amazon ECS service deployment states".
 */
export const stagesOf = (rollout: Rollout): Stage[] => {
  const { createdAt, pace, stopped, replacedAt } = rollout;
  const untouched: Stage[] = [
    { status: 'PENDING', at: createdAt },
    { status: 'IN_PROGRESS', at: createdAt + pace },
    ...endOf(rollout, createdAt + 3 * pace),
  ];
  if (stopped !== null) return cut(untouched, stopped.at, afterStop(rollout, stopped));
  return replacedAt === null ? untouched : cut(untouched, replacedAt, [{ status: 'STOPPED', at: replacedAt }]);
};

const endOf = ({ steady, breaker, source, pace }: Rollout, at: number): Stage[] => {
  if (steady) return [{ status: 'SUCCESSFUL', at }];
  if (!breaker.enable) return [];
  if (!breaker.rollback || source === null) return [{ status: 'STOPPED', at }];
  return [
    { status: 'ROLLBACK_IN_PROGRESS', at },
    { status: 'ROLLBACK_SUCCESSFUL', at: at + 2 * pace },
  ];
};

const afterStop = ({ source, pace }: Rollout, { at, type }: { at: number; type: 'ROLLBACK' | 'ABORT' }): Stage[] =>
  type === 'ABORT'
    ? [
        { status: 'STOP_REQUESTED', at },
        { status: 'STOPPED', at: at + pace },
      ]
    : [
        { status: 'ROLLBACK_REQUESTED', at },
        { status: 'ROLLBACK_IN_PROGRESS', at: at + pace },
        { status: source === null ? 'ROLLBACK_FAILED' : 'ROLLBACK_SUCCESSFUL', at: at + 3 * pace },
      ];

const cut = (stages: Stage[], at: number, then: Stage[]): Stage[] => [
  ...stages.filter((stage) => stage.at < at),
  ...then,
];

/** Where a service deployment stands at a time (ms), and since when. */
export const stageAt = (rollout: Rollout, now: number): Stage =>
  stagesOf(rollout).findLast(({ at }) => at <= now) ?? { status: 'PENDING', at: rollout.createdAt };

const over: RolloutStatus[] = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];
export const isOver = (status: RolloutStatus): boolean => over.includes(status);

const backed: RolloutStatus[] = ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL'];
/** The revision the service is made of, or is being made of: after a rollback the one before. */
export const wantedRevision = (rollout: Rollout, now: number): Revision =>
  rollout.source !== null && backed.includes(stageAt(rollout, now).status) ? rollout.source : rollout.target;

/** The revision that runs steadily whatever becomes of this deployment: the target once it succeeded. */
export const steadyRevision = (rollout: Rollout, now: number): Revision | null =>
  stageAt(rollout, now).status === 'SUCCESSFUL' ? rollout.target : rollout.source;
