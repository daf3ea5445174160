import { canonical } from '../../trail/canonical.ts';
import type { Instant } from '../../trail/entry.ts';
import { firstArn, resourceArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { at, inWords, isObject, type JsonObject, list, object, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import { readJson } from '../json.ts';
import { lookUp } from '../look-up.ts';

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

const about = (event: Envelope, context: Context, alarm: string) => ({
  subject: firstArn(event, 'cloudwatch') ?? resourceArn(event, 'cloudwatch', `alarm:${alarm}`, context),
  located: context.locate.alarm(alarm),
});

const stateChange = (event: Envelope, context: Context, alarm: string): Fact | null => {
  const { detail } = event;
  const value = text(detail, 'state', 'value');
  if (value === null) return null;
  const since = stateTime(event);
  return {
    kind: 'alarm.changed',
    ...about(event, context, alarm),
    ...keyOf(event, [value]),
    occurredAt: since,
    outcome: inWords(value),
    reason: text(detail, 'state', 'reason'),
    detail: {
      alarm,
      value,
      previous: text(detail, 'previousState', 'value'),
      reason: text(detail, 'state', 'reason'),
      at: since,
      suppressedBy: text(detail, 'state', 'actionsSuppressedBy'),
      ...present({ suppressedReason: text(detail, 'state', 'actionsSuppressedReason'), ...mute(event) }),
      ...watched(event),
    },
  };
};

/** The state's own time, to the millisecond: the envelope's has a resolution of a second. */
const stateTime = ({ detail, time }: Envelope): Instant | null =>
  instant(text(detail, 'state', 'timestamp')) ?? instant(time);

/**
 * A state is one fact by its value and its time, whichever way it comes: by EventBridge, to a Lambda function, to a
 * topic. Nobody but EventBridge is told while an alarm's actions are suppressed or muted. When that begins, changes or
 * ends, the state may be told again with the time it had: who holds the actions back is then part of the fact, so that
 * the later telling is not taken for the earlier one. Where no time is said at all, the whole content is the key.
 */
const keyOf = (event: Envelope, state: string[]): Pick<Fact, 'key'> => {
  const { detail, time } = event;
  const since = stateTime(event);
  const written = since === null ? (text(detail, 'state', 'timestamp') ?? time) : Date.parse(since);
  return written === null ? {} : { key: [...state, written, ...heldBack(event)] };
};

const heldBack = (event: Envelope): (string | null)[] => {
  const { mutedBy, mutedFrom } = mute(event);
  const by = [text(event.detail, 'state', 'actionsSuppressedBy'), mutedBy, mutedFrom];
  return by.every((part) => part === null) ? [] : by;
};

const mute = ({ detail }: Envelope) => ({
  mutedBy: text(detail, 'muteDetail', 'mutedByArn'),
  mutedFrom: instant(text(detail, 'muteDetail', 'muteWindowStart')),
  mutedUntil: instant(text(detail, 'muteDetail', 'muteWindowEnd')),
});

/** An alarm has at most ten metrics, and a composite one a hundred others. Of those that made it change, so many. */
const maxMetrics = 10;
const maxTriggers = 20;

/** What an alarm looks at: metrics, with the dimensions that say of what; or other alarms, by a rule. */
const watched = ({ detail }: Envelope): JsonObject => {
  const configuration = object(detail, 'configuration');
  const metrics = list(configuration, 'metrics')
    .map((one) => object(one, 'metricStat', 'metric'))
    .filter((metric) => text(metric, 'namespace') !== null)
    .slice(0, maxMetrics);
  const triggers = triggeringAlarms(text(detail, 'state', 'reasonData'));
  return present({
    rule: text(configuration, 'alarmRule'),
    triggeredBy: triggers.length === 0 ? null : triggers,
    metrics: metrics.length === 0 ? null : metrics,
    evaluation: text(detail, 'state', 'evaluationState'),
  });
};

/** The reason of a composite alarm holds, as JSON in a text, the alarms that made it change. */
const triggeringAlarms = (reasonData: string | null): string[] => {
  const read = readJson(reasonData ?? '');
  const alarms = 'value' in read && isObject(read.value) ? list(read.value, 'triggeringAlarms') : [];
  return alarms.flatMap((alarm) => text(alarm, 'arn') ?? []).slice(0, maxTriggers);
};

const contributor = (event: Envelope, context: Context, alarm: string): Fact | null => {
  const { detail } = event;
  const value = text(detail, 'state', 'value');
  const id = text(detail, 'alarmContributor', 'id');
  if (value === null || id === null) return null;
  return {
    kind: 'alarm-contributor.changed',
    ...about(event, context, alarm),
    ...keyOf(event, ['contributor', id, value]),
    occurredAt: stateTime(event),
    outcome: inWords(value),
    reason: text(detail, 'state', 'reason'),
    detail: {
      alarm,
      contributor: id,
      value,
      at: stateTime(event),
      ...present({ attributes: object(detail, 'alarmContributor', 'attributes'), ...mute(event) }),
    },
  };
};

const outcomes: { [operation: string]: string } = { create: 'created', update: 'updated', delete: 'deleted' };

/** A configuration's own time is when it was last written: that of a deleted one is not when it was deleted. */
const configured = (event: Envelope, context: Context, alarm: string): Fact => {
  const { detail, time } = event;
  const operation = text(detail, 'operation');
  const written = operation === 'delete' ? null : instant(text(detail, 'configuration', 'timestamp'));
  const changed = isObject(detail['previousConfiguration']) ? changedFields(detail) : null;
  const actionsEnabled = object(detail, 'configuration')['actionsEnabled'];
  return {
    kind: 'alarm.configured',
    ...about(event, context, alarm),
    occurredAt: written ?? instant(time),
    actor: { type: 'unknown' }, // somebody's call, which the event does not tell of
    outcome: lookUp(outcomes, operation),
    detail: { ...present({ alarm, operation, changed, actionsEnabled }), ...watched(event) },
  };
};

/** What an update changed. Metrics get new ids whenever an alarm is written, and every configuration its time. */
const changedFields = (detail: JsonObject): string[] => {
  const [before, after] = [plain(object(detail, 'previousConfiguration')), plain(object(detail, 'configuration'))];
  const names = Object.keys({ ...before, ...after }).filter((name) => name !== 'timestamp');
  return names.filter((name) => valueOf(before, name) !== valueOf(after, name)).toSorted();
};

const valueOf = (configuration: JsonObject, name: string): string => canonical(at(configuration, name) ?? null);

const plain = (configuration: JsonObject): JsonObject => {
  const metrics = list(configuration, 'metrics').map((metric) => (isObject(metric) ? { ...metric, id: '' } : metric));
  return { ...configuration, metrics };
};
