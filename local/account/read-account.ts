import { AutoScalingClient, paginateDescribeAutoScalingGroups } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient, GetDeploymentGroupCommand } from '@aws-sdk/client-codedeploy';
import {
  type ActionDeclaration,
  CodePipelineClient,
  GetPipelineCommand,
  paginateListPipelines,
  type PipelineDeclaration,
  type StageDeclaration,
} from '@aws-sdk/client-codepipeline';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import {
  type ActionSeen,
  type AlarmSeen,
  type DeploymentGroupSeen,
  deploysOf,
  type EcsServiceSeen,
  type GroupSeen,
  type Inventory,
  type PipelineSeen,
  type StageSeen,
  type Unread,
} from '../../shared/account/inventory.ts';
import type { ClientConfig } from '../../functions/support/aws-clients.ts';
import { unreadOf } from './unread.ts';

/** An ECS service, or a deployment group of CodeDeploy, by its two names. */
type Pair = [string, string];

/** What a configuration names beside what its pipelines deploy to. */
export type Named = { pipelines: string[]; ecsServices: Pair[]; deploymentGroups: Pair[] };

/** Where somebody looks, and as whom; where the AWS SDK's own settings lead, by default. */
export type There = Pick<ClientConfig, 'credentials'> & { region?: string };

const patient = { maxAttempts: 5 };
/** CodePipeline takes few calls a second. */
const adaptive = { ...patient, retryMode: 'adaptive' as const };

/**
 * Reads what there is where the AWS SDK's own settings lead: its credentials, `AWS_REGION`, `AWS_ENDPOINT_URL`. What may
 * not be read is said, and the rest is read all the same.
 *
 * @param named the pipelines to look at, and what else is acted on; null for every pipeline
 * @param there another account or Region, in a role that it lends
 */
export const readAccount = async (named: Named | null, there: There = {}): Promise<Inventory> => {
  const unread: Unread[] = [];
  const reading = async <Seen>(what: string, read: () => Promise<Seen[]>): Promise<Seen[]> => {
    try {
      return await read();
    } catch (error) {
      unread.push(unreadOf(what, error));
      return [];
    }
  };
  const names = named?.pipelines ?? (await reading('the list of pipelines', () => listPipelines(there)));
  const pipelines = await each(names, (name) => reading(`pipeline ${name}`, () => readPipeline(name, there)));
  const deploys = pipelines.flatMap(({ stages }) =>
    stages.flatMap(({ actions }) => actions.flatMap((one) => deploysOf(one) ?? [])),
  );
  const ecs = [
    ...(named?.ecsServices ?? []),
    ...deploys.flatMap((one): Pair[] => (one.to === 'ecs' ? [[one.cluster, one.service]] : [])),
  ];
  const groups = [
    ...(named?.deploymentGroups ?? []),
    ...deploys.flatMap((one): Pair[] => (one.to === 'group' ? [[one.application, one.group]] : [])),
  ];
  return {
    pipelines,
    alarms: await reading('alarms', () => readAlarms(there)),
    groups: await reading('Auto Scaling groups', () => readGroups(there)),
    ecsServices: await each(distinct(ecs), (pair) =>
      reading(`ECS service ${pair.join('/')}`, () => readEcsService(pair, there)),
    ),
    deploymentGroups: await each(distinct(groups), (pair) =>
      reading(`deployment group ${pair.join('/')}`, () => readDeploymentGroup(pair, there)),
    ),
    unread,
  };
};

const distinct = (pairs: Pair[]): Pair[] => [...new Map(pairs.map((pair) => [pair.join('/'), pair])).values()];

/** One after the other: whoever asks once has time. */
const each = async <From, Seen>(all: From[], read: (one: From) => Promise<Seen[]>): Promise<Seen[]> => {
  const seen: Seen[] = [];
  for (const one of all) seen.push(...(await read(one)));
  return seen;
};

const listPipelines = async (there: There): Promise<string[]> => {
  const names: string[] = [];
  for await (const page of paginateListPipelines({ client: new CodePipelineClient({ ...adaptive, ...there }) }, {}))
    names.push(...(page.pipelines ?? []).flatMap(({ name }) => name ?? []));
  return names;
};

