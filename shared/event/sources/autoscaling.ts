import { arnOf, firstArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';

const kindsByType: { [detailType: string]: Kind } = {
  'EC2 Instance Launch Successful': 'instance.launched',
  'EC2 Instance Launch Unsuccessful': 'instance.launch-failed',
  'EC2 Instance Terminate Successful': 'instance.terminated',
  'EC2 Instance Terminate Unsuccessful': 'instance.terminate-failed',
  'EC2 Instance-launch Lifecycle Action': 'instance.launching',
  'EC2 Instance-terminate Lifecycle Action': 'instance.terminating',
  'EC2 Auto Scaling Instance Refresh Started': 'instance-refresh.started',
  'EC2 Auto Scaling Instance Refresh Succeeded': 'instance-refresh.succeeded',
  'EC2 Auto Scaling Instance Refresh Failed': 'instance-refresh.failed',
  'EC2 Auto Scaling Instance Refresh Cancelled': 'instance-refresh.canceled',
};

/** Checkpoints, baking and rollbacks of a refresh; which one stands in the detail. */
const refresh = 'EC2 Auto Scaling Instance Refresh ';

/**
 * EC2 Auto Scaling User Guide, "Use EventBridge to handle Auto Scaling events": `source` is `aws.autoscaling`. The
 * detail-type says how it went; `StatusCode` does not (it is `InProgress` on success).
 */
export const autoscaling: Normaliser = (event, context) => {
  const kind =
    kindsByType[event.detailType] ?? (event.detailType.startsWith(refresh) ? 'instance-refresh.changed' : null);
  const group = text(event.detail, 'AutoScalingGroupName');
  if (kind === null || group === null) return null;
  return fact(event, context, kind, group);
};

const fact = (event: Envelope, context: Context, kind: Kind, group: string): Fact => {
  const { detail } = event;
  const end = instant(detail['EndTime']);
  return {
    kind,
    subject: firstArn(event, 'autoscaling') ?? arnOf(event, 'autoscaling', `autoScalingGroup:${group}`, context),
    occurredAt: instant(event.time) ?? end,
    outcome: kind === 'instance-refresh.changed' ? point(event) : outcomeOf(kind),
    reason: text(detail, 'StatusMessage') ?? text(detail, 'Cause'),
    detail: present({
      group,
      instance: text(detail, 'EC2InstanceId'),
      activity: text(detail, 'ActivityId'),
      refresh: text(detail, 'InstanceRefreshId'),
      hook: text(detail, 'LifecycleHookName'),
      cause: text(detail, 'Cause'),
      from: text(detail, 'Origin'),
      to: text(detail, 'Destination'),
    }),
  };
};

const outcomeOf = (kind: Kind): string | null => (kind.endsWith('failed') ? 'failed' : (kind.split('.')[1] ?? null));

const point = ({ detailType }: Envelope): string => detailType.slice(refresh.length).toLowerCase().replaceAll(' ', '-');
