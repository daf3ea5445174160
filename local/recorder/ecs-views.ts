import type { World } from '../world.ts';
import {
  isOver,
  type Revision,
  type Rollout,
  type RolloutStatus,
  stageAt,
  stagesOf,
  wantedRevision,
} from './rollout.ts';

/** An ECS service as it is kept. */
export type EcsService = {
  cluster: string;
  name: string;
  status: 'ACTIVE' | 'INACTIVE';
  controller: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  desiredCount: number;
  breaker: { enable: boolean; rollback: boolean };
  createdAt: number;
};

export type TaskDefinition = { family: string; revision: number; containers: unknown[]; registeredAt: number };

/** The ARNs of a place, as ECS makes them. */
export const ecsArns = ({ account, region }: Pick<World, 'account' | 'region'>) => {
  const arn = (rest: string): string => `arn:aws:ecs:${region}:${account}:${rest}`;
  return {
    cluster: (cluster: string) => arn(`cluster/${cluster}`),
    service: ({ cluster, name }: EcsService) => arn(`service/${cluster}/${name}`),
    deployment: ({ cluster, name }: EcsService, id: string) => arn(`service-deployment/${cluster}/${name}/${id}`),
    revision: ({ cluster, name }: EcsService, id: string) => arn(`service-revision/${cluster}/${name}/${id}`),
    taskDefinition: (familyAndRevision: string) => arn(`task-definition/${familyAndRevision}`),
  };
};

export type EcsArns = ReturnType<typeof ecsArns>;

/** @param rollouts the service's deployments, oldest first */
export const serviceView = (arns: EcsArns, service: EcsService, rollouts: Rollout[], now: number) => {
  const newest = rollouts.at(-1);
  const deployments = newest === undefined ? [] : deploymentViews(arns, service, newest, now);
  const ongoing = newest !== undefined && !isOver(stageAt(newest, now).status) ? newest : null;
  return {
    serviceArn: arns.service(service),
    serviceName: service.name,
    clusterArn: arns.cluster(service.cluster),
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: service.desiredCount,
    pendingCount: 0,
    launchType: 'FARGATE',
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: service.controller },
    deploymentConfiguration: {
      deploymentCircuitBreaker: service.breaker,
      maximumPercent: 200,
      minimumHealthyPercent: 100,
    },
    taskDefinition: newest && arns.taskDefinition(wantedRevision(newest, now).taskDefinition),
    deployments,
    events: [],
    currentServiceDeployment: ongoing === null ? undefined : arns.deployment(service, ongoing.id),
    createdAt: new Date(service.createdAt),
  };
};

/** The older view of the same: the set of tasks that is wanted, and the one before while that is not steady. */
const deploymentViews = (arns: EcsArns, service: EcsService, rollout: Rollout, now: number) => {
  const { status, at } = stageAt(rollout, now);
  const wanted = wantedRevision(rollout, now);
  const other = wanted === rollout.target ? rollout.source : rollout.target;
  const view = (revision: Revision, place: 'PRIMARY' | 'ACTIVE', rolloutState: string, why: string) => ({
    id: `ecs-svc/${revision !== rollout.target && revision === wanted ? rollout.backId : revision.id}`,
    status: place,
    taskDefinition: arns.taskDefinition(revision.taskDefinition),
    desiredCount: service.desiredCount,
    runningCount: rolloutState === 'COMPLETED' ? service.desiredCount : 0,
    pendingCount: rolloutState === 'COMPLETED' ? 0 : service.desiredCount,
    failedTasks: rollout.steady || revision !== rollout.target ? 0 : 3,
    rolloutState,
    rolloutStateReason: why,
    createdAt: new Date(revision === rollout.target ? rollout.createdAt : at),
    updatedAt: new Date(at),
    launchType: 'FARGATE',
  });
  const primary = view(wanted, 'PRIMARY', rolloutStates[status], `ECS deployment is ${status}.`);
  if (other === null || status === 'SUCCESSFUL' || status === 'ROLLBACK_SUCCESSFUL') return [primary];
  return [primary, view(other, 'ACTIVE', wanted === rollout.target ? 'COMPLETED' : 'FAILED', 'draining')];
};

