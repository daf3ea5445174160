import type { AwsEvent, Envelope } from './envelope.ts';
import { isObject, text } from './fields.ts';
import { readJson } from './json.ts';
import { lookUp } from './look-up.ts';

/** Config's messages by their own names for them, and by EventBridge's. */
const detailTypes: { [messageType: string]: string } = {
  ConfigurationItemChangeNotification: 'Config Configuration Item Change',
  OversizedConfigurationItemChangeNotification: 'Config Configuration Item Change',
  ComplianceChangeNotification: 'Config Rules Compliance Change',
  ConfigRulesEvaluationStarted: 'Config Rules Re-evaluation Status',
  ScheduledNotification: 'Config Rules Re-evaluation Status',
  ConfigurationSnapshotDeliveryStarted: 'Config Configuration Snapshot Delivery Status',
  ConfigurationSnapshotDeliveryCompleted: 'Config Configuration Snapshot Delivery Status',
  ConfigurationSnapshotDeliveryFailed: 'Config Configuration Snapshot Delivery Status',
  ConfigurationHistoryDeliveryCompleted: 'Config Configuration History Delivery Status',
};

/**
 * What Config tells a topic, or gives to the function of a custom rule: the message is the detail that EventBridge sends.
 *
 * @returns null where it is none of Config's messages
 */
export const configMessage = (event: AwsEvent, via: string[]): Envelope | null => {
  const { invokingEvent, ...invocation } = event;
  if (typeof invokingEvent !== 'string') return envelopeOf(event, {}, [...via, 'config-topic']);
  const read = readJson(invokingEvent);
  const message = 'value' in read && isObject(read.value) ? read.value : {};
  return envelopeOf(message, invocation, [...via, 'config-rule']);
};

const envelopeOf = (message: AwsEvent, beside: AwsEvent, via: string[]): Envelope | null => {
  const detailType = lookUp(detailTypes, text(message, 'messageType'));
  if (detailType === null) return null;
  const item = message['configurationItem'] ?? message['configurationItemSummary'] ?? message;
  return {
    source: 'aws.config',
    detailType,
    id: null,
    account: text(beside, 'accountId') ?? text(item, 'awsAccountId'),
    region: text(item, 'awsRegion'),
    time: text(message, 'notificationCreationTime'),
    resources: [],
    detail: message,
    beside,
    via,
  };
};
