import { Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { readers } from '../../shared/trail/readers.ts';
import { canarySource } from '../../shared/watch/canary.ts';
import { type Dimensions, type MetricName, namespace } from '../../shared/watch/metrics.ts';
import { HouseFunction } from './house-function.ts';
import type { Trail } from './trail.ts';
import type { DeadLetters } from './work-queue.ts';

export type WatchdogProps = {
  key: IKey;
  configFile: string;
  trail: Trail;
  undelivered: DeadLetters;
  /** the e-mail address of who is told when Escalator is silent; null tells nobody until somebody subscribes */
  tell: string | null;
};

const minute = Duration.minutes(1);
/** Longer than anything may lag that is well: a segment is read within seconds, a schedule that fails comes next minute. */
const lateAfterSeconds = 300;

/**
 * What tells when all the rest is silent: a canary goes the whole way each minute, and where its age is not told, or is
 * too great, an alarm says so by a topic and a key of its own. Nothing of that way goes through our table, queues,
 * topics or key, so that what breaks them does not break the news of it.
 */
export class Watchdog extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { key, configFile, trail, undelivered, tell }: WatchdogProps) {
    super(scope, id);
    this.topic = this.makeTopic();
    if (tell !== null) this.topic.addSubscription(new EmailSubscription(tell));
    const watcher = new HouseFunction(this, 'WatchPath', {
      name: 'watch-path',
      configFile,
      key,
      timeout: Duration.seconds(30),
    });
    trail.letRead(watcher);
    const bus = Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
    watcher.letCall(['events:PutEvents'], [bus], { StringEquals: { 'events:source': canarySource } });
    // A look that cannot be had now is not had later: the alarms miss its data.
    watcher.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: minute, onFailure: undelivered });
    new Rule(this, 'EveryMinute', {
      description: 'Escalator: sends a canary',
      schedule: Schedule.rate(minute),
      targets: [
        new LambdaFunction(watcher, {
          event: RuleTargetInput.fromObject({ schedule: true }),
          deadLetterQueue: undelivered.queue,
          retryAttempts: 0,
          maxEventAge: minute,
        }),
      ],
    });
    this.watchOver('The canary is silent', metricOf('CanaryAge', {}));
    for (const reader of Object.values(readers))
      this.watchOver(`A reader is behind: ${reader.replace(/\.\d+$/, '')}`, metricOf('Behind', { Reader: reader }));
  }

  /** A key that somebody disables must not silence the one who would tell of it: this topic has another. */
  private makeTopic(): Topic {
    const masterKey = new Key(this, 'Key', { enableKeyRotation: true, description: 'Escalator: the watchdog' });
    const topic = new Topic(this, 'Topic', { topicName: 'escalator-watchdog', masterKey, enforceSSL: true });
    const account = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: account });
    topic.grantPublish(cloudWatch);
    masterKey.grant(cloudWatch, 'kms:Decrypt', 'kms:GenerateDataKey*');
    return topic;
  }

  /** Who does not say how he is counts as unwell. */
  private watchOver(alarmName: string, metric: Metric): void {
    metric
      .createAlarm(this, alarmName.replaceAll(/\W/g, ''), {
        alarmName,
        alarmDescription: `docs/runbook.md: ${alarmName}`,
        threshold: lateAfterSeconds,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 5, // one canary that is lost, or one look, is not yet silence
        treatMissingData: TreatMissingData.BREACHING,
      })
      .addAlarmAction(new SnsAction(this.topic));
  }
}

const metricOf = <Name extends MetricName>(metricName: Name, dimensionsMap: Dimensions<Name>): Metric =>
  new Metric({ namespace, metricName, dimensionsMap, period: minute, statistic: Stats.MAXIMUM });
