import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { dimensionsOf, pipelinesChecked } from '../../shared/config/checks.ts';
import type { Config, LadderConfig, LevelConfig } from '../../shared/config/config.ts';
import { laddersAtHome } from '../../shared/config/member.ts';
import { grantsOf, seesOf } from '../../shared/ladder/actions.ts';
import type { Grant, Passed, Resource } from '../../shared/ladder/actions/action.ts';
import { seesPipeline } from '../../shared/ladder/actions/pipeline.ts';
import { type Target, targetsOf } from '../../shared/reconcile/targets.ts';

/** Who calls: a function, or a role that it takes. What it may call stands in the account and Region of its own stack. */
export type Caller = Construct & { letCall(actions: string[], resources: string[]): void };

/** Lets somebody read what ladders decide on: the pipelines, commits, alarms and targets of the configuration. */
export const letReadTargets = (reader: Caller, config: Config, ladders = laddersAtHome(config)): void => {
  const services = ladders.filter((ladder) => ladder.service !== null);
  const repositories = services.map(({ repository }) => ({ service: 'codecommit', name: repository }));
  letCall(reader, [
    ...services.flatMap(({ pipeline }) => seesPipeline(pipeline)),
    ...ladders.flatMap(pipelinesChecked).flatMap(seesPipeline),
    ...ladders.flatMap((ladder) => ladder.levels.flatMap((level) => seesOf(level.do, ladder))),
    { actions: ['codecommit:GetCommit'], on: repositories },
    // Neither can be narrowed: DescribeAlarms leaves out composite alarms for any narrower grant.
    { actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListAlarmMuteRules'], on: '*' },
    ...ladders.flatMap(seesSeries),
  ]);
};

/** Neither can this: it leaves out composite alarms for any narrower grant. */
const seesHistory: Grant = { actions: ['cloudwatch:DescribeAlarmHistory'], on: '*' };

/** Lets a function read how alarms stood in the past. */
export const letReadHistory = (reader: Caller): void => letCall(reader, [seesHistory]);

/** Lets a function read what the services of the configuration keep of their past. */
export const letReadPast = (reader: Caller, ladders: LadderConfig[]): void =>
  letCall(reader, [...targetsOf(ladders).flatMap(seesPastOf), seesHistory]);

const seesPastOf = (target: Target): Grant[] => {
  switch (target.of) {
    case 'pipeline': {
      const actions = ['codepipeline:ListPipelineExecutions', 'codepipeline:ListActionExecutions'];
      return [{ actions, on: [{ service: 'codepipeline', name: target.pipeline }] }];
    }
    case 'branches': {
      const actions = ['codecommit:ListBranches', 'codecommit:GetBranch'];
      return [{ actions, on: [{ service: 'codecommit', name: target.repository }] }];
    }
    case 'deployments': {
      const name = `deploymentgroup:${target.application}/${target.group}`;
      return [
        { actions: ['codedeploy:ListDeployments', 'codedeploy:GetDeployment'], on: [{ service: 'codedeploy', name }] },
      ];
    }
    case 'stack':
      return [
        {
          actions: ['cloudformation:DescribeStackEvents'],
          on: [{ service: 'cloudformation', name: `stack/${target.stack}/*` }], // whichever id it has when it is made anew
        },
      ];
    case 'calls':
      return [{ actions: ['cloudtrail:LookupEvents'], on: '*' }]; // AWS has nothing to narrow it to
    case 'alarm':
      return [];
  }
};

/** Lets somebody look as `escalator doctor` does: at how pipelines are made, and at whatever they deploy to. */
export const letExamine = (reader: Caller, ladders: LadderConfig[]): void => {
  const pipelines = targetsOf(ladders).flatMap((target) => (target.of === 'pipeline' ? [target.pipeline] : []));
  letCall(reader, [
    { actions: ['codepipeline:GetPipeline'], on: pipelines.map((name) => ({ service: 'codepipeline', name })) },
    { actions: ['ecs:DescribeServices'], on: [{ service: 'ecs', name: 'service/*' }] },
    { actions: ['codedeploy:GetDeploymentGroup'], on: [{ service: 'codedeploy', name: 'deploymentgroup:*' }] },
    { actions: ['autoscaling:DescribeAutoScalingGroups'], on: '*' }, // AWS has no narrower grant
  ]);
};

/** Which series of an alarm fail is told of that alarm only. */
const seesSeries = (ladder: LadderConfig): Grant[] => {
  const on = [...dimensionsOf([ladder]).keys()].map((alarm) => ({ service: 'cloudwatch', name: `alarm:${alarm}` }));
  return on.length === 0 ? [] : [{ actions: ['cloudwatch:DescribeAlarmContributors'], on }];
};

/** Lets somebody do what the levels of the configuration do, to what they name. A level that only observes grants nothing. */
export const letActOnTargets = (actor: Caller, config: Config, ladders = laddersAtHome(config)): void => {
  const acting = ladders.flatMap(actingLevels);
  // No metric can be named in a grant; only before an act of a drastic level are they read.
  if (acting.some(([, { drastic }]) => drastic)) letCall(actor, [{ actions: ['cloudwatch:GetMetricData'], on: '*' }]);
  letCall(
    actor,
    acting.flatMap(([ladder, level]) => grantsOf(level.do, ladder)),
  );
};

const actingLevels = (ladder: LadderConfig): [LadderConfig, LevelConfig][] =>
  ladder.levels.filter(({ mode }) => mode !== 'observe').map((level) => [ladder, level]);

/** Grants what is granted on the same resources together, and each once. */
const letCall = (caller: Caller, grants: Grant[]): void => {
  const byActions = Map.groupBy(grants, ({ actions }) => actions.join());
  for (const same of byActions.values()) {
    const arns = same.flatMap(({ on }) => (on === '*' ? ['*'] : on.map((resource) => arnOf(caller, resource))));
    caller.letCall(same[0]?.actions ?? [], [...new Set(arns)]);
  }
};

const arnOf = (scope: Caller, resource: Resource | Passed): string => {
  if ('arn' in resource) return resource.arn;
  const { service, name } = resource;
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:${service}:${region}:${account}:${name}`;
};
