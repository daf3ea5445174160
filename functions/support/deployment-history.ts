import {
  ApplicationDoesNotExistException,
  type CodeDeployClient,
  DeploymentDoesNotExistException,
  DeploymentGroupDoesNotExistException,
  type DeploymentInfo,
  ListDeploymentsCommand,
} from '@aws-sdk/client-codedeploy';
import type { DeploymentRead } from '../../shared/reconcile/deployments.ts';
import type { Instant } from '../../shared/trail/entry.ts';
import { readDeployment } from './deployment-groups.ts';
import type { Pace } from './pace.ts';

export type DeploymentHistory = {
  /** ids of what was created in a time; null where there is no such group */
  created(application: string, group: string, from: Instant, until: Instant): Promise<string[] | null>;
  /** null where there is no such deployment any more */
  deployment(id: string): Promise<DeploymentRead | null>;
};

export const createDeploymentHistory = (client: CodeDeployClient, pace: Pace): DeploymentHistory => ({
  created: async (applicationName, deploymentGroupName, from, until) => {
    const found: string[] = [];
    let nextToken: string | undefined;
    try {
      do {
        const answer = await pace(() =>
          client.send(
            new ListDeploymentsCommand({
              applicationName,
              deploymentGroupName,
              createTimeRange: { start: new Date(from), end: new Date(until) },
              nextToken,
            }),
          ),
        );
        found.push(...(answer.deployments ?? []));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      return found;
    } catch (error) {
      if (error instanceof ApplicationDoesNotExistException || error instanceof DeploymentGroupDoesNotExistException)
        return null;
      throw error;
    }
  },
  deployment: async (id) => {
    try {
      const info = await pace(() => readDeployment(client, id));
      return info === undefined ? null : deploymentOf(id, info);
    } catch (error) {
      if (error instanceof DeploymentDoesNotExistException) return null;
      throw error;
    }
  },
});

const deploymentOf = (id: string, info: DeploymentInfo): DeploymentRead | null => {
  const { createTime, startTime, completeTime, errorInformation } = info;
  if (createTime === undefined) return null;
  return {
    id,
    application: info.applicationName ?? '',
    group: info.deploymentGroupName ?? '',
    status: info.status ?? '',
    createdAt: createTime.toISOString(),
    startedAt: startTime?.toISOString() ?? null,
    completedAt: completeTime?.toISOString() ?? null,
    error:
      errorInformation === undefined
        ? null
        : { code: errorInformation.code ?? null, message: errorInformation.message ?? null },
  };
};
