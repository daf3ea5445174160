import type { Envelope } from '../envelope.ts';
import type { Fact, Normaliser } from '../fact.ts';
import { inWords, isObject, present, text } from '../fields.ts';
import type { Kind } from '../kinds.ts';

/** CloudFormation User Guide, "Managing events with EventBridge": `source` is `aws.cloudformation`. */
export const cloudformation: Normaliser = (event) => {
  const said = statusOf(event);
  const subject = text(event.detail, 'stack-id') ?? text(event.detail, 'stack-set-arn') ?? event.resources[0] ?? null;
  const kind = kindOf(event.detailType, said.status);
  if (said.status === null || subject === null || kind === null) return null;
  return fact(event, kind, subject, { status: said.status, reason: said.reason });
};

/** In an event `status-details` is an object; drift detection has a status of its own in it. */
const statusOf = ({ detail }: Envelope): { status: string | null; reason: string | null } => {
  const details = isObject(detail['status-details']) ? detail['status-details'] : {};
  const status = text(details, 'status') ?? text(details, 'stack-drift-status') ?? text(details, 'detection-status');
  return { status: status ?? text(detail, 'status'), reason: text(details, 'status-reason') };
};

const kindsByType: { [detailType: string]: Kind } = {
  'CloudFormation Resource Status Change': 'stack-resource.changed',
  'CloudFormation Drift Detection Status Change': 'stack-drift.checked',
  'CloudFormation StackSet Status Change': 'stack-set.changed',
  'CloudFormation StackSet Operation Status Change': 'stack-set-operation.changed',
  'CloudFormation StackSet StackInstance Status Change': 'stack-instance.changed',
  'CloudFormation Hook Invocation Progress': 'stack-hook.changed',
};

const kindOf = (detailType: string, status: string | null): Kind | null =>
  detailType === 'CloudFormation Stack Status Change' && status !== null
    ? stackKind(status)
    : (kindsByType[detailType] ?? null);

/** `UPDATE_ROLLBACK_COMPLETE` is a failed change that was recovered from, never a success. */
const stackKind = (status: string): Kind => {
  const rollback = status.includes('ROLLBACK');
  if (status.endsWith('_FAILED')) return 'stack.failed';
  if (status.endsWith('_IN_PROGRESS')) return rollback ? 'stack.rolling-back' : 'stack.started';
  return rollback ? 'stack.rolled-back' : 'stack.succeeded';
};

type Said = { status: string; reason: string | null };

const fact = (event: Envelope, kind: Kind, subject: string, { status, reason }: Said): Fact => ({
  kind,
  subject,
  outcome: inWords(status),
  reason,
  detail: present({
    status,
    resource: text(event.detail, 'logical-resource-id'),
    physicalId: text(event.detail, 'physical-resource-id'),
    resourceType: text(event.detail, 'resource-type'),
    operation: text(event.detail, 'stack-set-operation-id'),
    clientRequestToken: text(event.detail, 'client-request-token'),
  }),
});
