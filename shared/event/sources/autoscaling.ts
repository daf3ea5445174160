import type { Actor } from '../../trail/entry.ts';
import { serviceActor } from '../actor.ts';
import { firstArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { type JsonObject, number, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';
import { lookUp } from '../look-up.ts';
import { scalingGroupArn } from './called.ts';

const kindsByType: { [detailType: string]: Kind } = {
  'EC2 Instance Launch Successful': 'instance.launched',
  'EC2 Instance Launch Unsuccessful': 'instance.launch-failed',
  'EC2 Instance Terminate Successful': 'instance.terminated',
  'EC2 Instance Terminate Unsuccessful': 'instance.terminate-failed',
  'EC2 Instance Detach Successful': 'instance.detached',
  'EC2 Instance Detach Unsuccessful': 'instance.detach-failed',
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
    lookUp(kindsByType, event.detailType) ?? (event.detailType.startsWith(refresh) ? 'instance-refresh.changed' : null);
  const group = text(event.detail, 'AutoScalingGroupName');
  if (kind === null || group === null) return null;
  return fact(event, context, kind, group);
};

const fact = (event: Envelope, context: Context, kind: Kind, group: string): Fact => {
  const { detail } = event;
  const end = instant(detail['EndTime']);
  return {
    kind,
    subject: firstArn(event, 'autoscaling') ?? scalingGroupArn(event, group, context),
    occurredAt: instant(event.time) ?? end,
    actor: actorOf(event, kind),
    located: context.locate.group(group),
    outcome: kind === 'instance-refresh.changed' ? point(event) : outcomeOf(kind),
    reason: text(detail, 'StatusMessage') ?? text(detail, 'Cause'),
    detail: { ...present({ group, ...whatMoved(event) }), ...causeIn(event), ...capacity(event) },
  };
};

const whatMoved = ({ detail }: Envelope) => ({
  instance: text(detail, 'EC2InstanceId'),
  activity: text(detail, 'ActivityId'),
  refresh: text(detail, 'InstanceRefreshId'),
  checkpoint: number(detail, 'CheckpointPercentage'),
  hook: text(detail, 'LifecycleHookName'),
  cause: text(detail, 'Cause'),
  from: text(detail, 'Origin'),
  to: text(detail, 'Destination'),
});

const outcomeOf = (kind: Kind): string | null => (kind.endsWith('failed') ? 'failed' : (kind.split('.')[1] ?? null));

const point = ({ detailType }: Envelope): string => detailType.slice(refresh.length).toLowerCase().replaceAll(' ', '-');

const byAlarm = /\bmonitor alarm (.{1,255}?) in state\b/;

/** The cause is prose of a few sentences. What begins a change stands first in it: what people do goes before the rest. */
const causes: [causedBy: string, words: RegExp][] = [
  ['user', /\buser (?:request|health-check)\b/],
  ['alarm', byAlarm],
  ['schedule', /\bscheduled action\b/],
  ['instance-refresh', /\binstance refresh\b/],
  ['health-check', /\bhealth[ -]check\b/],
  ['capacity', /\bdifference between desired and actual capacity\b/],
];

/** A cause as it is looked at (characters): AWS writes a few hundred. */
const maxCause = 4_000;

const causeOf = ({ detail }: Envelope): string => (text(detail, 'Cause') ?? '').slice(0, maxCause);

const causedBy = (event: Envelope): string | null =>
  causes.find(([, words]) => words.test(causeOf(event)))?.[0] ?? null;

const causeIn = (event: Envelope): JsonObject =>
  present({ causedBy: causedBy(event), alarm: byAlarm.exec(causeOf(event))?.[1] });

/** A user request is somebody's, and neither event nor cause says whose: the call behind it, where it comes, does. */
const actorOf = (event: Envelope, kind: Kind): Actor =>
  causedBy(event) === 'user' || asked.has(kind) || point(event) === 'rollback-started'
    ? { type: 'unknown' }
    : serviceActor('autoscaling.amazonaws.com');

const asked = new Set<Kind>(['instance-refresh.started', 'instance-refresh.canceled']);

/** Into a warm pool, or out of one to be terminated, an instance comes or goes without the group's capacity changing. */
const capacity = ({ detail }: Envelope): JsonObject => {
  const [from, to] = [text(detail, 'Origin'), text(detail, 'Destination')];
  if (from === null || to === null) return {};
  return { changesCapacity: (from === 'AutoScalingGroup') !== (to === 'AutoScalingGroup') };
};
