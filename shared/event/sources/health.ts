import { firstArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Fact, Normaliser } from '../fact.ts';
import { isObject, isTrue, type JsonObject, list, number, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';
import { lookUp } from '../look-up.ts';

const kindsByStatus: { [statusCode: string]: Kind } = {
  open: 'health.open',
  upcoming: 'health.upcoming',
  closed: 'health.closed',
};

/**
 * Health User Guide, "EventBridge event schema for AWS Health": `source` is `aws.health`. What is said to be open stays
 * open here, also where the text says that it is resolved: that is for people to read.
 */
export const health: Normaliser = (event) => {
  const { detail } = event;
  const subject = text(detail, 'eventArn') ?? firstArn(event);
  const code = text(detail, 'eventTypeCode');
  if (!event.detailType.startsWith('AWS Health') || subject === null || code === null) return null;
  return {
    kind: kindOf(event),
    subject,
    ...keyOf(event),
    occurredAt: instant(detail['lastUpdatedTime']) ?? instant(event.time),
    outcome: text(detail, 'statusCode'),
    reason: description(event),
    detail: { ...present({ code, ...about(detail) }), entities: entities(detail) },
  };
};

const about = (detail: JsonObject) => ({
  service: text(detail, 'service'),
  category: text(detail, 'eventTypeCategory'),
  scope: text(detail, 'eventScopeCode'),
  eventRegion: text(detail, 'eventRegion'),
  affectedAccount: text(detail, 'affectedAccount'),
  begins: instant(detail['startTime']),
  ends: instant(detail['endTime']),
  actionability: text(detail, 'actionability'),
  personas: detail['personas'],
  page: number(detail, 'page'),
  pages: number(detail, 'totalPages'),
  backup: isTrue(detail, 'backupEvent') ? true : null,
});

/** So many are listed; the event has up to a thousand on each of its pages. */
const maxEntities = 100;

/** Not only ids: an entity may be a line of text with an id in it. */
const entities = (detail: JsonObject): JsonObject[] =>
  list(detail, 'affectedEntities')
    .filter(isObject)
    .slice(0, maxEntities)
    .map((entity) => present({ id: text(entity, 'entityValue'), status: text(entity, 'status') }));

const kindOf = ({ detail, detailType }: Envelope): Kind =>
  detailType === 'AWS Health Abuse Event'
    ? 'health.abuse-reported'
    : (lookUp(kindsByStatus, text(detail, 'statusCode')) ?? 'health.reported');

/** The same message is sent to backup Regions too: it is one by its communication, account and page. */
const keyOf = ({ detail, account }: Envelope): Pick<Fact, 'key'> => {
  const communication = text(detail, 'communicationId');
  if (communication === null) return {};
  return {
    key: [communication, text(detail, 'affectedAccount') ?? account, text(detail, 'page'), text(detail, 'statusCode')],
  };
};

const description = ({ detail }: Envelope): string | null => {
  const texts = list(detail, 'eventDescription').filter(isObject);
  const english = texts.find((one) => text(one, 'language')?.startsWith('en')) ?? texts[0];
  return text(english, 'latestDescription');
};
