import {
  ConflictException,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  PipelineExecutionNotFoundException,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  UnableToRollbackStageException,
} from '@aws-sdk/client-codepipeline';
import type { World } from './world.ts';

/** One run of a pipeline; its stage `Deploy` puts a release on the nodes. */
export type Execution = {
  id: string;
  commit: string;
  rollbackTo: string | null;
  trigger: 'push' | 'start';
  token: string | null;
  startedAt: number;
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Superseded' | 'Stopping' | 'Stopped';
  /** from 1 on; one more each time its stage is retried */
  attempt: number;
  /** it was in the stage and came through */
  reached: boolean;
};

/** A pipeline as CodePipeline runs it: one execution in the stage at a time, one waiting before it, newer before older. */
export type Pipeline = {
  name: string;
  /** newest first */
  executions: Execution[];
  inStage: Execution | null;
  waiting: Execution | null;
  lastInStage: { execution: Execution; status: Execution['status']; changedAt: number } | null;
  /** how often its stage fails, from 0 to 1 */
  failing: number;
  /** what comes into its stage next stays there for long */
  hangs: boolean;
};

/** How often a stage fails where nothing is the matter with it. */
export const seldom = 0.05;

export const newPipeline = (name: string): Pipeline => ({
  name,
  failing: seldom,
  hangs: false,
  executions: [],
  inStage: null,
  waiting: null,
  lastInStage: null,
});

const begin = (world: World, pipeline: Pipeline, fields: Partial<Execution> & { commit: string }): Execution => {
  const execution: Execution = {
    id: world.chance.id().slice(0, 36),
    rollbackTo: null,
    trigger: 'push',
    token: null,
    startedAt: world.time.now(),
    status: 'InProgress',
    attempt: 1,
    reached: false,
    ...fields,
  };
  pipeline.executions.unshift(execution);
  return execution;
};

/** A push: source, build, then the stage. A build may fail. */
export const startExecution = (
  world: World,
  pipeline: Pipeline,
  commit: string,
  how: Partial<Execution> = {},
): Execution => {
  const { time, chance } = world;
  const execution = begin(world, pipeline, { commit, ...how });
  time.at(time.now() + chance.between(1_000, 5_000), () => world.tell(sourceSucceeded(world, pipeline, execution)));
  time.at(time.now() + chance.between(10_000, 120_000), () => {
    if (chance.is(0.05)) execution.status = 'Failed';
    else enter(world, pipeline, execution);
  });
  return execution;
};

export const enter = (world: World, pipeline: Pipeline, execution: Execution): void => {
  if (pipeline.inStage === null) return deploy(world, pipeline, execution);
  const other = pipeline.waiting;
  const [stays, goes] =
    other === null || other.startedAt <= execution.startedAt ? [execution, other] : [other, execution];
  pipeline.waiting = stays;
  if (goes !== null) {
    goes.status = 'Superseded';
    world.superseded(goes, stays);
  }
};

/** An execution is in the stage now: for the first time, or once more where its stage is retried. */
export const deploy = (world: World, pipeline: Pipeline, execution: Execution, state = 'STARTED'): void => {
  const { time, chance } = world;
  pipeline.inStage = execution;
  pipeline.lastInStage = { execution, status: 'InProgress', changedAt: time.now() };
  world.tell(stageEvent(world, pipeline, execution, state));
  const lasts = pipeline.hangs ? chance.between(1_200_000, 3_600_000) : chance.between(5_000, 120_000);
  const fails = chance.is(pipeline.failing);
  const end = (): void => {
    if (pipeline.inStage === execution && execution.status === 'InProgress')
      leave(world, pipeline, execution, fails ? 'Failed' : 'Succeeded');
  };
  if (!pipeline.hangs) return void time.at(time.now() + lasts, end);
  world.later(lasts, end);
  world.halfReleased(pipeline.name);
  pipeline.hangs = false;
};

/** An execution comes out of the stage, and the one that waits goes in. */
export const leave = (
  world: World,
  pipeline: Pipeline,
  execution: Execution,
  status: 'Succeeded' | 'Failed' | 'Stopped',
): void => {
  execution.status = status;
  execution.reached = status === 'Succeeded';
  pipeline.lastInStage = { execution, status, changedAt: world.time.now() };
  pipeline.inStage = null;
  if (status === 'Succeeded') world.released(pipeline.name, execution);
  world.tell(stageEvent(world, pipeline, execution, status.toUpperCase()));
  const next = pipeline.waiting;
  pipeline.waiting = null;
  if (next !== null) deploy(world, pipeline, next);
};

