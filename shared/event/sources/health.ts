import { firstArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Fact, Normaliser } from '../fact.ts';
import { isObject, list, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';

const kindsByStatus: { [statusCode: string]: Kind } = {
  open: 'health.open',
  upcoming: 'health.upcoming',
  closed: 'health.closed',
};

/** Health User Guide, "EventBridge event schema for AWS Health": `source` is `aws.health`. */
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
    detail: present({
      code,
      service: text(detail, 'service'),
      category: text(detail, 'eventTypeCategory'),
      eventRegion: text(detail, 'eventRegion'),
      affectedAccount: text(detail, 'affectedAccount'),
      entities: list(detail, 'affectedEntities')
        .flatMap((entity) => text(entity, 'entityValue') ?? [])
        .slice(0, 100),
    }),
  };
};

const kindOf = ({ detail, detailType }: Envelope): Kind =>
  detailType === 'AWS Health Abuse Event'
    ? 'health.abuse-reported'
    : (kindsByStatus[text(detail, 'statusCode') ?? ''] ?? 'health.reported');

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
