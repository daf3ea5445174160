import { firstArn } from '../arn.ts';
import type { Normaliser } from '../fact.ts';

/** EventBridge User Guide, "Creating a rule that runs on a schedule": `source` is `aws.events`. */
export const events: Normaliser = (event) => {
  const rule = firstArn(event, 'events');
  if (event.detailType !== 'Scheduled Event' || rule === null || event.time === null) return null;
  return { kind: 'schedule.fired', subject: rule, key: ['fired', event.time], outcome: 'fired', detail: {} };
};
