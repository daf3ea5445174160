import type { Json } from '../trail/entry.ts';
import { configMessage } from './config-message.ts';
import { type AwsEvent, type Envelope, withoutSource } from './envelope.ts';
import { isListOfEvents, isObject, type JsonObject, list, object, present, text } from './fields.ts';
import { impliedSource } from './implied-source.ts';
import { readJson } from './json.ts';
import { regionNamed } from './regions.ts';
import { replayField } from './replay.ts';
import { restated } from './restate.ts';
import { readStackLines } from './stack-lines.ts';
import { isTrailRecord, toldOf } from './trail-record.ts';

/**
 * Wrappers within wrappers (a list of SQS of SNS of an event) are followed this far, and this many events taken from one
 * message: a file of CloudTrail records of the shortest kind has about as many before it is longer than a message.
 */
const maxWrappers = 6;
const maxEvents = 2_000;

/**
 * Takes events out of the wrappers that AWS puts around them: EventBridge's own envelope, the notification-rule form,
 * SNS and SQS, CloudTrail's `Records`, a list, and the payloads that alarms, approvals and Config send past EventBridge.
 *
 * @returns one envelope for each event in it; an object that is nothing of the kind is one envelope by itself
 */
export const unwrap = (event: AwsEvent | Json[]): Envelope[] => {
  const envelopes = opened(event, [], null);
  return envelopes.length > 0 && envelopes.length <= maxEvents ? envelopes : [unknownThing(event, [])];
};

/** What a wrapper says of a replay, all in it is said of. */
const opened = (value: Json, via: string[], replay: Json): Envelope[] => {
  if (!isObject(value)) return within(value, via, replay);
  const { [replayField]: name, ...event } = value;
  const replayed = name ?? replay;
  const known = envelopeOf(event, via);
  return known === null ? within(event, via, replayed) : [marked(known, replayed)];
};

const within = (value: Json, via: string[], replayed: Json): Envelope[] => {
  const inner = via.length < maxWrappers ? contents(value) : null;
  if (inner === null || inner.values.length === 0) return [marked(unknownThing(value, via), replayed)];
  return inner.values.flatMap((item) => opened(item, [...via, inner.wrapper], replayed));
};

const marked = (event: Envelope, replayed: Json): Envelope =>
  replayed === null ? event : { ...event, beside: { ...event.beside, [replayField]: replayed } };

const envelopeOf = (event: AwsEvent, via: string[]): Envelope | null => {
  if (text(event, 'detail-type') !== null) return fromBridge(event, 'detail-type', via);
  if (text(event, 'detailType') !== null) return fromBridge(event, 'detailType', [...via, 'notification-rule']);
  if (isTrailRecord(event)) return fromTrail(event, via);
  return fromOtherForms(event, via);
};

const envelopeKeys = new Set(['version', 'id', 'source', 'account', 'time', 'region']);

const fromBridge = (event: AwsEvent, typeKey: string, via: string[]): Envelope => {
  const said = text(event, 'source');
  const implied = said === null ? impliedSource(text(event, typeKey) ?? '', object(event, 'detail')) : null;
  return {
    ...asSaid(event, typeKey, implied === null ? via : [...via, withoutSource]),
    source: said ?? implied ?? 'unknown',
  };
};

const asSaid = (event: AwsEvent, typeKey: string, via: string[]): Omit<Envelope, 'source'> => ({
  detailType: text(event, typeKey) ?? '',
  id: text(event, 'id'),
  account: text(event, 'account'),
  region: text(event, 'region'),
  time: text(event, 'time'),
  resources: list(event, 'resources').filter((resource) => typeof resource === 'string'),
  detail: object(event, 'detail'),
  beside: besides(event, typeKey),
  via,
});

/** What is no part of the envelope; and what is, but is not of its type and could not be read as that. */
const besides = (event: AwsEvent, typeKey: string): JsonObject =>
  Object.fromEntries(
    Object.entries(event).filter(([key, value]) => {
      if (key === typeKey) return typeof value !== 'string';
      if (key === 'detail') return !isObject(value);
      if (key === 'resources') return !(Array.isArray(value) && value.every((arn) => typeof arn === 'string'));
      return !(envelopeKeys.has(key) && (typeof value === 'string' || value === null));
    }),
  );

/** A bare record, as CloudTrail writes it to S3: what EventBridge would send as the detail. */
const fromTrail = (record: AwsEvent, via: string[]): Envelope => ({
  ...nothing,
  ...toldOf(record),
  detail: record,
  via: [...via, 'cloudtrail-record'],
});