/** What CodePipeline answers, and does. */
export const answerPipeline = (world: World, command: unknown): object | null => {
  if (command instanceof GetPipelineStateCommand) return stateOf(world.pipeline(command.input.name));
  if (command instanceof ListPipelineExecutionsCommand)
    return { pipelineExecutionSummaries: world.pipeline(command.input.pipelineName).executions.map(summaryOf) };
  if (command instanceof GetPipelineExecutionCommand) return oneExecution(world, command.input);
  if (command instanceof RollbackStageCommand) return rollBack(world, command.input);
  if (command instanceof StartPipelineExecutionCommand) return startAgain(world, command.input);
  return null;
};

const stateOf = ({ lastInStage }: Pipeline) => ({
  stageStates: [
    {
      stageName: 'Deploy',
      ...(lastInStage === null
        ? { actionStates: [] }
        : {
            actionStates: [{ latestExecution: { lastStatusChange: new Date(lastInStage.changedAt) } }],
            latestExecution: { pipelineExecutionId: lastInStage.execution.id, status: lastInStage.status },
          }),
    },
  ],
});

const summaryOf = ({ id, commit, rollbackTo, trigger, startedAt, status }: Execution) => ({
  pipelineExecutionId: id,
  status,
  startTime: new Date(startedAt),
  executionType: rollbackTo === null ? 'STANDARD' : 'ROLLBACK',
  sourceRevisions: [{ actionName: 'Source', revisionId: commit }],
  trigger: { triggerType: trigger === 'start' ? 'StartPipelineExecution' : 'CloudWatchEvent' },
  ...(rollbackTo === null ? {} : { rollbackMetadata: { rollbackTargetPipelineExecutionId: rollbackTo } }),
});

const oneExecution = (
  world: World,
  input: { pipelineName?: string | undefined; pipelineExecutionId?: string | undefined },
) => {
  const found = world.pipeline(input.pipelineName).executions.find(({ id }) => id === input.pipelineExecutionId);
  if (found === undefined)
    throw new PipelineExecutionNotFoundException({ message: 'no such execution', $metadata: {} });
  const { status, executionType, rollbackMetadata } = summaryOf(found) as ReturnType<typeof summaryOf> & {
    rollbackMetadata?: object;
  };
  const artifactRevisions = [{ revisionId: found.commit }];
  return { pipelineExecution: { status, executionType, artifactRevisions, rollbackMetadata } };
};

const rollBack = (world: World, input: RollbackStageCommand['input']) => {
  const pipeline = world.pipeline(input.pipelineName);
  if (pipeline.inStage !== null) throw new ConflictException({ message: 'the stage is in progress', $metadata: {} });
  const target = pipeline.executions.find(({ id }) => id === input.targetPipelineExecutionId);
  const isRefused = world.refusesRollback || world.chance.is(0.1);
  if (target?.reached !== true || target.rollbackTo !== null || isRefused)
    throw new UnableToRollbackStageException({ message: 'it cannot be rolled back to', $metadata: {} });
  const execution = begin(world, pipeline, { commit: target.commit, rollbackTo: target.id });
  deploy(world, pipeline, execution);
  return { pipelineExecutionId: execution.id };
};

const startAgain = (world: World, input: StartPipelineExecutionCommand['input']) => {
  const pipeline = world.pipeline(input.name);
  const token = input.clientRequestToken ?? null;
  const before = pipeline.executions.find((execution) => token !== null && execution.token === token);
  const commit = input.sourceRevisions?.[0]?.revisionValue ?? '';
  const execution = before ?? startExecution(world, pipeline, commit, { trigger: 'start', token });
  return { pipelineExecutionId: execution.id };
};

const eventOf = (world: World, what: string, pipeline: Pipeline, execution: Execution, detail: object) => ({
  version: '0',
  id: world.chance.id().slice(0, 36),
  'detail-type': `CodePipeline ${what} Execution State Change`,
  source: 'aws.codepipeline',
  account: world.account,
  region: world.region,
  time: new Date(world.time.now()).toISOString(),
  resources: [`arn:aws:codepipeline:${world.region}:${world.account}:${pipeline.name}`],
  detail: {
    pipeline: pipeline.name,
    'execution-id': execution.id,
    version: 1,
    'pipeline-execution-attempt': execution.attempt,
    ...detail,
  },
});

export const sourceSucceeded = (world: World, pipeline: Pipeline, execution: Execution) =>
  eventOf(world, 'Action', pipeline, execution, {
    stage: 'Source',
    action: 'Source',
    state: 'SUCCEEDED',
    'action-execution-id': `${execution.id}-source`,
    region: world.region,
    type: { owner: 'AWS', provider: 'CodeCommit', category: 'Source', version: '1' },
    'execution-result': { 'external-execution-id': execution.commit, 'external-execution-summary': 'a change' },
  });

export const stageEvent = (world: World, pipeline: Pipeline, execution: Execution, state: string) =>
  eventOf(world, 'Stage', pipeline, execution, {
    stage: 'Deploy',
    state,
    'start-time': new Date(world.time.now()).toISOString(),
  });
