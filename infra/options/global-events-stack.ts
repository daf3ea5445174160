import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus, type EventPattern, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as ToBus } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { globalRules } from '../../shared/event/rules.ts';

export type GlobalEventsStackProps = StackProps & {
  /** the Region that Escalator is in */
  home: string;
};

/**
 * For us-east-1, where AWS tells of sign-ins and of services without a Region, wherever they were used: it forwards those
 * events to the bus of the Region that Escalator is in. Not needed where that is us-east-1 itself.
 */
export class GlobalEventsStack extends Stack {
  constructor(scope: Construct, id: string, { home, ...props }: GlobalEventsStackProps) {
    super(scope, id, { description: 'Escalator, optional: sign-ins and global services, from us-east-1', ...props });
    const arn = this.formatArn({ service: 'events', region: home, resource: 'event-bus', resourceName: 'default' });
    const bus = EventBus.fromEventBusArn(this, 'Home', arn);
    const undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.KMS_MANAGED, // nothing reads it but people, and no key of another Region can be used
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    for (const { name, pattern } of globalRules(this.account))
      new Rule(this, name, {
        ruleName: name,
        eventPattern: pattern as unknown as EventPattern,
        targets: [patiently(new ToBus(bus, { deadLetterQueue: undelivered }))],
      });
  }
}

/** CDK's target of a bus does not say how often it is tried: EventBridge's most, within its most. */
const patiently = (target: IRuleTarget): IRuleTarget => ({
  bind: (rule, id) => ({
    ...target.bind(rule, id),
    retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: Duration.hours(24).toSeconds() },
  }),
});
