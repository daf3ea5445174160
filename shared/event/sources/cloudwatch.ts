import { firstArn, resourceArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { inWords, present, text } from '../fields.ts';
import { instant } from '../instant.ts';

/** CloudWatch User Guide, "Alarm events and EventBridge": `source` is `aws.cloudwatch`. */
export const cloudwatch: Normaliser = (event, context) => {
  const alarm = text(event.detail, 'alarmName');
  if (alarm === null) return null;
  switch (event.detailType) {
    case 'CloudWatch Alarm State Change':
      return stateChange(event, context, alarm);
    case 'CloudWatch Alarm Contributor State Change':
      return contributor(event, context, alarm);
    case 'CloudWatch Alarm Configuration Change':
      return configured(event, context, alarm);
    default:
      return null;
  }
};

const about = (event: Envelope, { locate, ...context }: Context, alarm: string) => ({
  subject: firstArn(event, 'cloudwatch') ?? resourceArn(event, 'cloudwatch', `alarm:${alarm}`, { locate, ...context }),
  located: locate.alarm(alarm),
});

/** The state's own time, to the millisecond: the envelope's has a resolution of a second. */
const stateTime = ({ detail, time }: Envelope): string | null =>
  instant(text(detail, 'state', 'timestamp')) ?? instant(time);

const stateChange = (event: Envelope, context: Context, alarm: string): Fact | null => {
  const { detail } = event;
  const value = text(detail, 'state', 'value');
  if (value === null) return null;
  const at = stateTime(event);
  return {
    kind: 'alarm.changed',
    ...about(event, context, alarm),
    key: [value, epoch(at) ?? text(detail, 'state', 'timestamp') ?? event.time],
    occurredAt: at,
    outcome: inWords(value),
    reason: text(detail, 'state', 'reason'),
    detail: {
      alarm,
      value,
      previous: text(detail, 'previousState', 'value'),
      reason: text(detail, 'state', 'reason'),
      at,
      suppressedBy: text(detail, 'state', 'actionsSuppressedBy'),
      ...present({ mutedBy: text(detail, 'muteDetail', 'mutedByArn') }),
    },
  };
};

const epoch = (at: string | null): number | null => (at === null ? null : Date.parse(at));

const contributor = (event: Envelope, context: Context, alarm: string): Fact | null => {
  const { detail } = event;
  const value = text(detail, 'state', 'value');
  const id = text(detail, 'alarmContributor', 'id');
  if (value === null || id === null) return null;
  const at = stateTime(event);
  return {
    kind: 'alarm-contributor.changed',
    ...about(event, context, alarm),
    key: ['contributor', id, value, epoch(at)],
    occurredAt: at,
    outcome: inWords(value),
    reason: text(detail, 'state', 'reason'),
    detail: { alarm, contributor: id, value, at },
  };
};

const outcomes: { [operation: string]: string } = { create: 'created', update: 'updated', delete: 'deleted' };

const configured = (event: Envelope, context: Context, alarm: string): Fact => ({
  kind: 'alarm.configured',
  ...about(event, context, alarm),
  occurredAt: instant(text(event.detail, 'configuration', 'timestamp')) ?? instant(event.time),
  outcome: outcomes[text(event.detail, 'operation') ?? ''] ?? null,
  detail: present({ alarm, operation: text(event.detail, 'operation') }),
});
