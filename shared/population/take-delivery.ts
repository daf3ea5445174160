import { text } from '../event/fields.ts';
import type { TrailRecord } from '../trail/entry.ts';
import {
  type Action,
  didOf,
  type Execution,
  eventIn,
  findOrPut,
  keep,
  type Population,
  type Take,
  whenOf,
} from './facts.ts';
import { callNamed, whyOutside } from './outside.ts';
import { minuteOf } from '../trail/time.ts';

const executionOf = (population: Population, id: string): Execution =>
  findOrPut(population.executions, id, () => ({
    pipeline: null,
    startedAt: null,
    startedBy: null,
    trigger: null,
    branch: null,
    actions: new Map(),
    seqs: [],
  }));

/** The start of an execution: when, by whom, of which branch. */
export const takeStarted: Take = (population, record) => {
  if (record.execution === null) return;
  const execution = executionOf(population, record.execution);
  execution.pipeline = text(record.detail, 'pipeline');
  execution.startedAt = whenOf(record);
  execution.startedBy = record.actor;
  execution.trigger = text(record.detail, 'trigger', 'type');
  execution.branch = text(record.detail, 'trigger', 'branch');
  keep(execution.seqs, record.seq);
};

const told = new Set(['Build', 'Test', 'Approval']);

/** An action that builds, tests, or asks somebody. */
export const takeAction: Take = (population, record) => {
  const { detail } = record;
  const category = text(detail, 'category') ?? '';
  if (record.execution === null || !told.has(category)) return;
  const execution = executionOf(population, record.execution);
  execution.pipeline ??= text(detail, 'pipeline');
  const [stage, name] = [text(detail, 'stage') ?? '', text(detail, 'action') ?? ''];
  const action = findOrPut(execution.actions, `${stage}\n${name}`, () => ({ stage, name, category, ...unknown() }));
  noteAction(action, record);
  keep(action.seqs, record.seq);
};

const unknown = (): Omit<Action, 'stage' | 'name' | 'category'> => ({
  build: null,
  startedAt: null,
  endedAt: null,
  outcome: null,
  reason: null,
  seqs: [],
});

/** Events come in any order: the latest end counts, and the first start. */
const noteAction = (action: Action, record: TrailRecord): void => {
  const at = whenOf(record);
  const outcome = record.kind.slice('action.'.length);
  if (outcome === 'started') {
    if (action.startedAt === null || at < action.startedAt) action.startedAt = at;
    return;
  }
  if (action.endedAt !== null && at < action.endedAt) return;
  action.endedAt = at;
  action.outcome = outcome;
  action.reason = record.reason;
  action.build = buildId(text(record.detail, 'externalId'));
};

/** `arn:aws:codebuild:...:build/shop:4f7d`, as events say, is `shop:4f7d`, as actions say. */
const buildId = (id: string | null): string | null => id?.split(':build/').at(-1) ?? null;

/** The phases in which what the team wrote is run; the others are CodeBuild's own. */
const phases = new Set(['INSTALL', 'PRE_BUILD', 'BUILD', 'POST_BUILD']);

/** A build, and how its phases ended. */
export const takeBuild: Take = (population, record) => {
  const id = buildId(text(record.detail, 'build'));
  if (id === null) return;
  const build = findOrPut(population.builds, id, () => ({
    pipeline: null,
    outcome: null,
    phases: new Map(),
    seqs: [],
  }));
  build.pipeline ??= text(record.detail, 'pipeline');
  const phase = text(record.detail, 'phase');
  if (record.kind.startsWith('build-phase.')) {
    if (phase === null || !phases.has(phase)) return;
    build.phases.set(phase, record.outcome ?? 'ended');
  } else if (build.outcome === null || record.outcome !== 'started') build.outcome = record.outcome;
  keep(build.seqs, record.seq);
};

/** A call to an AWS API that succeeded: an approval, or something that may have gone past the pipeline. */
export const takeCall: Take = (population, record) => {
  const { service, name } = callNamed(record);
  if (service === 'codepipeline' && name === 'PutApprovalResult') return takeApproval(population, record);
  const event = eventIn(record);
  const why = whyOutside(service, name, event);
  if (why === null || !isByHand(record)) return;
  population.calls.push({
    ...didOf(record),
    name: `${service}:${name}`,
    why,
    subject: record.subject,
    environment: record.environment,
    service: record.service,
    started: text(event, 'responseElements', 'pipelineExecutionId'),
  });
};

/** Made by a person or a role, and not by an AWS service for them. */
const isByHand = ({ actor, detail }: TrailRecord): boolean =>
  (actor.type === 'person' || actor.type === 'role-session') &&
  text(detail, 'invokedBy') === null &&
  !(text(detail, 'sourceIp') ?? '').endsWith('.amazonaws.com');

const takeApproval: Take = (population, record) => {
  const event = eventIn(record);
  const [pipeline, stage, action] = ['pipelineName', 'stageName', 'actionName'].map((key) =>
    text(event, 'requestParameters', key),
  );
  if (pipeline == null || stage == null || action == null) return;
  const status = text(event, 'requestParameters', 'result', 'status');
  const given = { ...didOf(record), status };
  findOrPut(population.approvals, approvalKey(pipeline, stage, action, minuteOf(given.at)), () => []).push(given);
};

/** Approvals are kept by the minute: a pipeline may have had thousands, and one is looked for about its time. */
export const approvalKey = (pipeline: string, stage: string, action: string, minute: number): string =>
  `${pipeline}\n${stage}\n${action}\n${minute}`;
