import type { Instant } from '../../trail/entry.ts';
import { type Grant, not, type Permission, type Resource, wait } from './action.ts';

/** An ECS service by its cluster and name, as the configuration writes it: `CLUSTER/SERVICE`. */
export type EcsServiceName = { cluster: string; service: string };

/** An ECS service as it was right before an act on it. */
export type EcsServiceReading = {
  of: 'ecs-service';
  /** in ECS's words; MISSING where there is none */
  status: string;
  /** who makes its deployments: ECS, CODE_DEPLOY or EXTERNAL */
  controller: string;
  /** how many tasks it wants */
  desired: number;
  /** what it is made of, or is being made of, as `family:revision` */
  taskDefinition: string | null;
  /** the id of the set of tasks it wants: a new deployment has a new one */
  primary: string | null;
  /** its service deployment under way */
  underWay: { id: string; status: string; since: Instant } | null;
  /** what ran steadily before and is older, as `family:revision`; null where it was not asked for, or there is none */
  previous: string | null;
};

/** States in which ECS takes a deployment back by itself: its circuit breaker, its alarms, or somebody told it to. */
const goingBack = ['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'STOP_REQUESTED'];

/** Whether ECS is healing the service already. It is let finish: two would undo each other's work. */
export const healing = ({ underWay }: EcsServiceReading): string | null =>
  underWay !== null && goingBack.includes(underWay.status)
    ? `ECS takes a deployment back by itself (${underWay.status}): it is let finish`
    : null;

/** What is asked of a service before anything: that it is there, deployed by ECS itself, and wants tasks. */
export const unfit = ({ status, controller, desired }: EcsServiceReading, target: string): string | null => {
  if (status !== 'ACTIVE') return `ECS service ${target} is ${status}`;
  if (controller !== 'ECS')
    return `the deployments of ECS service ${target} are made by ${controller}, not by ECS: stop or redo them there`;
  return desired === 0 ? `ECS service ${target} wants no tasks: an empty target is refused` : null;
};

/**
 * Before a new deployment of a service. One that is under way may be the fix, or the healing: it is never overtaken.
 */
export const mayDeploy = (reading: EcsServiceReading | null, target: string): Permission => {
  if (reading === null) return wait(`ECS service ${target} cannot be read`);
  const reason = unfit(reading, target);
  if (reason !== null) return not(reason);
  const heals = healing(reading);
  if (heals !== null) return wait(heals);
  return reading.underWay === null
    ? { may: 'act' }
    : wait(`a deployment of ECS service ${target} is under way (${reading.underWay.status})`);
};

/** A reading of a service, or null: not read, or of something else. */
export const ecsReading = (reading: { of: string } | null | undefined): EcsServiceReading | null =>
  reading?.of === 'ecs-service' ? (reading as EcsServiceReading) : null;

const ecs = (name: string): Resource => ({ service: 'ecs', name });

export const serviceResource = ({ cluster, service }: EcsServiceName): Resource => ecs(`service/${cluster}/${service}`);
export const deploymentResource = ({ cluster, service }: EcsServiceName): Resource =>
  ecs(`service-deployment/${cluster}/${service}/*`);

/** What looking at a service, its deployments and what they are made of takes. */
export const seesService = (of: EcsServiceName): Grant[] => [
  { actions: ['ecs:DescribeServices', 'ecs:ListServiceDeployments'], on: [serviceResource(of)] },
  { actions: ['ecs:DescribeServiceDeployments'], on: [deploymentResource(of)] },
  { actions: ['ecs:DescribeServiceRevisions'], on: [ecs(`service-revision/${of.cluster}/${of.service}/*`)] },
];
