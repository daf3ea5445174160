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
import { unreadOf } from './unread.ts';

/** An ECS service, or a deployment group of CodeDeploy, by its two names. */
type Pair = [string, string];

/** What a configuration names beside what its pipelines deploy to. */
export type Named = { pipelines: string[]; ecsServices: Pair[]; deploymentGroups: Pair[] };

/** CodePipeline takes few calls a second. */
const settings = { maxAttempts: 5, retryMode: 'adaptive' as const };

/**
 * Reads what there is where the AWS SDK's own settings lead: its credentials, `AWS_REGION`, `AWS_ENDPOINT_URL`. What may
 * not be read is said, and the rest is read all the same.
 *
 * @param named the pipelines to look at, and what else is acted on; null for every pipeline
 */
export const readAccount = async (named: Named | null): Promise<Inventory> => {
  const unread: Unread[] = [];
  const reading = async <Seen>(what: string, read: () => Promise<Seen[]>): Promise<Seen[]> => {
    try {
      return await read();
    } catch (error) {
      unread.push(unreadOf(what, error));
      return [];
    }
  };
  const names = named?.pipelines ?? (await reading('the list of pipelines', listPipelines));
  const pipelines = await each(names, (name) => reading(`pipeline ${name}`, () => readPipeline(name)));
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
    alarms: await reading('alarms', readAlarms),
    groups: await reading('Auto Scaling groups', readGroups),
    ecsServices: await each(distinct(ecs), (pair) =>
      reading(`ECS service ${pair.join('/')}`, () => readEcsService(pair)),
    ),
    deploymentGroups: await each(distinct(groups), (pair) =>
      reading(`deployment group ${pair.join('/')}`, () => readDeploymentGroup(pair)),
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

const listPipelines = async (): Promise<string[]> => {
  const names: string[] = [];
  for await (const page of paginateListPipelines({ client: new CodePipelineClient(settings) }, {}))
    names.push(...(page.pipelines ?? []).flatMap(({ name }) => name ?? []));
  return names;
};

/** Empty where there is none of that name. */
const readPipeline = async (name: string): Promise<PipelineSeen[]> => {
  try {
    const { pipeline } = await new CodePipelineClient(settings).send(new GetPipelineCommand({ name }));
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

const readAlarms = async (): Promise<AlarmSeen[]> => {
  const seen: AlarmSeen[] = [];
  const asked = { AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const], MaxRecords: 100 };
  for await (const page of paginateDescribeAlarms({ client: new CloudWatchClient({ maxAttempts: 5 }) }, asked)) {
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

const readGroups = async (): Promise<GroupSeen[]> => {
  const seen: GroupSeen[] = [];
  for await (const page of paginateDescribeAutoScalingGroups({ client: new AutoScalingClient({ maxAttempts: 5 }) }, {}))
    for (const { AutoScalingGroupName = '', Instances = [] } of page.AutoScalingGroups ?? [])
      seen.push({ name: AutoScalingGroupName, instances: Instances.length });
  return seen;
};

/** Empty where there is none of that name, or it is being taken away. */
const readEcsService = async ([cluster, service]: Pair): Promise<EcsServiceSeen[]> => {
  const client = new ECSClient({ maxAttempts: 5 });
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

const readDeploymentGroup = async ([application, group]: Pair): Promise<DeploymentGroupSeen[]> => {
  try {
    const { deploymentGroupInfo: found } = await new CodeDeployClient({ maxAttempts: 5 }).send(
      new GetDeploymentGroupCommand({ applicationName: application, deploymentGroupName: group }),
    );
    const autoScalingGroups = (found?.autoScalingGroups ?? []).flatMap(({ name }) => name ?? []);
    return [{ application, group, autoScalingGroups, rollsBack: found?.autoRollbackConfiguration?.enabled ?? false }];
  } catch (error) {
    if (notThere.includes((error as Error).name)) return [];
    throw error;
  }
};
