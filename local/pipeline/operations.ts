import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';
import type { Changes } from './changes.ts';
import { definitionNamed } from './definitions.ts';
import type { Execution } from './execution.ts';
import { type createStarts, localCaller } from './executions.ts';
import { executionId, invalid, limit, nextToken, pageStart, text } from './members.ts';
import { refuseRetry, refuseRollback, refuseStop } from './refusals.ts';
import type { Definition, PipelineStore } from './store.ts';
import type { Refusal } from './structure.ts';
import { executionSummary, executionView, runView } from './views.ts';

type Options = {
  world: World;
  store: PipelineStore;
  transaction: Transaction;
  changes: Changes;
  starts: ReturnType<typeof createStarts>;
  advance: (pipeline: string) => void;
};

/** Starting, rolling back, retrying and reading executions, in AWS's member names and exceptions. */
export const executionOperations = (options: Options): Operations => ({
  StartPipelineExecution: (input) => startExecution(options, input),
  RollbackStage: (input) => rollBackStage(options, input),
  RetryStageExecution: (input) => retryStage(options, input),
  StopPipelineExecution: (input) => stopExecution(options, input),
  DisableStageTransition: (input) => disableTransition(options, input),
  EnableStageTransition: (input) => enableTransition(options, input),
  GetPipelineExecution: (input) => ({ pipelineExecution: executionView(executionNamed(options, input)) }),
  ListPipelineExecutions: (input) => listExecutions(options, input),
  ListActionExecutions: (input) => listRuns(options, input),
});

const startExecution = ({ world, store, transaction, starts, advance }: Options, input: Members) => {
  const definition = definitionNamed(store, world, text(input, 'name'));
  const given = input.clientRequestToken !== undefined && input.clientRequestToken !== null;
  const token = given ? text(input, 'clientRequestToken', /^[a-zA-Z0-9-]{1,128}$/) : null;
  if (Array.isArray(input.variables) && input.variables.length > 0)
    throw invalid(`Value at 'variables' failed to satisfy constraint: pipeline '${definition.name}' declares none`);
  const overrides = overridesIn(definition, input.sourceRevisions ?? []);
  const trigger = { triggerType: 'StartPipelineExecution', triggerDetail: localCaller(world) };
  return transaction(() => {
    const pipelineExecutionId = starts.start(definition, { trigger, overrides, token });
    advance(definition.name);
    return { pipelineExecutionId };
  });
};

const overridesIn = (definition: Definition, revisions: Members[]): { [action: string]: string } => {
  const sources = definition.structure.stages[0]?.actions.map(({ name }) => name) ?? [];
  return Object.fromEntries(
    revisions.map((revision) => {
      const action = text(revision, 'actionName');
      if (!sources.includes(action))
        throw invalid(`'sourceRevisions' names '${action}'; the source actions are ${sources.join(', ')}`);
      if (revision.revisionType !== 'COMMIT_ID')
        throw invalid(
          `'sourceRevisions' has revisionType '${String(revision.revisionType)}'; CodeCommit takes COMMIT_ID`,
        );
      return [action, text(revision, 'revisionValue', /^\S{1,100}$/)];
    }),
  );
};

/**
 * RollbackStage. A ROLLBACK execution runs the one stage that is rolled back, with the target's artifacts, and ends
 * there: AWS documents it as rolling back a stage, and nothing after the stage is run again.
 */
const rollBackStage = ({ world, store, transaction, starts, advance }: Options, input: Members) => {
  const definition = definitionNamed(store, world, text(input, 'pipelineName'));
  const stage = stageNamed(definition, text(input, 'stageName'));
  const target = store.findExecution(executionId(input, 'targetPipelineExecutionId'));
  return transaction(() => {
    const verdict = refuseRollback(definition, stage, target, store.activeExecutions(definition.name));
    if ('refused' in verdict) throw awsError(verdict.refused);
    const pipelineExecutionId = starts.rollBack(definition, stage, verdict.target, localCaller(world));
    advance(definition.name); // it is in the stage before anything else can be
    return { pipelineExecutionId };
  });
};

const retryStage = ({ world, store, transaction, changes, advance }: Options, input: Members) => {
  const definition = definitionNamed(store, world, text(input, 'pipelineName'));
  const stage = stageNamed(definition, text(input, 'stageName'));
  const mode: unknown = input.retryMode;
  if (mode !== 'FAILED_ACTIONS' && mode !== 'ALL_ACTIONS')
    throw invalid(`Value '${String(mode)}' at 'retryMode' failed to satisfy constraint: [FAILED_ACTIONS, ALL_ACTIONS]`);
  const execution = executionNamed({ world, store }, input);
  return transaction(() => {
    const refused = refuseRetry(definition, stage, execution, store.latestIn(definition.name, stage));
    if (refused !== null) throw awsError(refused);
    changes.resume(execution, stage, mode);
    advance(definition.name);
    return { pipelineExecutionId: execution.id };
  });
};

