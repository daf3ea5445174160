import { type CodeDeployClient, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { groupReading, type StopDeployment } from '../../shared/ladder/actions/stop-deployment.ts';
import { readDeployment } from '../support/deployment-groups.ts';
import type { Action } from './actions.ts';
import { refused, result } from './answers.ts';
import { diverged } from './ecs-service.ts';

/** StopDeployment with its rollback. Stopping twice stops once: that the deployment stops proves the act. */
export const createStopDeployment = (client: CodeDeployClient): Action<StopDeployment> => ({
  start: async (_service, { target }, readings) => {
    const deploymentId = groupReading(readings.target)?.underWay?.id;
    if (deploymentId === undefined) return result('refused', `no deployment is under way in ${target}`);
    try {
      await client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
      return result('started', `StopDeployment of ${deploymentId} with its rollback; ${diverged}`, {
        operation: deploymentId,
      });
    } catch (error) {
      // It ended in the moment before; what is under way now is looked at again.
      return refused(error, ['DeploymentAlreadyCompletedException']);
    }
  },
  readBack: async (_service, intent, claim) => {
    const id = groupReading(claim.target)?.underWay?.id;
    const deployment = id === undefined ? undefined : await readDeployment(client, id);
    if (id === undefined || deployment === undefined) return result('unknown', `${intent.target} cannot be read back`);
    if (deployment.rollbackInfo?.rollbackDeploymentId === undefined && deployment.status !== 'Stopped')
      return result('not-started', `${id} is ${deployment.status}`);
    return result('started', `${id} is ${deployment.status}, and rolled back; ${diverged}`, { operation: id });
  },
});
