import {
  type CodeDeployClient,
  type DeploymentInfo,
  GetDeploymentCommand,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
} from '@aws-sdk/client-codedeploy';
import type { DeploymentGroupReading } from '../../shared/ladder/actions/stop-deployment.ts';
import type { OutcomeReading } from '../../shared/ladder/input.ts';
import type { Intent } from '../../shared/ladder/intents.ts';
import type { Eye } from './eyes.ts';
import { seen, seenOf, sinceOf } from './seen.ts';

type StopDeployment = Extract<Intent, { action: 'stop-deployment' }>;

/** What is seen of a deployment group of CodeDeploy whose deployment an act stops. */
export const deploymentGroupBefore =
  (client: CodeDeployClient): Eye<StopDeployment>['before'] =>
  async (_ladder, intent) => ({ target: await seen(() => readGroup(client, intent)) });

/** What became of the act. */
export const deploymentGroupAfter =
  (client: CodeDeployClient): Eye<StopDeployment>['after'] =>
  ({ operation }) =>
    seenOf(operation, (id) => readRolledBack(client, id));

const readGroup = async (
  client: CodeDeployClient,
  { application, group }: StopDeployment,
): Promise<DeploymentGroupReading> => {
  const of = { applicationName: application, deploymentGroupName: group };
  const { deployments = [] } = await client.send(
    new ListDeploymentsCommand({ ...of, includeOnlyStatuses: ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'] }),
  );
  // A group deploys one at a time; a rollback that waits behind the one it rolls back is what counts then.
  const found = await Promise.all(deployments.slice(0, 5).map((id) => readDeployment(client, id)));
  const underWay = found.find((one) => one !== undefined && isRollback(one)) ?? found[0];
  const { deploymentGroupInfo } = await client.send(new GetDeploymentGroupCommand(of));
  return {
    of: 'deployment-group',
    underWay: underWay === undefined ? null : viewOf(underWay),
    good: deploymentGroupInfo?.lastSuccessfulDeployment?.deploymentId ?? null,
  };
};

export const readDeployment = async (
  client: CodeDeployClient,
  deploymentId: string,
): Promise<DeploymentInfo | undefined> =>
  (await client.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo;

const isRollback = ({ creator, rollbackInfo }: DeploymentInfo): boolean =>
  creator === 'codeDeployRollback' || rollbackInfo?.rollbackTriggeringDeploymentId !== undefined;

const viewOf = (one: DeploymentInfo) => ({
  id: one.deploymentId ?? '',
  status: one.status ?? 'Created',
  since: sinceOf(one.createTime),
  rollback: isRollback(one),
});

/** How the rollback of a deployment that was stopped stands. */
const readRolledBack = async (client: CodeDeployClient, id: string): Promise<OutcomeReading> => {
  const stopped = await readDeployment(client, id);
  if (stopped?.status === 'Succeeded')
    return { status: 'failed', reason: `${id} succeeded before it could be stopped` };
  const rollback = stopped?.rollbackInfo?.rollbackDeploymentId;
  if (rollback === undefined || rollback === '')
    return { status: 'running', reason: `${id} is ${stopped?.status}, and not rolled back yet` };
  const { status, errorInformation } = (await readDeployment(client, rollback)) ?? {};
  const reason = `the rollback ${rollback} is ${status}`;
  if (status === 'Succeeded') return { status: 'done', reason };
  if (status !== 'Failed' && status !== 'Stopped') return { status: 'running', reason };
  return { status: 'failed', reason: `${reason}: ${errorInformation?.message ?? 'CodeDeploy says no reason'}` };
};