const rolloutStates: { [status in RolloutStatus]: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' } = {
  PENDING: 'IN_PROGRESS',
  IN_PROGRESS: 'IN_PROGRESS',
  SUCCESSFUL: 'COMPLETED',
  STOP_REQUESTED: 'IN_PROGRESS',
  STOPPED: 'FAILED',
  ROLLBACK_REQUESTED: 'IN_PROGRESS',
  ROLLBACK_IN_PROGRESS: 'IN_PROGRESS',
  ROLLBACK_SUCCESSFUL: 'COMPLETED',
  ROLLBACK_FAILED: 'FAILED',
};

/** What ListServiceDeployments shows of one. */
export const briefView = (arns: EcsArns, service: EcsService, rollout: Rollout, now: number) => {
  const { status, at } = stageAt(rollout, now);
  return {
    serviceDeploymentArn: arns.deployment(service, rollout.id),
    serviceArn: arns.service(service),
    clusterArn: arns.cluster(service.cluster),
    createdAt: new Date(rollout.createdAt),
    startedAt: status === 'PENDING' ? undefined : new Date(rollout.createdAt + rollout.pace),
    finishedAt: isOver(status) ? new Date(at) : undefined,
    targetServiceRevisionArn: arns.revision(service, rollout.target.id),
    status,
    statusReason: reasonOf(rollout, status),
  };
};

/** What DescribeServiceDeployments shows of one. */
export const rolloutView = (arns: EcsArns, service: EcsService, rollout: Rollout, now: number) => {
  const { targetServiceRevisionArn: arn, ...brief } = briefView(arns, service, rollout, now);
  const count = {
    requestedTaskCount: service.desiredCount,
    runningTaskCount: service.desiredCount,
    pendingTaskCount: 0,
  };
  const backSince = stagesOf(rollout).find(({ status, at }) => status === 'ROLLBACK_IN_PROGRESS' && at <= now);
  const { source } = rollout;
  return {
    ...brief,
    updatedAt: new Date(stageAt(rollout, now).at),
    targetServiceRevision: { arn, ...count },
    sourceServiceRevisions: source === null ? [] : [{ arn: arns.revision(service, source.id), ...count }],
    deploymentCircuitBreaker: {
      status: breakerStatus(rollout, now),
      failureCount: rollout.steady ? 0 : 3,
      threshold: 3,
    },
    rollback:
      source === null || backSince === undefined
        ? undefined
        : {
            reason: reasonOf(rollout, backSince.status),
            startedAt: new Date(backSince.at),
            serviceRevisionArn: arns.revision(service, source.id),
          },
  };
};

const breakerStatus = (rollout: Rollout, now: number): string => {
  if (!rollout.breaker.enable) return 'DISABLED';
  const { status } = stageAt(rollout, now);
  if (rollout.stopped === null && rollout.replacedAt === null && !rollout.steady && broke.includes(status))
    return 'TRIGGERED';
  return isOver(status) ? 'MONITORING_COMPLETE' : 'MONITORING';
};

const broke: RolloutStatus[] = ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL', 'STOPPED'];

const reasonOf = (rollout: Rollout, status: RolloutStatus): string | undefined => {
  if (rollout.stopped !== null && rollout.stopped.type === 'ROLLBACK')
    return 'Service deployment rolled back because it was stopped by a user.';
  if (rollout.replacedAt !== null && status === 'STOPPED') return 'Service deployment was replaced by a newer one.';
  return broke.includes(status)
    ? 'Service deployment rolled back because the circuit breaker threshold was exceeded.'
    : undefined;
};

export const revisionView = (arns: EcsArns, service: EcsService, revision: Revision) => ({
  serviceRevisionArn: arns.revision(service, revision.id),
  serviceArn: arns.service(service),
  clusterArn: arns.cluster(service.cluster),
  taskDefinition: arns.taskDefinition(revision.taskDefinition),
  launchType: 'FARGATE',
  createdAt: new Date(revision.createdAt),
});

export const taskDefinitionView = (arns: EcsArns, definition: TaskDefinition) => ({
  taskDefinitionArn: arns.taskDefinition(`${definition.family}:${definition.revision}`),
  family: definition.family,
  revision: definition.revision,
  containerDefinitions: definition.containers,
  status: 'ACTIVE',
  registeredAt: new Date(definition.registeredAt),
});
