import { isArnOf } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { inWords, isObject, type JsonObject, number, present, text } from '../fields.ts';
import { instant } from '../instant.ts';

/** Config Developer Guide, "Monitoring with EventBridge": `source` is `aws.config`. */
export const config: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'Config Configuration Item Change':
      return item(event, context);
    case 'Config Rules Compliance Change':
      return compliance(event, context);
    default:
      return null;
  }
};

/** An item too large for an event comes as a summary, without its configuration. */
const item = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const about = detail['configurationItem'] ?? detail['configurationItemSummary'];
  const id = text(about, 'resourceId');
  if (!isObject(about) || id === null) return null;
  const captured = text(about, 'configurationItemCaptureTime');
  return {
    kind: 'config-item.changed',
    subject: text(about, 'ARN') ?? resource(event, context, text(about, 'resourceType'), id),
    key: ['item', id, captured, number(about, 'configurationStateId')],
    occurredAt: instant(captured) ?? instant(event.time),
    outcome: outcomeOf(detail, about),
    detail: present({
      resource: id,
      resourceType: text(about, 'resourceType'),
      name: text(about, 'resourceName'),
      status: text(about, 'configurationItemStatus'),
      messageType: text(detail, 'messageType'),
    }),
  };
};

const outcomes: { [changeType: string]: string } = { CREATE: 'created', UPDATE: 'updated', DELETE: 'deleted' };

const outcomeOf = (detail: JsonObject, about: JsonObject): string | null =>
  outcomes[text(detail, 'configurationItemDiff', 'changeType') ?? text(about, 'changeType') ?? ''] ?? null;

/** Config's own way to name a resource, for those that have no ARN. */
const resource = (event: Envelope, { account }: Context, type: string | null, id: string): string =>
  isArnOf(id) ? id : `${event.account ?? account}/${type ?? '-'}/${id}`;

const compliance = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const [rule, id] = [text(detail, 'configRuleName'), text(detail, 'resourceId')];
  const value = text(detail, 'newEvaluationResult', 'complianceType');
  if (rule === null || id === null || value === null) return null;
  const recorded = text(detail, 'newEvaluationResult', 'resultRecordedTime');
  return {
    kind: 'compliance.changed',
    subject: resource(event, context, text(detail, 'resourceType'), id),
    key: ['compliance', rule, value, recorded ?? event.time],
    occurredAt: instant(recorded) ?? instant(event.time),
    outcome: inWords(value),
    reason: text(detail, 'newEvaluationResult', 'annotation'),
    detail: present({
      rule,
      resource: id,
      resourceType: text(detail, 'resourceType'),
      previous: text(detail, 'oldEvaluationResult', 'complianceType'),
    }),
  };
};
