import type { Action, IntentBase } from './action.ts';
import { ecsReading, mayDeploy, seesService, serviceResource } from './ecs-service.ts';

export type RestartService = IntentBase & { action: 'restart-service'; cluster: string; service: string };

/**
 * New tasks for an ECS service, of the task definition it has: UpdateService with forceNewDeployment. Asked for twice it
 * would be done twice, so a lost answer is read back: a set of tasks that was not there before is the proof.
 */
export const restartService: Action<RestartService> = {
  contract: 'none',
  about: {
    written: '{ restart-service: shop/web }',
    does: 'New tasks for an ECS service, of the task definition it has: UpdateService with forceNewDeployment. Waits for a deployment under way, and while the circuit breaker, an alarm or a person takes one back. Refused for a service that is not ACTIVE, is deployed by CodeDeploy or EXTERNAL, or wants no tasks.',
    known: 'the rollout is COMPLETED; a lost answer by a set of tasks (`ecs-svc/...`) that was not there before',
  },
  aim: ({ cluster, service }) => ({ target: `${cluster}/${service}`, cluster, service }),
  mayAct: ({ target }, readings) => mayDeploy(ecsReading(readings.target), target),
  says: ({ target }) => `start new tasks for ECS service ${target}`,
  grants: (form) => [{ actions: ['ecs:UpdateService'], on: [serviceResource(form)] }],
  sees: (form) => seesService(form),
};
