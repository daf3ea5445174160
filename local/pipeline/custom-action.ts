import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactDir } from './artifacts.ts';
import type { Outcome } from './changes.ts';
import type { ActionRun, Execution } from './execution.ts';
import type { ActionProvider, ActionResult } from './provider.ts';
import type { ActionDeclaration } from './structure.ts';

/** Minutes until an action whose provider does not answer has failed, where the declaration says nothing else. */
const defaultTimeoutMinutes = 60;

type CustomJob = {
  execution: Execution;
  action: ActionDeclaration;
  run: ActionRun;
  commit: string;
  signal: AbortSignal;
};

/** Asks the provider of a custom action; what it throws, and not answering in time, is a failed run. */
export const runCustom = async (
  provider: ActionProvider | undefined,
  artifacts: string,
  { execution, action, run, commit, signal }: CustomJob,
): Promise<Outcome> => {
  if (provider === undefined)
    return failed(`there is no provider '${action.actionTypeId.provider}'`, 'ConfigurationError');
  const minutes = action.timeoutInMinutes ?? defaultTimeoutMinutes;
  const deadline = AbortSignal.timeout(minutes * 60_000);
  const given = AbortSignal.any([signal, deadline]);
  const job = {
    pipeline: execution.pipeline,
    stage: run.stage,
    action: run.action,
    execution: execution.id,
    actionExecution: run.id,
    configuration: action.configuration,
    inputDir: await inputOf(artifacts, run),
    commit,
    rollback: execution.type === 'ROLLBACK',
    signal: given,
  };
  try {
    return { result: await Promise.race([provider(job), whenAborted(given)]) };
  } catch (error) {
    if (deadline.aborted) return failed(`the provider did not answer within ${minutes} minutes`, 'ActionTimedOut');
    return failed(error instanceof Error ? error.message : String(error), 'JobFailed');
  }
};

/** An action without an input gets an empty directory. */
const inputOf = async (artifacts: string, run: ActionRun): Promise<string> => {
  const input = run.inputs[0];
  if (input !== undefined) return artifactDir(artifacts, input.location);
  const none = join(artifacts, 'none');
  await mkdir(none, { recursive: true });
  return none;
};

const whenAborted = (signal: AbortSignal): Promise<ActionResult> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
    if (signal.aborted) reject(new Error('given up'));
  });

const failed = (summary: string, errorCode: string): Outcome => ({ result: { status: 'Failed', summary, errorCode } });
