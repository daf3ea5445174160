/** A deployment group of CodeDeploy as it is kept. */
export type DeploymentGroup = {
  id: string;
  application: string;
  name: string;
  computePlatform: string;
  /** rolls back by itself when a deployment fails */
  rollsBack: boolean;
};

/** A deployment of CodeDeploy as it is kept; where it stands follows from this and the time. */
export type Deployment = {
  id: string;
  application: string;
  group: string;
  computePlatform: string;
  revision: object;
  creator: 'user' | 'codeDeployRollback';
  /** the deployment this one rolls back */
  rollbackOf: string | null;
  /** rolls back by itself when it fails */
  rollsBack: boolean;
  /** the deployment that rolls this one back; empty where there is nothing to go back to */
  rollbackId: string | null;
  /** ms, as all times here */
  createdAt: number;
  pace: number;
  /** what it ends as by itself; null where it never does */
  end: 'Succeeded' | 'Failed' | null;
  stopped: { at: number } | null;
};

export type DeploymentStatus = 'Created' | 'InProgress' | 'Succeeded' | 'Failed' | 'Stopped';

type Stage = { status: DeploymentStatus; at: number };

const stagesOf = ({ createdAt, pace, end, stopped }: Deployment): Stage[] => {
  const untouched: Stage[] = [
    { status: 'Created', at: createdAt },
    { status: 'InProgress', at: createdAt + pace },
    ...(end === null ? [] : [{ status: end, at: createdAt + 3 * pace }]),
  ];
  if (stopped === null) return untouched;
  return [...untouched.filter(({ at }) => at < stopped.at), { status: 'Stopped', at: stopped.at + pace }];
};

/** Where a deployment stands at a time (ms), and since when. */
export const statusAt = (deployment: Deployment, now: number): Stage =>
  stagesOf(deployment).findLast(({ at }) => at <= now) ?? { status: 'Created', at: deployment.createdAt };

export const isOver = (status: DeploymentStatus): boolean => ['Succeeded', 'Failed', 'Stopped'].includes(status);

/** What GetDeployment shows. */
export const deploymentView = (now: number, deployment: Deployment) => {
  const { id, application, group, computePlatform, revision, creator, rollbackOf, rollsBack, rollbackId } = deployment;
  const { status, at } = statusAt(deployment, now);
  return {
    applicationName: application,
    deploymentGroupName: group,
    deploymentId: id,
    computePlatform,
    revision,
    status,
    creator,
    createTime: new Date(deployment.createdAt),
    startTime: status === 'Created' ? undefined : new Date(deployment.createdAt + deployment.pace),
    completeTime: isOver(status) ? new Date(at) : undefined,
    errorInformation:
      status === 'Failed' ? { code: 'HEALTH_CONSTRAINTS', message: 'Too few healthy instances.' } : undefined,
    autoRollbackConfiguration: { enabled: rollsBack, events: rollsBack ? ['DEPLOYMENT_FAILURE'] : [] },
    rollbackInfo: rollbackInfo(rollbackId, rollbackOf),
  };
};

const rollbackInfo = (rollbackId: string | null, rollbackOf: string | null) => {
  if (rollbackOf !== null)
    return { rollbackTriggeringDeploymentId: rollbackOf, rollbackMessage: 'Rolls back a deployment.' };
  if (rollbackId === null) return undefined;
  return rollbackId === ''
    ? { rollbackMessage: 'There is no successful deployment to go back to.' }
    : { rollbackDeploymentId: rollbackId, rollbackMessage: 'The last successful deployment is deployed again.' };
};

/** What GetDeploymentGroup shows. @param deployments of the group, oldest first */
export const groupView = (now: number, group: DeploymentGroup, deployments: Deployment[]) => {
  const good = deployments.findLast((one) => statusAt(one, now).status === 'Succeeded');
  return {
    applicationName: group.application,
    deploymentGroupId: group.id,
    deploymentGroupName: group.name,
    computePlatform: group.computePlatform,
    autoRollbackConfiguration: { enabled: group.rollsBack, events: group.rollsBack ? ['DEPLOYMENT_FAILURE'] : [] },
    targetRevision: good?.revision,
    lastSuccessfulDeployment: good && lastView(now, good),
    lastAttemptedDeployment: deployments.length === 0 ? undefined : lastView(now, deployments.at(-1) as Deployment),
  };
};

const lastView = (now: number, deployment: Deployment) => {
  const { status, at } = statusAt(deployment, now);
  return {
    deploymentId: deployment.id,
    status,
    createTime: new Date(deployment.createdAt),
    endTime: isOver(status) ? new Date(at) : undefined,
  };
};
