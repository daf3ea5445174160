import type { EcsServiceReading } from './actions/ecs-service.ts';
import type { StageReading } from './actions/pipeline.ts';
import type { PreviousTaskDefinition } from './actions/previous-task-definition.ts';
import type { AliasReading, PreviousVersion } from './actions/previous-version.ts';
import type { Redeploy } from './actions/redeploy.ts';
import type { RefreshInstances, RefreshReading } from './actions/refresh-instances.ts';
import type { ReplaceInstances } from './actions/replace-instances.ts';
import type { RestartService } from './actions/restart-service.ts';
import type { RetryStage } from './actions/retry-stage.ts';
import type { AutomationReading, RunAutomation } from './actions/run-automation.ts';
import type { StartPipeline } from './actions/start-pipeline.ts';
import type { DeploymentGroupReading, StopDeployment } from './actions/stop-deployment.ts';
import type { StopExecution } from './actions/stop-execution.ts';
import type { StopServiceDeployment } from './actions/stop-service-deployment.ts';

/** What we are about to do. Durable before anything is done; carried out by take-step and by nothing else. */
export type Intent =
  | Redeploy
  | ReplaceInstances
  | RetryStage
  | StartPipeline
  | StopExecution
  | RefreshInstances
  | RestartService
  | PreviousTaskDefinition
  | StopServiceDeployment
  | StopDeployment
  | PreviousVersion
  | RunAutomation;

export type { Cause, Redeploy } from './actions/redeploy.ts';
export type { ReplaceInstances } from './actions/replace-instances.ts';
export type { RetryStage } from './actions/retry-stage.ts';
export type { StartPipeline } from './actions/start-pipeline.ts';
export type { StopExecution } from './actions/stop-execution.ts';

/**
 * That somebody is doing it: who, in which of its attempts, the instances that are given up, where some are, and what
 * was read of its target right before: what reading back compares with.
 */
export type Claim = { holder: string; attempt: string; instances: string[]; target?: TargetReading };

/** What actions read of their targets; one that needs no more than traffic or instances has none. `of` tells them apart. */
export type TargetReading =
  | StageReading
  | EcsServiceReading
  | DeploymentGroupReading
  | RefreshReading
  | AliasReading
  | AutomationReading
  | Missing;

/** Its service says for sure that it is not there. */
export type Missing = { of: 'nothing'; reason: string };
