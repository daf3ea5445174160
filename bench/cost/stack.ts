import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EscalatorStack } from '../../infra/escalator-stack.ts';
import type { Usage } from './bill.ts';

type Resource = { Type: string; Properties: { [property: string]: unknown } };

/** The template that is deployed for a configuration; nothing is bundled. */
export const resourcesOf = (configFile: string): Resource[] => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new EscalatorStack(app, 'Escalator', { config: configFile });
  return Object.values(Template.fromStack(stack).toJSON()['Resources'] as { [id: string]: Resource });
};

/** Minutes of a month of 730 hours, by which AWS reckons. */
export const minutesAMonth = 43_800;

/**
 * How Lambda looks into a queue that is empty: five at a time, each waiting 20 s (AWS Lambda Developer Guide, "Using
 * Lambda with Amazon SQS"; AWS's own reckoning is the same).
 */
const pollsAMinute = 15;

/** What is paid each month because it is there, whether anything happens or not. A metric without data costs nothing. */
export const standingCosts = (resources: Resource[]): Usage => {
  const of = (type: string): Resource[] => resources.filter(({ Type }) => Type === type);
  const polled = of('AWS::Lambda::EventSourceMapping').filter(({ Properties }) => fromQueue(Properties));
  return {
    'kms.key': of('AWS::KMS::Key').length,
    secret: of('AWS::SecretsManager::Secret').length,
    'cloudwatch.alarm': of('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    'cloudwatch.dashboard': of('AWS::CloudWatch::Dashboard').length,
    'sqs.standard': polled.length * pollsAMinute * minutesAMonth,
  };
};

/** The stream is read without charge where Lambda reads it. */
const fromQueue = ({ EventSourceArn: arn }: Resource['Properties']): boolean => JSON.stringify(arn).includes('Queue');

/** An alarm on an expression is billed for each metric that the expression is made of. */
const metricsOf = ({ Properties }: Resource): number => {
  const metrics = Properties['Metrics'] as { MetricStat?: object }[] | undefined;
  return metrics === undefined ? 1 : metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
};

/** How many functions each schedule calls: an idle month must have all of them. */
export const scheduled = (resources: Resource[]): { [schedule: string]: number } => {
  const calls: { [schedule: string]: number } = {};
  for (const { Type, Properties } of resources) {
    const schedule = Properties['ScheduleExpression'];
    if (Type !== 'AWS::Events::Rule' || typeof schedule !== 'string') continue;
    calls[schedule] = (calls[schedule] ?? 0) + (Properties['Targets'] as unknown[]).length;
  }
  return calls;
};
