import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { LadderConfig } from '../../shared/config/config.ts';
import type { OutcomeReading } from '../../shared/ladder/input.ts';
import type { Intent } from '../../shared/ladder/intents.ts';
import type { TargetReadings } from '../../shared/ladder/may-act.ts';
import type { StepUnderWay } from '../../shared/ladder/reads.ts';
import { aliasEye } from './aliases.ts';
import { automationEye } from './automations.ts';
import { deploymentGroupEye } from './deployment-groups.ts';
import { serviceDeploymentEye, serviceEye } from './ecs-services.ts';
import { refreshEye } from './instance-refreshes.ts';
import { instanceEye } from './instances.ts';
import { redeployEye, runEye } from './pipelines.ts';
import { retryEye, stopEye } from './stages.ts';

/** Clients of the services that acts are seen and done with. */
export type TargetClients = {
  codePipeline: CodePipelineClient;
  autoScaling: AutoScalingClient;
  codeDeploy: CodeDeployClient;
  ecs: ECSClient;
  lambda: LambdaClient;
  ssm: SSMClient;
};

/** What is seen of an act's target: right before it, and what became of it. An eye changes nothing. */
export type Eye<Of extends Intent> = {
  /** what its action wants to know right before; a part that could not be read is null */
  before(ladder: LadderConfig, intent: Of, running: string | null): Promise<Partial<TargetReadings>>;
  /** how it stands, once begun; null when that could not be read */
  after(step: StepUnderWay & { intent: Of }): Promise<OutcomeReading | null>;
};

export type Eyes = Eye<Intent>;
type EyesByName = { [Of in Intent as Of['action']]: Eye<Of> };

/** The eye of every action. */
export const createEyes = (clients: TargetClients): Eyes => {
  const eyes: EyesByName = {
    redeploy: redeployEye(clients.codePipeline),
    'replace-instances': instanceEye(clients.autoScaling),
    'retry-stage': retryEye(clients.codePipeline),
    'start-pipeline': runEye(clients.codePipeline),
    'stop-execution': stopEye(clients.codePipeline),
    'refresh-instances': refreshEye(clients.autoScaling),
    'restart-service': serviceEye(clients.ecs),
    'previous-task-definition': serviceEye(clients.ecs),
    'stop-service-deployment': serviceDeploymentEye(clients.ecs),
    'stop-deployment': deploymentGroupEye(clients.codeDeploy),
    'previous-version': aliasEye(clients.lambda),
    'run-automation': automationEye(clients.ssm),
  };
  // TypeScript does not see that an intent and the eye of its name belong together.
  const of = ({ action }: Intent) => eyes[action] as Eye<Intent>;
  return {
    before: (ladder, intent, running) => of(intent).before(ladder, intent, running),
    after: (step) => of(step.intent).after(step),
  };
};

/** What of a target nobody looked at. */
export const notLooked: TargetReadings = { traffic: null, instances: null };
