import { Duration, Names } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IDestination, IEventSourceDlq, IFunction } from 'aws-cdk-lib/aws-lambda';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { type QueueName, queueVariable } from '../../functions/support/environment.ts';
import { type QueueSettings, queueSettings } from '../../shared/queues.ts';
import { raise, type Watch } from './alarm.ts';
import { type HouseFunction, letUse } from './house-function.ts';

export type WorkQueueProps = { name: QueueName; key: IKey; worker: HouseFunction; watch: Watch };

/** A queue, the function that works it off, its dead letters, and the alarm on those. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly name: QueueName;
  private readonly key: IKey;
  private readonly dead: DeadLetters;

  constructor(scope: Construct, id: string, { name, key, worker, watch }: WorkQueueProps) {
    super(scope, id);
    const settings: QueueSettings = queueSettings[name];
    this.name = name;
    this.key = key;
    const dead = new DeadLetters(this, 'DeadLetters', { name, key, watch, fifo: settings.fifo });
    this.dead = dead;
    this.queue = new Queue(this, 'Queue', {
      ...(settings.fifo === true && inOrder(this)),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: longest,
      // AWS's advice: six times the function's timeout, so that a slow batch is not handed out twice.
      visibilityTimeout: Duration.seconds(6 * (worker.timeout?.toSeconds() ?? 0)),
      deadLetterQueue: { queue: dead.queue, maxReceiveCount: settings.receives },
    });
    worker.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: settings.batch,
        ...(settings.window > 0 && { maxBatchingWindow: Duration.seconds(settings.window) }),
        maxConcurrency: settings.atOnce,
        reportBatchItemFailures: true,
      }),
    );
    dead.letBury(worker);
    const metric = this.queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: 'Maximum' });
    raise(this, watch, { name: `A queue is late: ${name}`, metric, above: settings.late, periods: 5, silence: 'well' });
  }

  /** Lets a function put its dead letters back, and tells it where it is. */
  letRedrive(worker: HouseFunction): void {
    this.letSend(worker);
    worker.letCall(['sqs:GetQueueAttributes'], [this.queue.queueArn]);
    worker.letCall(['sqs:GetQueueUrl', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'], [this.dead.queue.queueArn]);
  }

  /** Lets a function send to it, and tells it where it is. */
  letSend(sender: HouseFunction): void {
    sender.letCall(['sqs:SendMessage'], [this.queue.queueArn]);
    letUse(this.key, sender);
    sender.addEnvironment(queueVariable(this.name), this.queue.queueUrl);
  }
}

const minute = Duration.minutes(1);
/** What nobody could take is kept this long for a person: as long as SQS keeps anything. */
const longest = Duration.days(14);

/** Such a queue's name ends so. Not every CloudFormation gives it a name that does. */
const inOrder = (scope: Construct) => ({
  fifo: true,
  queueName: `${Names.uniqueResourceName(scope, { maxLength: 70, separator: '-' })}.fifo`,
});

export type DeadLettersProps = { name: string; key: IKey; watch: Watch; fifo?: boolean };

/** Dead letters of a queue, of a rule's target or of a stream; anything in it alarms. */
export class DeadLetters extends Construct implements IEventSourceDlq, IDestination {
  readonly queue: Queue;
  readonly name: string;
  private readonly key: IKey;

  constructor(scope: Construct, id: string, { name, key, watch, fifo = false }: DeadLettersProps) {
    super(scope, id);
    this.name = name;
    this.key = key;
    this.queue = new Queue(this, 'Queue', {
      ...(fifo && inOrder(this)),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: longest,
    });
    const metric = this.queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' });
    raise(this, watch, { name: `escalator-${name}-dead-letters`, metric, above: 0, silence: 'well' });
  }

  /** Lets the function that works the queue off give up by itself what fails whatever is mended. */
  letBury(worker: HouseFunction): void {
    worker.letCall(['sqs:GetQueueUrl', 'sqs:SendMessage'], [this.queue.queueArn]);
    letUse(this.key, worker);
  }

  /** Takes what a stream, or a call nobody waits for, could not get done: the function sends it here itself. */
  bind(_from: IConstruct, sender: IFunction): { destination: string } {
    sender.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }));
    letUse(this.key, sender);
    return { destination: this.queue.queueArn };
  }
}
