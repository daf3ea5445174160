import type { Intent } from '../../shared/ladder/intents.ts';
import { aliasAfter } from './aliases.ts';
import { automationAfter } from './automations.ts';
import { deploymentGroupAfter } from './deployment-groups.ts';
import { serviceAfter, serviceDeploymentAfter } from './ecs-services.ts';
import type { Eye, Eyes, TargetClients } from './eyes.ts';
import { refreshAfter } from './instance-refreshes.ts';
import { instanceAfter } from './instances.ts';
import { redeployAfter, runAfter } from './pipelines.ts';
import { retryAfter, stopAfter } from './stages.ts';

type OutcomesByName = { [Of in Intent as Of['action']]: Eye<Of>['after'] };

/** How a step stands that was begun. Apart from what is looked at before an act: whoever only follows needs none of that. */
export const createOutcomes = (clients: TargetClients): Eyes['after'] => {
  const outcomes: OutcomesByName = {
    redeploy: redeployAfter(clients.codePipeline),
    'replace-instances': instanceAfter(clients.autoScaling),
    'retry-stage': retryAfter(clients.codePipeline),
    'start-pipeline': runAfter(clients.codePipeline),
    'stop-execution': stopAfter(clients.codePipeline),
    'refresh-instances': refreshAfter(clients.autoScaling),
    'restart-service': serviceAfter(clients.ecs),
    'previous-task-definition': serviceAfter(clients.ecs),
    'stop-service-deployment': serviceDeploymentAfter(clients.ecs),
    'stop-deployment': deploymentGroupAfter(clients.codeDeploy),
    'previous-version': aliasAfter(clients.lambda),
    'run-automation': automationAfter(clients.ssm),
  };
  // TypeScript does not see that an intent and the outcome of its name belong together.
  return (step) => (outcomes[step.intent.action] as Eyes['after'])(step);
};
