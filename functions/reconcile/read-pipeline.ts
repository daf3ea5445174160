import { type ExecutionRead, executionEvents } from '../../shared/reconcile/executions.ts';
import {
  afterNewest,
  type Back,
  changedSince,
  furtherBack,
  type Listed,
  type ListProgress,
  notRead,
} from '../../shared/reconcile/progress.ts';
import type { ExecutionPage, PipelineHistory } from '../support/pipeline-history.ts';
import type { Batch, Run } from './batch.ts';

/**
 * Reads the newest executions of a pipeline, then goes on into the past from where it was. Newest first, so that a ladder
 * knows of each release what replaced it; within an execution oldest first.
 */
export async function* readPipeline(
  history: PipelineHistory,
  pipeline: string,
  before: ListProgress | null,
  run: Run,
): AsyncGenerator<Batch<ListProgress>> {
  const newest = await history.executions(pipeline, null);
  if (newest === null || newest === 'stale') return;
  for (const execution of changedSince(before, newest.executions)) yield await readExecution(history, execution, run);
  let progress = afterNewest(before, listed(newest), run.until);
  yield { rereads: [], gaps: [], progress };
  while (progress.back !== null) {
    const page = await pageAt(history, pipeline, progress.back);
    if (page === null) return;
    const older = notRead(progress.back, page.executions, startedAt);
    for (const execution of older) yield await readExecution(history, execution, run);
    progress = { ...progress, back: furtherBack(progress.back, listed(page)) };
    yield { rereads: [], gaps: [], progress };
  }
}

const startedAt = (execution: ExecutionRead) => execution.startedAt;

const listed = ({ executions, token }: ExecutionPage): Listed => ({
  times: executions.map(startedAt),
  token,
  isLast: token === null,
});

/** A token that is not taken any more: from the newest on again, over what was read already. */
const pageAt = async (history: PipelineHistory, pipeline: string, { token }: Back): Promise<ExecutionPage | null> => {
  const page = await history.executions(pipeline, token);
  if (page !== 'stale') return page;
  const first = await history.executions(pipeline, null);
  return first === 'stale' ? null : first;
};

const readExecution = async (
  history: PipelineHistory,
  execution: ExecutionRead,
  { place }: Run,
): Promise<Batch<ListProgress>> => {
  const actions = await history.actions(execution.pipeline, execution.id);
  return { rereads: executionEvents(execution, actions, place), gaps: [], progress: null };
};
