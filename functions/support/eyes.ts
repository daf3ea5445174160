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
import { aliasBefore } from './aliases.ts';
import { automationBefore } from './automations.ts';
import { deploymentGroupBefore } from './deployment-groups.ts';
import { serviceBefore } from './ecs-services.ts';
import { refreshBefore } from './instance-refreshes.ts';
import { instanceBefore } from './instances.ts';
import { createOutcomes } from './outcomes.ts';
import { redeployBefore, runBefore } from './pipelines.ts';
import { retryBefore, stopBefore } from './stages.ts';

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
  before: (ladder: LadderConfig, intent: Of, running: string | null) => Promise<Partial<TargetReadings>>;
  /** how it stands, once begun; null when that could not be read */
  after: (step: StepUnderWay & { intent: Of }) => Promise<OutcomeReading | null>;
};

export type Eyes = Eye<Intent>;
type LooksByName = { [Of in Intent as Of['action']]: Eye<Of>['before'] };

/** The eye of every action. */
export const createEyes = (clients: TargetClients): Eyes => {
  const looks: LooksByName = {
    redeploy: redeployBefore(clients.codePipeline),
    'replace-instances': instanceBefore(clients.autoScaling),
    'retry-stage': retryBefore(clients.codePipeline),
    'start-pipeline': runBefore(clients.codePipeline),
    'stop-execution': stopBefore(clients.codePipeline),
    'refresh-instances': refreshBefore(clients.autoScaling),
    'restart-service': serviceBefore(clients.ecs),
    'previous-task-definition': serviceBefore(clients.ecs),
    'stop-service-deployment': serviceBefore(clients.ecs),
    'stop-deployment': deploymentGroupBefore(clients.codeDeploy),
    'previous-version': aliasBefore(clients.lambda),
    'run-automation': automationBefore(clients.ssm),
  };
  // TypeScript does not see that an intent and the eye of its name belong together.
  const of = ({ action }: Intent) => looks[action] as Eyes['before'];
  return {
    before: (ladder, intent, running) => of(intent)(ladder, intent, running),
    after: createOutcomes(clients),
  };
};

/** What of a target nobody looked at. */
export const notLooked: TargetReadings = { traffic: null, instances: null };
