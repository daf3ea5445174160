import { Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { topicPrefix } from '../../functions/support/environment.ts';
import { developersOf } from '../../shared/alert/change/plan.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Watch } from './alarm.ts';
import { HouseFunction, letUse } from './house-function.ts';
import type { Trail } from './trail.ts';
import { WorkQueue } from './work-queue.ts';

const commentCalls = ['codecommit:PostCommentForComparedCommit', 'codecommit:PostCommentForPullRequest'];

export type AlertsProps = { key: IKey; config: Config; trail: Trail; watchdog: Watch };

/** Who is told: a topic for each that the configuration names, and send-alert behind its queue. */
export class Alerts extends Construct {
  readonly queue: WorkQueue;
  readonly topics: { [name: string]: Topic } = {};
  private readonly first: Topic | undefined;
  private readonly watchdog: Watch;

  constructor(scope: Construct, id: string, { key, config, trail, watchdog }: AlertsProps) {
    super(scope, id);
    this.watchdog = watchdog;
    const sender = new HouseFunction(this, 'SendAlert', {
      name: 'send-alert',
      config,
      key,
      timeout: Duration.seconds(30),
    });
    trail.letCountTries(sender);
    this.letComment(sender, config);
    for (const [name, topic] of Object.entries(config.topics)) {
      const arn =
        topic.region === undefined ? this.add(name, topic.sns, key) : elsewhere(this, topic.sns, topic.region);
      sender.letCall(['sns:Publish'], [arn]);
      sender.addEnvironment(`${topicPrefix}${name}`, arn);
    }
    letUse(key, sender);
    [this.first] = Object.values(this.topics);
    this.letAlarmsPublish(key);
    this.queue = new WorkQueue(this, 'Queue', { name: 'alerts', key, worker: sender, watch: this });
  }

  /** Only where the configuration wants comments, and only in the repositories that it names. */
  private letComment(sender: HouseFunction, config: Config): void {
    const repositories = developersOf(config).comments.map((resource) =>
      Stack.of(this).formatArn({ service: 'codecommit', resource }),
    );
    if (repositories.length > 0) sender.letCall(commentCalls, repositories);
  }

  private add(name: string, topicName: string, masterKey: IKey): string {
    const topic = new Topic(this, `Topic-${name}`, { topicName, masterKey, enforceSSL: true });
    this.topics[name] = topic;
    return topic.topicArn;
  }

  /** A topic with a policy of its own lets nobody in who is not named, and it is encrypted: CloudWatch needs both. */
  private letAlarmsPublish(key: IKey): void {
    const account = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: account });
    this.first?.grantPublish(cloudWatch);
    key.grant(cloudWatch, 'kms:Decrypt', 'kms:GenerateDataKey*');
  }

  /**
   * Alarms about Escalator itself go to the watchdog's topic, and to the first of ours: whoever is told of incidents must
   * know when nobody can be.
   */
  watch(alarm: Alarm): void {
    this.watchdog.watch(alarm);
    if (this.first !== undefined) alarm.addAlarmAction(new SnsAction(this.first));
  }
}

/** A topic in another Region, which a stack there makes. */
const elsewhere = (scope: Construct, resource: string, region: string): string =>
  Stack.of(scope).formatArn({ service: 'sns', resource, region });
