import type { TargetClients } from '../support/eyes.ts';
import type { ActionsByName } from './actions.ts';
import { createRedeploy } from './redeploy.ts';
import { createReplaceInstances } from './replace-instances.ts';
import { createRetryStage } from './retry-stage.ts';
import { createStartPipeline } from './start-pipeline.ts';
import { createStopExecution } from './stop-execution.ts';

/**
 * The hand of every action: what calls AWS, and finds out what became of a call whose answer was lost.
 * @param clients that call once: an answer that is lost is read back, never asked for again
 */
export const createHands = (clients: TargetClients): ActionsByName => ({
  redeploy: createRedeploy(clients.codePipeline),
  'replace-instances': createReplaceInstances(clients.autoScaling),
  'retry-stage': createRetryStage(clients.codePipeline),
  'start-pipeline': createStartPipeline(clients.codePipeline),
  'stop-execution': createStopExecution(clients.codePipeline),
});
