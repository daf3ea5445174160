import { canaryDetailType } from '../../watch/canary.ts';
import { arnOf } from '../arn.ts';
import type { Normaliser } from '../fact.ts';
import { text } from '../fields.ts';
import { instant } from '../instant.ts';

/** An event of ours, about the bus it comes by. One canary is one by when it was sent. */
export const canary: Normaliser = (event, context) => {
  const sent = instant(text(event.detail, 'sent'));
  if (event.detailType !== canaryDetailType || sent === null) return null;
  const subject = arnOf(event, 'events', 'event-bus/default', context);
  return { kind: 'canary.arrived', subject, key: ['canary', sent], occurredAt: sent, detail: {} };
};
