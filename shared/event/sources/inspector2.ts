import { accountArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { list, number, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';
import { imageScan } from './image-scan.ts';

/** Inspector User Guide, "EventBridge event schema": `source` is `aws.inspector2`. */
export const inspector2: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'Inspector2 Finding':
      return finding(event);
    case 'Inspector2 Scan':
      return imageScan(event, context);
    case 'Inspector2 Coverage':
      return coverage(event, context);
    case 'Inspector2 AutoEnable':
      return enabled(event, context);
    default:
      return null;
  }
};

const findingKinds: { [status: string]: Kind } = {
  ACTIVE: 'finding.active',
  CLOSED: 'finding.closed',
  SUPPRESSED: 'finding.suppressed',
};

const finding = (event: Envelope): Fact | null => {
  const { detail } = event;
  const [arn, status] = [text(detail, 'findingArn'), text(detail, 'status') ?? ''];
  const kind = findingKinds[status];
  if (arn === null || kind === undefined) return null;
  const updated = text(detail, 'updatedAt') ?? text(detail, 'lastObservedAt');
  return {
    kind,
    subject: arn,
    key: [status.toLowerCase(), updated ?? event.time],
    occurredAt: instant(updated) ?? instant(event.time),
    outcome: status.toLowerCase(),
    reason: text(detail, 'title'),
    detail: present({
      finding: arn,
      severity: text(detail, 'severity'),
      type: text(detail, 'type'),
      score: number(detail, 'inspectorScore'),
      vulnerability: text(detail, 'packageVulnerabilityDetails', 'vulnerabilityId'),
      fixAvailable: text(detail, 'fixAvailable'),
      exploitAvailable: text(detail, 'exploitAvailable'),
      resource: text(list(detail, 'resources')[0], 'id'),
    }),
  };
};

/** What is covered is an ARN or, for an instance, its bare id. */
const coverage = (event: Envelope, context: Context): Fact => ({
  kind: 'coverage.changed',
  subject: event.resources[0] ?? own(event, context),
  occurredAt: instant(event.detail['eventTimestamp']) ?? instant(event.time),
  outcome: text(event.detail, 'scanStatus', 'statusCodeValue')?.toLowerCase() ?? null,
  reason: text(event.detail, 'scanStatus', 'reason'),
  detail: present({ scanType: text(event.detail, 'scanType') }),
});

const enabled = (event: Envelope, context: Context): Fact => ({
  kind: 'scanning.enabled',
  subject: own(event, context),
  outcome: text(event.detail, 'status')?.toLowerCase() ?? null,
  reason: text(event.detail, 'errorMessage') ?? text(event.detail, 'reason'),
  detail: {},
});

const own = (event: Envelope, context: Context): string =>
  accountArn(event.account ?? context.account, event.region ?? context.region);