/** What runs is let finish, or, abandoned, no longer counts: what it began goes on either way. */
const stopExecution = ({ world, store, transaction, changes, advance }: Options, input: Members) => {
  const { name } = definitionNamed(store, world, text(input, 'pipelineName'));
  const id = executionId(input);
  const reason = input.reason === undefined || input.reason === null ? '' : text(input, 'reason', /^[^]{0,200}$/);
  const abandon = input.abandon === true;
  return transaction(() => {
    const found = store.findExecution(id);
    const execution = found?.pipeline === name ? found : null;
    const refused = refuseStop(execution, abandon);
    if (refused !== null || execution === null) throw awsError(refused ?? { code: 'InternalFailure', message: id });
    if (execution.status === 'InProgress') changes.stop(execution, reason);
    if (abandon) changes.abandonRuns(execution);
    advance(name);
    return { pipelineExecutionId: id };
  });
};

/** A reason is held to the characters that AWS takes: no colon, comma, slash or underscore. */
const disableTransition = ({ world, store, transaction }: Options, input: Members) => {
  const definition = definitionNamed(store, world, text(input, 'pipelineName'));
  const stage = doorOf(definition, input);
  const reason = text(input, 'reason', /^[a-zA-Z0-9!@ ().*?-]{1,300}$/);
  return transaction(() => {
    const closing = { by: localCaller(world), reason, at: world.now().getTime() };
    if (stage !== null) store.closeStage(definition.name, stage, closing);
    return {};
  });
};

const enableTransition = ({ world, store, transaction, advance }: Options, input: Members) => {
  const definition = definitionNamed(store, world, text(input, 'pipelineName'));
  const stage = doorOf(definition, input);
  return transaction(() => {
    if (stage !== null) store.openStage(definition.name, stage);
    advance(definition.name);
    return {};
  });
};

/** The stage whose entrance is meant: the way out of a stage is the way into the next; behind the last is nothing. */
const doorOf = (definition: Definition, input: Members): string | null => {
  const stage = stageNamed(definition, text(input, 'stageName'));
  const type: unknown = input.transitionType;
  if (type === 'Inbound') return stage;
  if (type !== 'Outbound')
    throw invalid(`Value '${String(type)}' at 'transitionType' failed to satisfy constraint: [Inbound, Outbound]`);
  const { stages } = definition.structure;
  return stages[stages.findIndex(({ name }) => name === stage) + 1]?.name ?? null;
};

const awsError = ({ code, message }: Refusal): AwsError => new AwsError(code, message);

const stageNamed = ({ name, structure }: Definition, stage: string): string => {
  if (structure.stages.some((each) => each.name === stage)) return stage;
  throw new AwsError('StageNotFoundException', `Pipeline '${name}' has no stage with name '${stage}'`);
};

/** An execution of the named pipeline; one of another pipeline is not found. */
const executionNamed = ({ world, store }: Pick<Options, 'world' | 'store'>, input: Members): Execution => {
  const definition = definitionNamed(store, world, text(input, 'pipelineName'));
  const id = executionId(input);
  const execution = store.findExecution(id);
  if (execution?.pipeline === definition.name) return execution;
  throw new AwsError(
    'PipelineExecutionNotFoundException',
    `Pipeline '${definition.name}' does not have an execution with id '${id}'`,
  );
};

const listExecutions = ({ world, store }: Options, input: Members) => {
  const { name, version } = definitionNamed(store, world, text(input, 'pipelineName'));
  const size = limit(input);
  const before = pageStart(input);
  const filter = input.filter?.succeededInStage as Members | undefined;
  const page =
    filter === undefined || filter === null
      ? store.listExecutions(name, before, size)
      : store.listSucceeded(name, version, text(filter, 'stageName'), before, size);
  return { pipelineExecutionSummaries: page.map(({ item }) => executionSummary(item)), ...nextToken(page, size) };
};

const listRuns = ({ world, store }: Options, input: Members) => {
  const { name } = definitionNamed(store, world, text(input, 'pipelineName'));
  const size = limit(input);
  const filter = (input.filter ?? {}) as Members;
  const of = filter.latestInPipelineExecution ?? filter;
  const execution = of.pipelineExecutionId === undefined ? null : executionId(of);
  if (execution !== null && store.findExecution(execution)?.pipeline !== name)
    throw new AwsError(
      'PipelineExecutionNotFoundException',
      `Pipeline '${name}' does not have an execution with id '${execution}'`,
    );
  const page = store.listRuns(name, execution, pageStart(input), size);
  const details = page.map(({ item }) => runView(item, store.findVersion(item.pipeline, item.version)));
  return { actionExecutionDetails: details, ...nextToken(page, size) };
};