/** Empty where there is none of that name. */
const readPipeline = async (name: string, there: There): Promise<PipelineSeen[]> => {
  try {
    const { pipeline } = await new CodePipelineClient({ ...adaptive, ...there }).send(new GetPipelineCommand({ name }));
    return pipeline === undefined ? [] : [pipelineOf(pipeline)];
  } catch (error) {
    if ((error as Error).name === 'PipelineNotFoundException') return [];
    throw error;
  }
};

const pipelineOf = ({ name = '', pipelineType = 'V1', stages = [] }: PipelineDeclaration): PipelineSeen => ({
  name,
  type: pipelineType,
  stages: stages.map(stageOf),
});

const stageOf = ({ name = '', onFailure, actions = [] }: StageDeclaration): StageSeen => ({
  name,
  onFailure: onFailure?.result ?? null,
  actions: actions.map(actionOf),
});

const actionOf = ({ name = '', actionTypeId, roleArn, region, configuration = {} }: ActionDeclaration): ActionSeen => ({
  name,
  category: actionTypeId?.category ?? '',
  provider: actionTypeId?.provider ?? '',
  account: roleArn?.split(':')[4] ?? null,
  region: region ?? null,
  configuration,
});

const readAlarms = async (there: There): Promise<AlarmSeen[]> => {
  const seen: AlarmSeen[] = [];
  const asked = { AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const], MaxRecords: 100 };
  for await (const page of paginateDescribeAlarms({ client: new CloudWatchClient({ ...patient, ...there }) }, asked)) {
    for (const { AlarmName = '', Namespace, Dimensions = [], StateValue = '' } of page.MetricAlarms ?? [])
      seen.push({
        name: AlarmName,
        namespace: Namespace ?? null,
        dimensions: Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value])),
        state: StateValue,
      });
    for (const { AlarmName = '', StateValue = '' } of page.CompositeAlarms ?? [])
      seen.push({ name: AlarmName, namespace: null, dimensions: {}, state: StateValue });
  }
  return seen;
};

const readGroups = async (there: There): Promise<GroupSeen[]> => {
  const seen: GroupSeen[] = [];
  for await (const page of paginateDescribeAutoScalingGroups(
    { client: new AutoScalingClient({ ...patient, ...there }) },
    {},
  ))
    for (const { AutoScalingGroupName = '', Instances = [] } of page.AutoScalingGroups ?? [])
      seen.push({ name: AutoScalingGroupName, instances: Instances.length });
  return seen;
};

/** Empty where there is none of that name, or it is being taken away. */
const readEcsService = async ([cluster, service]: Pair, there: There): Promise<EcsServiceSeen[]> => {
  const client = new ECSClient({ ...patient, ...there });
  const { services = [] } = await client
    .send(new DescribeServicesCommand({ cluster, services: [service] }))
    .catch(noCluster);
  return services
    .filter(({ status }) => status === 'ACTIVE')
    .map(({ deploymentController, deploymentConfiguration }) => ({
      cluster,
      service,
      controller: deploymentController?.type ?? 'ECS',
      circuitBreaker: deploymentConfiguration?.deploymentCircuitBreaker?.enable ?? false,
    }));
};

const noCluster = (error: Error): { services: [] } => {
  if (error.name === 'ClusterNotFoundException') return { services: [] };
  throw error;
};

const notThere = ['ApplicationDoesNotExistException', 'DeploymentGroupDoesNotExistException'];

const readDeploymentGroup = async ([application, group]: Pair, there: There): Promise<DeploymentGroupSeen[]> => {
  try {
    const { deploymentGroupInfo: found } = await new CodeDeployClient({ ...patient, ...there }).send(
      new GetDeploymentGroupCommand({ applicationName: application, deploymentGroupName: group }),
    );
    const autoScalingGroups = (found?.autoScalingGroups ?? []).flatMap(({ name }) => name ?? []);
    return [{ application, group, autoScalingGroups, rollsBack: found?.autoRollbackConfiguration?.enabled ?? false }];
  } catch (error) {
    if (notThere.includes((error as Error).name)) return [];
    throw error;
  }
};
