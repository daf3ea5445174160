import {
  type ActionExecutionDetail,
  type CodePipelineClient,
  InvalidNextTokenException,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  PipelineExecutionNotFoundException,
  type PipelineExecutionSummary,
  PipelineNotFoundException,
} from '@aws-sdk/client-codepipeline';
import type { ActionRead, ExecutionRead } from '../../shared/reconcile/executions.ts';
import type { Pace } from './pace.ts';

export type ExecutionPage = { executions: ExecutionRead[]; token: string | null };

/** What CodePipeline keeps of a pipeline's past: twelve months (CodePipeline User Guide, "Quotas"). */
export type PipelineHistory = {
  /**
   * Executions, newest first.
   * @returns null where there is no such pipeline; `stale` where the token is not taken any more
   */
  executions(pipeline: string, token: string | null): Promise<ExecutionPage | 'stale' | null>;
  /** every run of an action in an execution */
  actions(pipeline: string, execution: string): Promise<ActionRead[]>;
};

/** So many executions are listed in a page, and the newest page is read in every run. */
export const executionsAtOnce = 50;
const actionsAtOnce = 100;
/** An execution has at most 50 stages of 50 actions; these are so many retries that nobody reads them. */
const actionPagesAtMost = 50;

export const createPipelineHistory = (client: CodePipelineClient, pace: Pace): PipelineHistory => ({
  executions: async (pipelineName, token) => {
    try {
      const answer = await pace(() =>
        client.send(
          new ListPipelineExecutionsCommand({
            pipelineName,
            maxResults: executionsAtOnce,
            ...(token !== null && { nextToken: token }),
          }),
        ),
      );
      const summaries = answer.pipelineExecutionSummaries ?? [];
      return {
        executions: summaries.flatMap((one) => executionOf(pipelineName, one)),
        token: answer.nextToken ?? null,
      };
    } catch (error) {
      if (error instanceof PipelineNotFoundException) return null;
      if (error instanceof InvalidNextTokenException && token !== null) return 'stale';
      throw error;
    }
  },
  actions: async (pipelineName, pipelineExecutionId) => {
    const found: ActionRead[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < actionPagesAtMost; page += 1) {
      const answer = await pace(() =>
        client.send(
          new ListActionExecutionsCommand({
            pipelineName,
            filter: { pipelineExecutionId },
            maxResults: actionsAtOnce,
            ...(nextToken !== undefined && { nextToken }),
          }),
        ),
      ).catch(noneOf);
      found.push(...(answer.actionExecutionDetails ?? []).flatMap(actionOf));
      nextToken = answer.nextToken;
      if (nextToken === undefined) break;
    }
    return found;
  },
});

/** An execution may be forgotten between two calls. */
const noneOf = (error: unknown): { actionExecutionDetails?: ActionExecutionDetail[]; nextToken?: string } => {
  if (error instanceof PipelineExecutionNotFoundException) return {};
  throw error;
};

/** What says neither what nor when is nothing that happened. */
const executionOf = (pipeline: string, one: PipelineExecutionSummary): ExecutionRead[] => {
  const { pipelineExecutionId: id, status, startTime, lastUpdateTime, trigger, executionType } = one;
  if (id === undefined || status === undefined || startTime === undefined) return [];
  const target = one.rollbackMetadata?.rollbackTargetPipelineExecutionId ?? null;
  return [
    {
      pipeline,
      id,
      status,
      startedAt: startTime.toISOString(),
      updatedAt: (lastUpdateTime ?? startTime).toISOString(),
      trigger:
        trigger?.triggerType === undefined
          ? null
          : { type: trigger.triggerType, detail: trigger.triggerDetail ?? null },
      rollback: executionType === 'ROLLBACK' ? { target } : null,
      stopReason: one.stopTrigger?.reason ?? null,
    },
  ];
};

const actionOf = (one: ActionExecutionDetail): ActionRead[] => {
  const { actionExecutionId: id, stageName: stage, actionName: action, status, startTime, lastUpdateTime } = one;
  if (id === undefined || stage === undefined || action === undefined || startTime === undefined) return [];
  return [
    {
      id,
      stage,
      action,
      version: one.pipelineVersion ?? null,
      status: status ?? 'InProgress',
      startedAt: startTime.toISOString(),
      updatedAt: (lastUpdateTime ?? startTime).toISOString(),
      type: typeOf(one),
      region: one.input?.region ?? null,
      result: resultOf(one),
    },
  ];
};

const typeOf = ({ input }: ActionExecutionDetail): ActionRead['type'] => ({
  owner: input?.actionTypeId?.owner ?? '',
  provider: input?.actionTypeId?.provider ?? '',
  category: input?.actionTypeId?.category ?? '',
  version: input?.actionTypeId?.version ?? '',
});

const resultOf = ({ output }: ActionExecutionDetail): ActionRead['result'] => {
  const result = output?.executionResult;
  if (result === undefined) return null;
  return {
    id: result.externalExecutionId ?? null,
    summary: result.externalExecutionSummary ?? result.errorDetails?.message ?? null,
    url: result.externalExecutionUrl ?? null,
    errorCode: result.errorDetails?.code ?? null,
  };
};
