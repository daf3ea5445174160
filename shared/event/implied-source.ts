import { type JsonObject, text } from './fields.ts';

/** How the detail-types of each service begin (EventBridge Events Reference). */
const beginnings: [detailType: string, source: string][] = [
  ['CodePipeline ', 'aws.codepipeline'],
  ['CodeCommit ', 'aws.codecommit'],
  ['CodeBuild ', 'aws.codebuild'],
  ['CodeDeploy ', 'aws.codedeploy'],
  ['CloudFormation ', 'aws.cloudformation'],
  ['CloudWatch Alarm ', 'aws.cloudwatch'],
  ['Config ', 'aws.config'],
  ['Inspector2 ', 'aws.inspector2'],
  ['ECR ', 'aws.ecr'],
  ['ECS ', 'aws.ecs'],
  ['EC2 Auto Scaling ', 'aws.autoscaling'],
  ['EC2 Instance Launch ', 'aws.autoscaling'],
  ['EC2 Instance Terminate ', 'aws.autoscaling'],
  ['EC2 Instance-launch ', 'aws.autoscaling'],
  ['EC2 Instance-terminate ', 'aws.autoscaling'],
  ['AWS Health ', 'aws.health'],
  ['Scheduled Event', 'aws.events'],
];

/**
 * Whose event it must be, where the event does not say: recorded samples without `source` exist. EventBridge itself
 * always says it, so such an event is read as what it looks like, and counts as nobody's word.
 *
 * @returns null where the detail-type is not one of a service that is known
 */
export const impliedSource = (detailType: string, detail: JsonObject): string | null => {
  const caller = detailType.endsWith(' via CloudTrail') ? text(detail, 'eventSource') : null;
  if (caller !== null) return `aws.${caller.split('.')[0]}`;
  return beginnings.find(([beginning]) => detailType.startsWith(beginning))?.[1] ?? null;
};
