import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  type Config,
  type LadderConfig,
  laddersOf,
  type LevelConfig,
  type ServiceConfig,
} from '../../shared/config/config.ts';
import type { HouseFunction } from './house-function.ts';

/** Lets a function read what ladders decide on: the pipelines, commits, alarms and groups of the configuration. */
export const letReadTargets = (reader: HouseFunction, config: Config): void => {
  const stack = Stack.of(reader);
  const pipelines = laddersOf(config)
    .flatMap(pipelinesOf)
    .map((pipeline) => pipelineArn(reader, pipeline));
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
  for (const [ladder, level] of laddersOf(config).flatMap(actingLevels)) letAct(actor, ladder, level);
};

/** The service's own, and those that its levels run. */
const pipelinesOf = (ladder: LadderConfig): string[] => [
  ...(ladder.service === null ? [] : [ladder.pipeline]),
  ...ladder.levels.flatMap(({ do: action }) => (action.type === 'start-pipeline' ? [action.pipeline] : [])),
];

const actingLevels = (ladder: LadderConfig): [LadderConfig, LevelConfig][] =>
  ladder.levels.filter(({ mode }) => mode !== 'observe').map((level) => [ladder, level]);

const letAct = (actor: HouseFunction, ladder: LadderConfig, { do: action }: LevelConfig): void => {
  switch (action.type) {
    case 'redeploy':
      return ladder.service === null ? undefined : letRedeploy(actor, ladder);
    case 'start-pipeline':
      return actor.letCall(['codepipeline:StartPipelineExecution'], [pipelineArn(actor, action.pipeline)]);
    case 'replace-instances':
      return actor.letCall(['autoscaling:SetInstanceHealth'], [groupArn(actor, action.group)]);
  }
};

const letRedeploy = (actor: HouseFunction, { pipeline, stage }: ServiceConfig): void => {
  actor.letCall(['codepipeline:RollbackStage'], [`${pipelineArn(actor, pipeline)}/${stage}`]);
  actor.letCall(['codepipeline:StartPipelineExecution'], [pipelineArn(actor, pipeline)]);
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
