import type { Actor } from '../../trail/entry.ts';
import { serviceActor } from '../actor.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { inWords, isObject, type JsonObject, number, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';

/**
 * CloudFormation User Guide, "Managing events with EventBridge": `source` is `aws.cloudformation`. The envelope's Region
 * was seen to be another than the stack's: the subject, which is the stack's ARN, has the right one.
 */
export const cloudformation: Normaliser = (event, context) => {
  const { detail } = event;
  const said = saidIn(event);
  const subject = text(detail, 'stack-id') ?? text(detail, 'stack-set-arn') ?? event.resources[0] ?? null;
  const kind = kindOf(event.detailType, said.status);
  if (said.status === null || subject === null || kind === null) return null;
  const isTold = kind.startsWith('stack.') || kind === 'stack-resource.changed';
  return {
    kind,
    subject,
    ...(isTold ? { key: keyOf(event, said) } : {}),
    actor: kind === 'stack.started' ? askedBy(event, context) : service,
    outcome: inWords(said.status),
    located: context.locate.stack(stackNamed(subject)),
    reason: said.reason,
    detail: { ...detailOf(event), ...present({ status: said.status, detailedStatus: said.detailed }) },
  };
};

/** `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID`. */
const stackNamed = (arn: string): string => arn.split('/')[1] ?? '';

const service = serviceActor('cloudformation.amazonaws.com');

type Said = { status: string | null; reason: string | null; detailed: string | null };

/** In an event `status-details` is an object; drift detection has statuses of its own in it, and drift only at its end. */
const saidIn = ({ detail }: Envelope): Said => {
  const details = isObject(detail['status-details']) ? detail['status-details'] : {};
  const detection = text(details, 'detection-status');
  const drift = detection === null || detection === 'DETECTION_COMPLETE' ? text(details, 'stack-drift-status') : null;
  return {
    status: text(details, 'status') ?? drift ?? detection ?? text(detail, 'status'),
    reason: text(details, 'status-reason') ?? text(details, 'detection-status-reason'),
    detailed: text(details, 'detailed-status'),
  };
};

const kindsByType = new Map<string, Kind>([
  ['CloudFormation Resource Status Change', 'stack-resource.changed'],
  ['CloudFormation Drift Detection Status Change', 'stack-drift.checked'],
  ['CloudFormation StackSet Status Change', 'stack-set.changed'],
  ['CloudFormation StackSet Operation Status Change', 'stack-set-operation.changed'],
  ['CloudFormation StackSet StackInstance Status Change', 'stack-instance.changed'],
  ['CloudFormation Hook Invocation Progress', 'stack-hook.changed'],
]);

const kindOf = (detailType: string, status: string | null): Kind | null =>
  detailType === 'CloudFormation Stack Status Change' && status !== null
    ? stackKind(status)
    : (kindsByType.get(detailType) ?? null);

/**
 * `UPDATE_ROLLBACK_COMPLETE` is a failed change that was recovered from, never a success. While resources that are no
 * longer needed are removed (`..._COMPLETE_CLEANUP_IN_PROGRESS`), the change itself is over.
 */
const stackKind = (status: string): Kind => {
  const rollback = status.includes('ROLLBACK');
  if (status.endsWith('_FAILED')) return 'stack.failed';
  if (status.endsWith('_IN_PROGRESS') && !status.includes('_COMPLETE_'))
    return rollback ? 'stack.rolling-back' : 'stack.started';
  return rollback ? 'stack.rolled-back' : 'stack.succeeded';
};

/**
 * The event and the message to a topic tell the same; the message's time has milliseconds, so the second counts. A
 * resource has the same status twice within one: with another reason, or when its physical id is known.
 */
const keyOf = ({ detail, time }: Envelope, { status, reason, detailed }: Said): Fact['key'] => {
  const named = ['logical-resource-id', 'physical-resource-id', 'client-request-token'].map((key) => text(detail, key));
  return [status, detailed, ...named, reason, instant(time)?.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length) ?? time];
};

/**
 * Who asked for a change of a stack only the message to a topic says, by the id of a user (`AIDA...`) or of a role and
 * its session (`AROA...:ada`); the call knows their ARN.
 */
const askedBy = ({ beside }: Envelope, { identitiesVerified: verified }: Context): Actor => {
  const principal = text(beside, 'PrincipalId');
  const [id = '', session] = principal?.split(':') ?? [];
  if (/^AIDA[A-Z0-9]{8,32}$/.test(id)) return { type: 'person', id, name: id, verified };
  if (principal === null || session === undefined || !/^AROA[A-Z0-9]{8,32}$/.test(id)) return { type: 'unknown' };
  return { type: 'role-session', id: principal, role: id, session };
};

const detailOf = ({ detail, beside }: Envelope): JsonObject =>
  present({
    resource: text(detail, 'logical-resource-id'),
    physicalId: text(detail, 'physical-resource-id'),
    resourceType: text(detail, 'resource-type'),
    operation: text(detail, 'stack-set-operation-id'),
    detection: text(detail, 'stack-drift-detection-id'),
    driftedResources: number(detail, 'drift-detection-details', 'drifted-stack-resource-count'),
    clientRequestToken: text(detail, 'client-request-token'),
    principal: text(beside, 'PrincipalId'),
  });
