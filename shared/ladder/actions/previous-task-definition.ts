import { type Action, type IntentBase, not } from './action.ts';
import { ecsReading, mayDeploy, seesService, serviceResource } from './ecs-service.ts';

export type PreviousTaskDefinition = IntentBase & {
  action: 'previous-task-definition';
  cluster: string;
  service: string;
  /** task definitions that were gone back from within 24 h */
  avoid: string[];
};

/**
 * Takes an ECS service back to the task definition before: the newest older one of its family that ran steadily. It
 * goes around the pipeline, so the environment is diverged until the pipeline agrees.
 */
export const previousTaskDefinition: Action<PreviousTaskDefinition> = {
  contract: 'natural',
  about: {
    written: '{ previous-task-definition: shop/web }',
    does: 'Sets an ECS service to the task definition that ran steadily before: UpdateService. Waits and is refused as `restart-service` is, and refused where no older task definition of the family ran steadily. It goes around the pipeline.',
    known: 'the rollout is COMPLETED; a lost answer by the task definition that the service has',
  },
  aside: true,
  goesBack: true,
  aim: ({ cluster, service }, ladder) =>
    ladder.service === null ? null : { target: `${cluster}/${service}`, cluster, service },
  mayAct: ({ target }, readings) => {
    const reading = ecsReading(readings.target);
    const permission = mayDeploy(reading, target);
    if (permission.may !== 'act' || reading?.previous !== null) return permission;
    return not(
      `no older task definition of ECS service ${target} is known to have run steadily: nothing to go back to`,
    );
  },
  says: ({ target }) => `take ECS service ${target} back to its task definition before, around its pipeline`,
  grants: (form) => [{ actions: ['ecs:UpdateService'], on: [serviceResource(form)] }],
  sees: (form) => seesService(form),
};
