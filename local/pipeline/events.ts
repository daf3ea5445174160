import type { EmittedEvent, World } from '../world.ts';
import type { ActionRun, Artifact, Execution } from './execution.ts';
import type { ActionDeclaration, Structure } from './structure.ts';

type Place = Pick<World, 'account' | 'region'>;

export type PipelineState = 'STARTED' | 'SUCCEEDED' | 'FAILED' | 'SUPERSEDED' | 'RESUMED' | 'STOPPING' | 'STOPPED';
export type StageState = 'STARTED' | 'SUCCEEDED' | 'FAILED' | 'RESUMED' | 'STOPPING' | 'STOPPED';
export type ActionState = 'STARTED' | 'SUCCEEDED' | 'FAILED' | 'ABANDONED';

export const pipelineArn = ({ account, region }: Place, pipeline: string): string =>
  `arn:aws:codepipeline:${region}:${account}:${pipeline}`;

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const common = (execution: Execution) => ({
  pipeline: execution.pipeline,
  'execution-id': execution.id,
  version: execution.version,
  'pipeline-execution-attempt': execution.attempt,
});

const event = (place: Place, pipeline: string, what: string, detail: EmittedEvent['detail']): EmittedEvent => ({
  source: 'aws.codepipeline',
  detailType: `CodePipeline ${what} Execution State Change`,
  resources: [pipelineArn(place, pipeline)],
  detail,
});

/** As documented, RESUMED carries no start time, and the trigger stands on STARTED. */
export const pipelineEvent = (place: Place, execution: Execution, state: PipelineState): EmittedEvent => {
  const { triggerType, triggerDetail } = execution.trigger;
  const trigger = { 'trigger-type': triggerType, 'trigger-detail': triggerDetail };
  return event(place, execution.pipeline, 'Pipeline', {
    ...common(execution),
    ...(state === 'RESUMED' ? {} : { 'start-time': iso(execution.startedAt) }),
    ...(state === 'STARTED' ? { 'execution-trigger': trigger } : {}),
    state,
  });
};

/** A stage that was retried says when, on all its later events. */
export const stageEvent = (place: Place, execution: Execution, stage: string, state: StageState): EmittedEvent => {
  const run = execution.stages[stage];
  return event(place, execution.pipeline, 'Stage', {
    ...common(execution),
    ...(state === 'RESUMED' || run === undefined ? {} : { 'start-time': iso(run.startedAt) }),
    ...(run?.retry ? { 'stage-last-retry-attempt-time': iso(run.retry.at) } : {}),
    stage,
    state,
  });
};

/** The reason of a failure stands here and nowhere else: the pipeline's and the stage's FAILED carry none. */
export const actionEvent = (
  place: Place,
  structure: Structure,
  action: ActionDeclaration,
  execution: Execution,
  run: ActionRun,
  state: ActionState,
): EmittedEvent => {
  const { owner, provider, category, version } = action.actionTypeId;
  const artifacts = (list: Artifact[]) =>
    list.map(({ name, location }) => ({
      name,
      s3location: { bucket: structure.artifactStore.location, key: location },
    }));
  return event(place, execution.pipeline, 'Action', {
    ...common(execution),
    'start-time': iso(run.startedAt),
    stage: run.stage,
    action: run.action,
    'action-execution-id': run.id,
    ...(run.result === null ? {} : { 'execution-result': executionResult(run) }),
    ...(run.inputs.length === 0 ? {} : { 'input-artifacts': artifacts(run.inputs) }),
    ...(state === 'SUCCEEDED' && run.outputs.length > 0 ? { 'output-artifacts': artifacts(run.outputs) } : {}),
    state,
    region: action.region ?? place.region,
    type: { owner, provider, category, version },
  });
};

const executionResult = ({ status, result }: ActionRun) => ({
  ...(result?.url === undefined ? {} : { 'external-execution-url': result.url }),
  'external-execution-summary': result?.summary ?? '',
  ...(result?.externalId === undefined ? {} : { 'external-execution-id': result.externalId }),
  ...(status === 'Failed' ? { 'error-code': result?.errorCode ?? 'JobFailed' } : {}),
});
