import type { TargetClients } from '../support/eyes.ts';
import type { ActionsByName } from './actions.ts';
import { createPreviousTaskDefinition, createRestartService, createStopServiceDeployment } from './ecs-service.ts';
import { createPreviousVersion } from './previous-version.ts';
import { createRedeploy } from './redeploy.ts';
import { createRefreshInstances } from './refresh-instances.ts';
import { createReplaceInstances } from './replace-instances.ts';
import { createRetryStage } from './retry-stage.ts';
import { createStartPipeline } from './start-pipeline.ts';
import { createStopExecution } from './stop-execution.ts';
import { createRunAutomation } from './run-automation.ts';
import { createStopDeployment } from './stop-deployment.ts';

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
  'refresh-instances': createRefreshInstances(clients.autoScaling),
  'restart-service': createRestartService(clients.ecs),
  'previous-task-definition': createPreviousTaskDefinition(clients.ecs),
  'stop-service-deployment': createStopServiceDeployment(clients.ecs),
  'stop-deployment': createStopDeployment(clients.codeDeploy),
  'previous-version': createPreviousVersion(clients.lambda),
  'run-automation': createRunAutomation(clients.ssm),
});