const fromOtherForms = (event: AwsEvent, via: string[]): Envelope | null => {
  if (text(event, 'alarmArn') !== null && isObject(event['alarmData'])) return fromAlarmAction(event, via);
  if (text(event, 'AlarmName') !== null && text(event, 'NewStateValue') !== null) return fromAlarmTopic(event, via);
  if (text(event, 'approval', 'pipelineName') !== null) return fromApproval(event, via);
  return configMessage(event, via);
};

/** What an alarm sends to a Lambda function. */
const fromAlarmAction = (event: AwsEvent, via: string[]): Envelope => ({
  ...nothing,
  source: 'aws.cloudwatch',
  detailType: 'CloudWatch Alarm State Change',
  account: text(event, 'accountId'),
  region: text(event, 'region'),
  time: text(event, 'time'),
  resources: [text(event, 'alarmArn') ?? ''],
  detail: object(event, 'alarmData'),
  via: [...via, 'alarm-action'],
});

/** What an alarm sends to an SNS topic. Older ones name no ARN, and the Region only as people are told of it. */
const fromAlarmTopic = (event: AwsEvent, via: string[]): Envelope => ({
  ...nothing,
  source: 'aws.cloudwatch',
  detailType: 'CloudWatch Alarm State Change',
  account: text(event, 'AWSAccountId'),
  region: regionOfAlarm(event, via),
  time: text(event, 'StateChangeTime'),
  resources: [event['AlarmArn'] ?? []].flat().filter((arn) => typeof arn === 'string'),
  detail: {
    alarmName: event['AlarmName'] ?? null,
    state: {
      value: event['NewStateValue'] ?? null,
      reason: event['NewStateReason'] ?? null,
      timestamp: event['StateChangeTime'] ?? null,
    },
    previousState: { value: event['OldStateValue'] ?? null },
    configuration: present({ alarmRule: event['AlarmRule'] }),
  },
  beside: event,
  via: [...via, 'alarm-topic'],
});

/** An alarm's topic is in its own Region; where even that is not said, the envelope has none and it is ours. */
const regionOfAlarm = (event: AwsEvent, via: string[]): string | null =>
  text(event, 'AlarmArn')?.split(':')[3] ??
  regionNamed(text(event, 'Region') ?? '') ??
  via.findLast((wrapper) => wrapper.startsWith('sns arn:'))?.split(':')[3] ??
  null;

/** What CodePipeline sends to an SNS topic when an approval is waited for. */
const fromApproval = (event: AwsEvent, via: string[]): Envelope => ({
  ...nothing,
  source: 'aws.codepipeline',
  detailType: 'CodePipeline Approval Request',
  region: text(event, 'region'),
  detail: event,
  via: [...via, 'approval-topic'],
});

type Contents = { wrapper: string; values: Json[] };

/**
 * What an SNS or SQS message carries, or the records of a batch; null where it carries nothing that can be opened. What
 * is in a batch is taken whatever it is, and so is what stands beside it.
 */
const contents = (event: Json): Contents | null => {
  if (Array.isArray(event)) return { wrapper: 'list', values: event };
  if (!isObject(event)) return null;
  const told = restated(event);
  if (told !== null) return told;
  const { Records: records, ...beside } = event;
  if (isListOfEvents(records))
    return { wrapper: 'records', values: [...records, ...(isEmpty(beside) ? [] : [beside])] };
  if (isObject(event['Sns'])) return { wrapper: 'lambda', values: [event['Sns']] };
  const topic = text(event, 'TopicArn');
  if (topic !== null) return carried(event['Message'], `sns ${topic}`);
  if (text(event, 'messageId') !== null) return carried(event['body'], 'sqs');
  return text(event, 'MessageId') === null ? null : carried(event['Body'], 'sqs');
};

const isEmpty = (object: JsonObject): boolean => Object.keys(object).length === 0;

const carried = (body: Json | undefined, wrapper: string): Contents | null => {
  if (typeof body !== 'string') return null;
  const read = readJson(body);
  const value = 'value' in read ? read.value : readStackLines(body);
  return isObject(value) || isListOfEvents(value) ? { wrapper, values: [value] } : null;
};

const nothing: Envelope = {
  source: 'unknown',
  detailType: '',
  id: null,
  account: null,
  region: null,
  time: null,
  resources: [],
  detail: {},
  beside: {},
  via: [],
};

/** JSON, and nothing that we know: kept whole. In a list that may be a text or a number. */
const unknownThing = (value: Json, via: string[]): Envelope => strange(isObject(value) ? value : { item: value }, via);

const strange = (event: AwsEvent, via: string[]): Envelope => ({
  ...nothing,
  source: text(event, 'source') ?? 'unknown',
  id: text(event, 'id'),
  account: text(event, 'account'),
  region: text(event, 'region'),
  time: text(event, 'time'),
  resources: list(event, 'resources').filter((resource) => typeof resource === 'string'),
  detail: object(event, 'detail'),
  beside: besides(event, 'detail-type'),
  via,
});
