import { type Action, already, type IntentBase, mayStop, not, wait } from './action.ts';
import { deploymentResource, ecsReading, healing, seesService, serviceResource, unfit } from './ecs-service.ts';

export type StopServiceDeployment = IntentBase & {
  action: 'stop-service-deployment';
  cluster: string;
  service: string;
};

/**
 * Stops the deployment of an ECS service that is under way, and takes it back: StopServiceDeployment with ROLLBACK. One
 * that goes back already goes on doing so when asked again. The environment is diverged until the pipeline agrees.
 */
export const stopServiceDeployment: Action<StopServiceDeployment> = {
  contract: 'natural',
  aside: true,
  about: {
    written: '{ stop-service-deployment: shop/web }',
    does: 'Takes back the deployment of an ECS service that is under way: StopServiceDeployment with ROLLBACK. Waits for one that is being taken back already, and for one that began after the incident did: it may be the fix, and only a person who chose or approved the level stops it. Already so where none is under way. It goes around the pipeline.',
    known: 'ROLLBACK_SUCCESSFUL; a lost answer by whether the deployment goes on',
  },
  aim: ({ cluster, service }) => ({ target: `${cluster}/${service}`, cluster, service }),
  mayAct: ({ target }, readings, known) => {
    const reading = ecsReading(readings.target);
    if (reading === null) return wait(`ECS service ${target} cannot be read`);
    const reason = unfit(reading, target);
    if (reason !== null) return not(reason);
    const heals = healing(reading);
    if (heals !== null) return wait(heals);
    if (reading.underWay === null) return already(`no deployment of ECS service ${target} is under way`);
    return mayStop(reading.underWay, known);
  },
  says: ({ target }) => `stop the deployment of ECS service ${target} and take it back, around its pipeline`,
  grants: (form) => [{ actions: ['ecs:StopServiceDeployment'], on: [serviceResource(form), deploymentResource(form)] }],
  sees: (form) => seesService(form),
};
