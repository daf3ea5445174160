import type { ActionRun, Artifact, Execution } from './execution.ts';
import { waitsFor } from './machine.ts';
import type { Closing, Definition, PipelineStore } from './store.ts';
import { type ActionDeclaration, type StageDeclaration, type Structure } from './structure.ts';

/** Answers in the members of CodePipeline's API, from what is recorded. */

const date = (milliseconds: number): Date => new Date(milliseconds);

/** As GetPipeline gives it: with the version, and with nothing that was not there. */
export const structureView = ({ structure, version }: Pick<Definition, 'structure' | 'version'>) => ({
  ...structure,
  version,
});

export const pipelineSummary = ({ name, version, structure, created, updated }: Definition) => ({
  name,
  version,
  pipelineType: structure.pipelineType,
  executionMode: structure.executionMode,
  created: date(created),
  updated: date(updated),
});

const kindOf = (execution: Execution) => ({
  executionMode: 'SUPERSEDED',
  executionType: execution.type,
  ...(execution.rollbackTarget === null
    ? {}
    : { rollbackMetadata: { rollbackTargetPipelineExecutionId: execution.rollbackTarget } }),
});

const statusOf = ({ status, statusSummary }: Execution) => ({
  status,
  ...(statusSummary === null ? {} : { statusSummary }),
});

export const executionView = (execution: Execution) => ({
  pipelineName: execution.pipeline,
  pipelineVersion: execution.version,
  pipelineExecutionId: execution.id,
  ...statusOf(execution),
  artifactRevisions: execution.revisions.map(({ artifact, commit, summary, createdAt }) => ({
    name: artifact,
    revisionId: commit,
    revisionSummary: summary,
    created: date(createdAt),
  })),
  trigger: execution.trigger,
  ...kindOf(execution),
});

export const executionSummary = (execution: Execution) => ({
  pipelineExecutionId: execution.id,
  ...statusOf(execution),
  startTime: date(execution.startedAt),
  lastUpdateTime: date(execution.updatedAt),
  sourceRevisions: sourceRevisions(execution),
  trigger: execution.trigger,
  ...(execution.stopReason === undefined ? {} : { stopTrigger: { reason: execution.stopReason } }),
  ...kindOf(execution),
});

/** A commit that was asked for is known before the source action has found it. */
const sourceRevisions = ({ revisions, overrides }: Execution) => [
  ...revisions.map(({ action, commit, summary }) => ({
    actionName: action,
    revisionId: commit,
    revisionSummary: summary,
  })),
  ...Object.entries(overrides)
    .filter(([action]) => !revisions.some((revision) => revision.action === action))
    .map(([actionName, revisionId]) => ({ actionName, revisionId })),
];

const errorDetails = ({ status, result }: ActionRun) =>
  status === 'Failed'
    ? { errorDetails: { code: result?.errorCode ?? 'JobFailed', message: result?.summary ?? '' } }
    : {};

export const runView = (run: ActionRun, structure: Structure | null) => {
  const declared = structure?.stages
    .find(({ name }) => name === run.stage)
    ?.actions.find(({ name }) => name === run.action);
  const artifacts = (list: Artifact[]) =>
    list.map(({ name, location }) => ({
      name,
      s3location: { bucket: structure?.artifactStore.location, key: location },
    }));
  return {
    pipelineExecutionId: run.execution,
    actionExecutionId: run.id,
    pipelineVersion: run.version,
    stageName: run.stage,
    actionName: run.action,
    startTime: date(run.startedAt),
    lastUpdateTime: date(run.updatedAt),
    status: run.status,
    input: {
      ...(declared === undefined ? {} : inputOf(declared)),
      inputArtifacts: artifacts(run.inputs),
    },
    output: {
      outputArtifacts: run.status === 'Succeeded' ? artifacts(run.outputs) : [],
      ...(run.result === null ? {} : { executionResult: executionResult(run) }),
    },
  };
};

const inputOf = ({ actionTypeId, configuration, region, namespace }: ActionDeclaration) => ({
  actionTypeId,
  configuration,
  resolvedConfiguration: configuration,
  ...(region === undefined ? {} : { region }),
  ...(namespace === undefined ? {} : { namespace }),
});

const executionResult = (run: ActionRun) => ({
  externalExecutionSummary: run.result?.summary,
  ...(run.result?.externalId === undefined ? {} : { externalExecutionId: run.result.externalId }),
  ...(run.result?.url === undefined ? {} : { externalExecutionUrl: run.result.url }),
  ...errorDetails(run),
});

/** Each stage with the execution that entered it last and those that wait for it, each action with its newest run. */
export const stateView = (store: PipelineStore, { name, version, structure, created, updated }: Definition) => {
  const active = store.activeExecutions(name);
  return {
    pipelineName: name,
    pipelineVersion: version,
    stageStates: structure.stages.map((stage) => stageState(store, name, stage, active)),
    created: date(created),
    updated: date(updated),
  };
};

const stageState = (store: PipelineStore, pipeline: string, stage: StageDeclaration, active: Execution[]) => {
  const waiting = active.filter((execution) => waitsFor(execution, stage.name)).map(inbound);
  const latest = store.latestIn(pipeline, stage.name);
  const run = latest?.stages[stage.name];
  return {
    stageName: stage.name,
    ...(waiting.length === 0 ? {} : { inboundExecution: waiting.at(-1), inboundExecutions: waiting }),
    inboundTransitionState: transitionView(store.closingOf(pipeline, stage.name)),
    actionStates: stage.actions.map((action) =>
      actionState(action, store.latestRun(pipeline, stage.name, action.name)),
    ),
    ...(latest === null || run === undefined
      ? {}
      : { latestExecution: { pipelineExecutionId: latest.id, status: run.status, type: latest.type } }),
    ...(run?.retry
      ? { retryStageMetadata: { manualStageRetryAttempt: run.retry.times, latestRetryTrigger: 'ManualStageRetry' } }
      : {}),
  };
};

const transitionView = (closing: Closing | null) =>
  closing === null
    ? { enabled: true }
    : { enabled: false, lastChangedBy: closing.by, lastChangedAt: date(closing.at), disabledReason: closing.reason };

const inbound = (execution: Execution) => ({
  pipelineExecutionId: execution.id,
  status: execution.status,
  type: execution.type,
});

const actionState = ({ name, actionTypeId }: ActionDeclaration, run: ActionRun | null) => ({
  actionName: name,
  ...(actionTypeId.category === 'Source' && run?.result?.externalId !== undefined
    ? { currentRevision: { revisionId: run.result.externalId, revisionChangeId: run.id, created: date(run.updatedAt) } }
    : {}),
  ...(run === null ? {} : { latestExecution: actionExecution(run) }),
});

const actionExecution = (run: ActionRun) => ({
  actionExecutionId: run.id,
  status: run.status,
  lastStatusChange: date(run.updatedAt),
  ...(run.result === null ? {} : { summary: run.result.summary }),
  ...(run.result?.externalId === undefined ? {} : { externalExecutionId: run.result.externalId }),
  ...(run.result?.url === undefined ? {} : { externalExecutionUrl: run.result.url }),
  ...errorDetails(run),
});
