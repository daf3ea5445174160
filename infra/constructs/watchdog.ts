import { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export type WatchdogProps = {
  /** the e-mail address of who is told when something is wrong with Escalator; null tells nobody until somebody subscribes */
  tell: string | null;
  /** of the topic, where there may be more than one in an account and Region */
  name?: string;
};

/**
 * Who is told of Escalator itself. Nothing of that way goes through our table, queues, functions, topics or key, so that
 * what breaks them does not break the news of it: CloudWatch evaluates the alarms, and tells a topic with a key of its own.
 */
export class Watchdog extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { tell, name = 'escalator-watchdog' }: WatchdogProps) {
    super(scope, id);
    const masterKey = new Key(this, 'Key', { enableKeyRotation: true, description: 'Escalator: the watchdog' });
    this.topic = new Topic(this, 'Topic', { topicName: name, masterKey, enforceSSL: true });
    const account = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: account });
    this.topic.grantPublish(cloudWatch);
    masterKey.grant(cloudWatch, 'kms:Decrypt', 'kms:GenerateDataKey*');
    if (tell !== null) this.topic.addSubscription(new EmailSubscription(tell));
  }

  watch(alarm: Alarm): void {
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
