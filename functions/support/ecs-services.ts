import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeploymentBrief,
} from '@aws-sdk/client-ecs';
import type { EcsServiceName, EcsServiceReading } from '../../shared/ladder/actions/ecs-service.ts';
import type { OutcomeReading } from '../../shared/ladder/input.ts';
import type { Intent } from '../../shared/ladder/intents.ts';
import type { Eye } from './eyes.ts';
import { seen, seenOf, sinceOf } from './seen.ts';

type ServiceIntent = Extract<Intent, { cluster: string }>;

/** What is seen of an ECS service whose tasks an act renews or takes back. */
export const serviceBefore =
  <Of extends ServiceIntent>(client: ECSClient): Eye<Of>['before'] =>
  async (_ladder, intent) => ({
    target: await seen(() =>
      readService(client, intent, intent.action === 'previous-task-definition' ? intent.avoid : null),
    ),
  });

/** What became of the act. */
export const serviceAfter =
  <Of extends ServiceIntent>(client: ECSClient): Eye<Of>['after'] =>
  ({ intent, operation }) =>
    seenOf(operation, (id) => readRollout(client, intent, id));

/** What became of the deployment that an act stopped. */
export const serviceDeploymentAfter =
  (client: ECSClient): Eye<Extract<Intent, { action: 'stop-service-deployment' }>>['after'] =>
  ({ operation }) =>
    seenOf(operation, (arn) => readTakenBack(client, arn));

/**
 * Reads a service before an act.
 * @param avoid looks for the task definition before, which is none of these; null where none is looked for
 */
export const readService = async (
  client: ECSClient,
  of: EcsServiceName,
  avoid: string[] | null,
): Promise<EcsServiceReading> => {
  const found = await describe(client, of);
  const isOurs = found?.status === 'ACTIVE' && controllerOf(found) === 'ECS';
  const deployments = isOurs ? await listDeployments(client, of) : [];
  const current = shortOf(found?.taskDefinition);
  const underWay = deployments.find(({ status }) => !over.includes(status ?? ''));
  return {
    of: 'ecs-service',
    status: found?.status ?? 'MISSING',
    controller: found === undefined ? 'ECS' : controllerOf(found),
    desired: found?.desiredCount ?? 0,
    taskDefinition: current,
    primary: primaryOf(found),
    underWay: underWay === undefined ? null : viewOf(underWay),
    previous: avoid !== null && current !== null ? await previousOf(client, deployments, current, avoid) : null,
  };
};

const viewOf = ({ serviceDeploymentArn, status, createdAt }: ServiceDeploymentBrief) => ({
  id: serviceDeploymentArn ?? '',
  status: status ?? 'PENDING',
  since: sinceOf(createdAt),
});

const over = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];

const describe = async (client: ECSClient, { cluster, service }: EcsServiceName): Promise<Service | undefined> =>
  (await client.send(new DescribeServicesCommand({ cluster, services: [service] }))).services?.[0];

/** A service that says nothing of its controller has ECS's own. */
const controllerOf = ({ deploymentController }: Service): string => deploymentController?.type ?? 'ECS';

/** The id of the set of tasks that a service wants. */
export const primaryOf = (service: Service | undefined): string | null =>
  service?.deployments?.find(({ status }) => status === 'PRIMARY')?.id ?? null;

export const shortOf = (arn: string | undefined): string | null => arn?.slice(arn.lastIndexOf('/') + 1) ?? null;

/** The newest hundred, newest first. */
const listDeployments = async (
  client: ECSClient,
  { cluster, service }: EcsServiceName,
): Promise<ServiceDeploymentBrief[]> => {
  const asked = new ListServiceDeploymentsCommand({ cluster, service, maxResults: 100 });
  const { serviceDeployments = [] } = await client.send(asked);
  return serviceDeployments.toSorted((a, b) => Number(b.createdAt ?? 0) - Number(a.createdAt ?? 0));
};

/** As many revisions are described in one call. */
const revisionsAtMost = 20;

/** The newest task definition of the same family that is older than the one there is and ran steadily. */
const previousOf = async (
  client: ECSClient,
  deployments: ServiceDeploymentBrief[],
  current: string,
  avoid: string[],
): Promise<string | null> => {
  const steady = deployments.filter(({ status }) => status === 'SUCCESSFUL');
  const arns = steady.flatMap((one) => one.targetServiceRevisionArn ?? []).slice(0, revisionsAtMost);
  if (arns.length === 0) return null;
  const asked = new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns });
  const { serviceRevisions = [] } = await client.send(asked);
  const madeOf = new Map(serviceRevisions.map((one) => [one.serviceRevisionArn, shortOf(one.taskDefinition)]));
  return arns.map((arn) => madeOf.get(arn) ?? '').find((one) => isOlder(one, current) && !avoid.includes(one)) ?? null;
};

/** `web:2` is older than `web:3`; task definitions of other families are not compared. */
const isOlder = (candidate: string, current: string): boolean => {
  const [family, revision] = candidate.split(':');
  const [ofFamily, ofRevision] = current.split(':');
  return family === ofFamily && Number(revision) < Number(ofRevision);
};

/** How the set of tasks that an act asked for stands. */
const readRollout = async (client: ECSClient, of: EcsServiceName, id: string): Promise<OutcomeReading> => {
  const found = await describe(client, of);
  const ours = found?.deployments?.find((deployment) => deployment.id === id);
  if (ours === undefined)
    return { status: 'failed', reason: `its tasks (${id}) are gone: something else was deployed` };
  const reason = ours.rolloutStateReason ?? `the rollout is ${ours.rolloutState}`;
  if (ours.rolloutState === 'FAILED' || ours.status !== 'PRIMARY') return { status: 'failed', reason };
  return { status: ours.rolloutState === 'COMPLETED' ? 'done' : 'running', reason };
};

/** How the taking back of a deployment stands. */
const readTakenBack = async (client: ECSClient, arn: string): Promise<OutcomeReading> => {
  const asked = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
  const status = (await client.send(asked)).serviceDeployments?.[0]?.status ?? 'MISSING';
  const reason = `the service deployment is ${status}`;
  if (status === 'ROLLBACK_SUCCESSFUL') return { status: 'done', reason };
  return { status: over.includes(status) || status === 'MISSING' ? 'failed' : 'running', reason };
};
