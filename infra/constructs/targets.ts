import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config, LevelConfig, ServiceConfig } from '../../shared/config/config.ts';
import type { HouseFunction } from './house-function.ts';

/** Lets a function read what ladders decide on: the pipelines, commits, alarms and groups of the configuration. */
export const letReadTargets = (reader: HouseFunction, config: Config): void => {
  const stack = Stack.of(reader);
  const pipelines = config.services.flatMap(pipelinesOf).map((pipeline) => pipelineArn(reader, pipeline));
  const repositories = config.services.map(({ repository }) =>
    stack.formatArn({ service: 'codecommit', resource: repository }),
  );
  reader.letCall(
    ['codepipeline:GetPipelineState', 'codepipeline:GetPipelineExecution', 'codepipeline:ListPipelineExecutions'],
    distinct(pipelines),
  );
  reader.letCall(['codecommit:GetCommit'], distinct(repositories));
  // No call of these can be narrowed: DescribeAlarms leaves out composite alarms for any narrower grant.
  reader.letCall(
    ['cloudwatch:DescribeAlarms', 'cloudwatch:ListAlarmMuteRules', 'autoscaling:DescribeAutoScalingGroups'],
    ['*'],
  );
};

/** Lets a function do what the levels of the configuration do, to what they name. A level that only observes grants nothing. */
export const letActOnTargets = (actor: HouseFunction, config: Config): void => {
  for (const [service, level] of config.services.flatMap(actingLevels)) letAct(actor, service, level);
};

/** The service's own, and those that its levels run. */
const pipelinesOf = ({ pipeline, levels }: ServiceConfig): string[] => [
  pipeline,
  ...levels.flatMap(({ do: action }) => (action.type === 'start-pipeline' ? [action.pipeline] : [])),
];

const actingLevels = (service: ServiceConfig): [ServiceConfig, LevelConfig][] =>
  service.levels.filter(({ mode }) => mode !== 'observe').map((level) => [service, level]);

const letAct = (actor: HouseFunction, { pipeline, stage }: ServiceConfig, { do: action }: LevelConfig): void => {
  switch (action.type) {
    case 'redeploy':
      actor.letCall(['codepipeline:RollbackStage'], [`${pipelineArn(actor, pipeline)}/${stage}`]);
      return actor.letCall(['codepipeline:StartPipelineExecution'], [pipelineArn(actor, pipeline)]);
    case 'start-pipeline':
      return actor.letCall(['codepipeline:StartPipelineExecution'], [pipelineArn(actor, action.pipeline)]);
    case 'replace-instances':
      return actor.letCall(['autoscaling:SetInstanceHealth'], [groupArn(actor, action.group)]);
  }
};

const pipelineArn = (scope: Construct, pipeline: string): string =>
  Stack.of(scope).formatArn({ service: 'codepipeline', resource: pipeline });

/** A group's ARN holds an id that only AWS knows: the name is exact, the id is anybody's. */
const groupArn = (scope: Construct, group: string): string =>
  Stack.of(scope).formatArn({
    service: 'autoscaling',
    resource: 'autoScalingGroup',
    resourceName: `*:autoScalingGroupName/${group}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const distinct = (arns: string[]): string[] => [...new Set(arns)];
