/** What there is in an account and Region, as far as a configuration is about it: read, and nothing concluded. */
export type Inventory = {
  pipelines: PipelineSeen[];
  alarms: AlarmSeen[];
  /** Auto Scaling groups */
  groups: GroupSeen[];
  ecsServices: EcsServiceSeen[];
  deploymentGroups: DeploymentGroupSeen[];
  /** what could not be read, and why */
  unread: Unread[];
};

export type PipelineSeen = { name: string; type: string; stages: StageSeen[] };
export type StageSeen = {
  name: string;
  /** what CodePipeline itself does when the stage fails: ROLLBACK, RETRY, SKIP; null where nothing */
  onFailure: string | null;
  actions: ActionSeen[];
};
export type ActionSeen = {
  name: string;
  category: string;
  provider: string;
  /** the account of the role that it runs as, where it has one of its own */
  account: string | null;
  region: string | null;
  configuration: { [name: string]: string };
};

export type AlarmSeen = {
  name: string;
  namespace: string | null;
  dimensions: { [name: string]: string };
  /** OK, ALARM or INSUFFICIENT_DATA */
  state: string;
};
export type GroupSeen = { name: string; instances: number };
export type EcsServiceSeen = { cluster: string; service: string; controller: string; circuitBreaker: boolean };
export type DeploymentGroupSeen = {
  application: string;
  group: string;
  autoScalingGroups: string[];
  rollsBack: boolean;
};
/** `denied` where the caller may not: somebody has to let it. */
export type Unread = { what: string; why: string; denied: boolean };

/** What an action of a pipeline deploys to, by its own configuration (CodePipeline User Guide, "Action structure reference"). */
export type Deploys =
  | { to: 'ecs'; cluster: string; service: string }
  | { to: 'group'; application: string; group: string }
  | { to: 'stack'; stack: string }
  | { to: 'other'; provider: string };

/** Null of an action that deploys nothing. */
export const deploysOf = ({ category, provider, configuration }: ActionSeen): Deploys | null => {
  const { ClusterName: cluster, ServiceName: service, ApplicationName: application } = configuration;
  const { DeploymentGroupName: group, StackName: stack } = configuration;
  if (category !== 'Deploy') return null;
  if (provider === 'ECS' && cluster !== undefined && service !== undefined) return { to: 'ecs', cluster, service };
  if (application !== undefined && group !== undefined) return { to: 'group', application, group };
  if (provider === 'CloudFormation' && stack !== undefined) return { to: 'stack', stack };
  return { to: 'other', provider };
};
