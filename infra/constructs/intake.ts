import { Duration, Stack } from 'aws-cdk-lib';
import { type CfnRule, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type IntakeRule, intakeRules, secretReadRules } from '../../shared/event/rules.ts';
import type { Watch } from './alarm.ts';
import type { DigestKey } from './digest-key.ts';
import type { Config } from '../../shared/config/config.ts';
import { HouseFunction } from './house-function.ts';
import type { Members } from './members.ts';
import type { Trail } from './trail.ts';
import { DeadLetters, WorkQueue } from './work-queue.ts';

export type IntakeProps = {
  key: IKey;
  config: Config;
  trail: Trail;
  digests: DigestKey;
  alerts: Watch;
  members: Members;
  /** whether reads of secrets are recorded too */
  secretReads: boolean;
};

/** How facts get onto the trail: rules on the account's bus, two queues, and record-change behind each. */
export class Intake extends Construct {
  readonly queues: WorkQueue[] = [];

  constructor(
    scope: Construct,
    id: string,
    { key, config, trail, digests, alerts, members, secretReads }: IntakeProps,
  ) {
    super(scope, id);
    const undelivered = new DeadLetters(this, 'Undelivered', { name: 'intake-undelivered', key, watch: alerts });
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    key.grant(new ServicePrincipal('events.amazonaws.com', { conditions }), 'kms:Decrypt', 'kms:GenerateDataKey*');
    for (const rule of intakeRules(Stack.of(this).account, ...members.accounts)) {
      // A function for each queue: a storm in one cannot take the other's concurrency.
      const recorder = new HouseFunction(this, `RecordChange-${rule.queue}`, {
        name: 'record-change',
        config,
        key,
        timeout: Duration.seconds(60),
      });
      trail.letAppend(recorder);
      trail.letPutDetails(recorder);
      digests.letDigest(recorder);
      const work = new WorkQueue(this, `Queue-${rule.queue}`, {
        name: rule.queue,
        key,
        worker: recorder,
        watch: alerts,
      });
      this.queues.push(work);
      this.addRule(`Rule-${rule.queue}`, rule, work, undelivered);
    }
    const bulk = this.queues.find(({ name }) => name === 'bulk');
    if (!secretReads || bulk === undefined) return;
    for (const rule of secretReadRules(Stack.of(this).account)) {
      const made = this.addRule(`Rule-${rule.name}`, rule, bulk, undelivered);
      // No other state is told of what only reads.
      (made.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    }
  }

  private addRule(id: string, { name, pattern }: IntakeRule, work: WorkQueue, undelivered: DeadLetters): Rule {
    return new Rule(this, id, {
      ruleName: name,
      eventPattern: pattern as unknown as EventPattern, // CDK's type knows only plain strings
      targets: [
        new SqsQueue(work.queue, {
          deadLetterQueue: undelivered.queue,
          retryAttempts: 185, // EventBridge's most, within its most
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }
}
