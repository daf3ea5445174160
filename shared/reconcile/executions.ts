import type { JsonObject } from '../event/fields.ts';
import { present, text } from '../event/fields.ts';
import type { Instant } from '../trail/entry.ts';
import { inOrder, type Place, type Reread } from './reread.ts';
import { hasFailed, hasPassed, type Pass, passesOf } from './stage-passes.ts';

/** What ListPipelineExecutions says of an execution. */
export type ExecutionRead = {
  pipeline: string;
  id: string;
  /** `InProgress`, `Stopping`, `Stopped`, `Succeeded`, `Failed`, `Superseded`, `Cancelled` */
  status: string;
  startedAt: Instant;
  updatedAt: Instant;
  trigger: { type: string; detail: string | null } | null;
  /** of a ROLLBACK the execution it goes back to, where that is said; null for an ordinary one */
  rollback: { target: string | null } | null;
  stopReason: string | null;
};

/** What ListActionExecutions says of one run of an action. */
export type ActionRead = {
  id: string;
  stage: string;
  action: string;
  /** version of the pipeline's structure */
  version: number | null;
  /** `InProgress`, `Abandoned`, `Succeeded` or `Failed` */
  status: string;
  startedAt: Instant;
  updatedAt: Instant;
  type: { owner: string; provider: string; category: string; version: string };
  region: string | null;
  result: { id: string | null; summary: string | null; url: string | null; errorCode: string | null } | null;
};

const byExecutions = 'codepipeline:ListPipelineExecutions';
const byActions = 'codepipeline:ListActionExecutions';

/** Statuses of the API after which an execution changes only by a retry. */
export const isOver = (status: string): boolean => !['InProgress', 'Stopping'].includes(status);

/**
 * The events that CodePipeline sends of an execution, as far as its API still tells of them. What it does not tell:
 * when somebody asked to stop it, and a stage that was stopped.
 *
 * @param actions every run of an action in it, in any order
 * @returns oldest first
 */
export const executionEvents = (execution: ExecutionRead, actions: ActionRead[], place: Place): Reread[] => {
  const passes = passesOf(actions);
  const retries = passes.filter(({ retry }) => retry).map(({ from }) => from);
  const write = writer(execution, actions, place, (at) => 1 + retries.filter((from) => from <= at).length);
  const stages = passes.flatMap((pass) => stageEvents(execution, passes, pass, write));
  const runs = actions.flatMap((action) => actionEvents(action, write));
  const end = endEvents(execution, write);
  const beginnings = [...beginEvents(execution, passes, write), ...stages.filter(begins), ...runs.filter(begins)];
  const ended = [...runs, ...stages].filter((one) => !begins(one));
  return inOrder([...beginnings, ...ended, ...end]); // of the same moment what is inside begins last and ends first
};

const begins = ({ event }: Reread): boolean => /^(?:STARTED|RESUMED)$/.test(text(event, 'detail', 'state') ?? '');

type Level = 'Pipeline' | 'Stage' | 'Action';
type Write = (level: Level, state: string, at: Instant, more?: JsonObject) => Reread;

/** @param attemptAt which attempt of the execution a moment belongs to */
const writer =
  (execution: ExecutionRead, actions: ActionRead[], place: Place, attemptAt: (at: Instant) => number): Write =>
  (level, state, at, more = {}) => ({
    at,
    by: level === 'Pipeline' ? byExecutions : byActions,
    event: {
      version: '0',
      'detail-type': `CodePipeline ${level} Execution State Change`,
      source: 'aws.codepipeline',
      ...place,
      time: at,
      resources: [],
      detail: {
        pipeline: execution.pipeline,
        'execution-id': execution.id,
        'pipeline-execution-attempt': attemptAt(at),
        ...present({ version: actions[0]?.version }),
        state,
        ...more,
      },
    },
  });

const ends: { [status: string]: string } = {
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Stopping: 'STOPPING',
  Stopped: 'STOPPED',
  Superseded: 'SUPERSEDED',
  Cancelled: 'CANCELED',
};

const beginEvents = (execution: ExecutionRead, passes: Pass[], write: Write): Reread[] => [
  write('Pipeline', 'STARTED', execution.startedAt, startDetail(execution)),
  ...passes
    .filter(({ retry }) => retry)
    .flatMap((pass) => [
      write('Pipeline', 'FAILED', failedBefore(pass, passes)),
      write('Pipeline', 'RESUMED', pass.from),
    ]),
];

const endEvents = ({ status, updatedAt, stopReason }: ExecutionRead, write: Write): Reread[] => {
  const end = ends[status];
  return end === undefined
    ? []
    : [write('Pipeline', end, updatedAt, present({ 'stop-execution-comments': stopReason }))];
};

/** When what a retry was for had failed: before the retry, so that it belongs to the attempt before. */
const failedBefore = (retry: Pass, passes: Pass[]): Instant => {
  const before = passes.slice(0, passes.indexOf(retry)).findLast(({ stage }) => stage === retry.stage);
  const until = before?.until ?? retry.from;
  return until < retry.from ? until : justBefore(retry.from);
};

const justBefore = (at: Instant): Instant => new Date(Date.parse(at) - 1).toISOString();

const startDetail = ({ startedAt, trigger, rollback }: ExecutionRead): JsonObject =>
  present({
    'start-time': startedAt,
    'execution-trigger':
      trigger === null ? null : present({ 'trigger-type': trigger.type, 'trigger-detail': trigger.detail }),
    'execution-type': rollback === null ? null : 'ROLLBACK',
    'rollback-target-pipeline-execution-id': rollback?.target,
  });

/** A stage that was left, for the next one or for the end, had succeeded: nothing else leads out of it. */
const stageEvents = (execution: ExecutionRead, passes: Pass[], pass: Pass, write: Write): Reread[] => {
  const { stage, retry, from, until } = pass;
  const said = { stage, ...(retry ? { 'stage-last-retry-attempt-time': from } : { 'start-time': from }) };
  const next = passes[passes.indexOf(pass) + 1];
  const isLeft = next !== undefined || ['Succeeded', 'Superseded'].includes(execution.status);
  const isLost = next !== undefined || execution.status === 'Failed';
  const ended = next !== undefined && until >= next.from ? justBefore(next.from) : until;
  return [
    write('Stage', retry ? 'RESUMED' : 'STARTED', from, said),
    ...(hasPassed(pass) && isLeft ? [write('Stage', 'SUCCEEDED', ended, said)] : []),
    ...(hasFailed(pass) && isLost ? [write('Stage', 'FAILED', ended, said)] : []),
  ];
};

const actionEnds: { [status: string]: string } = {
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Abandoned: 'ABANDONED',
};

const actionEvents = (run: ActionRead, write: Write): Reread[] => {
  const { id, stage, action, type, region, startedAt, updatedAt, status } = run;
  const said = {
    stage,
    action,
    'action-execution-id': id,
    type,
    'start-time': startedAt,
    ...present({ region }),
  };
  const end = actionEnds[status];
  return [
    write('Action', 'STARTED', startedAt, said),
    ...(end === undefined ? [] : [write('Action', end, updatedAt, { ...said, ...resultOf(run) })]),
  ];
};

const resultOf = ({ result }: ActionRead): JsonObject =>
  result === null
    ? {}
    : {
        'execution-result': present({
          'external-execution-id': result.id,
          'external-execution-summary': result.summary,
          'external-execution-url': result.url,
          'error-code': result.errorCode,
        }),
      };
